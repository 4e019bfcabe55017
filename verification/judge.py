"""The common form of a judged experiment, and the table over all of them.

An experiment is a small declaration: what it mimics, what is run, and the lines that are checked. Files ``experiments/dNN_name.py`` each hold one,
under the name ``EXPERIMENT``; they are found over that folder. Every line gets one mark:

    direction     in 80 % of the draws the paired relative change has the sign and is 5 % or more (``0``: is below 5 %); fail: in 80 % it is not so     pass, fail, not called
    order         neighbours differ in the median by 5 % in the right direction; near: none is reversed   pass, near, fail
    magnitude     the median lies in the published range; near: within a factor outside it                pass, near, fail
    if delivered  a direction under imposed copies: the network apart from carry                          pass, fail, not called
    control       a negative control: every draw stays null                                               pass, empty, fail
    dispute       works report both signs: shown, not scored

A control is *empty* where what was treated stays within the same bound in 80 % of the draws: nothing was there to be absent. Controls that the arm cannot
break, since it lacks what is read, are *null by construction* and say so. Draws that repeat those of an earlier line are one result: *repeats*, counted once.
A magnitude whose 5 to 95 % interval meets the published range and is more than ten times as wide *says little*.

**Own measurements.** The library is the shipped one without every record of the experiment's own source. Where a quantity has no other record, its own
stays (``kept``), and every line that moves by 5 % or more when a kept record is divided by three rests on it: that line is *calibration* and is never
scored. An experiment that declares ``calibration`` is calibration as a whole.

**Carry** is the mark of every report of the scenario that names the experiment and says a difference at the given dose (not under imposed copies). *Not
carried* is kept only where the lower end of an interval of the gap's q05 (order statistics, 95 % one-sided) is above one order too, else it is undetermined:
the 5 % point of a hundred draws is itself uncertain. With no report it is undetermined too. Where it is not carried the experiment is *unexplained*, and a
line that fails because nothing comes through is listed with that and not as a failure: an effect (a line that depends on carry, as it declares; a direction
does) of which nothing is seen. Controls, what is asked if delivered, and effects the other way are never excused.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from vesicle.errors import ModelError
from vesicle.evidence import Library, shipped
from vesicle.evidence.claim import NO_SOURCE
from vesicle.evidence.measurement import Measurement
from vesicle.prediction.ensemble import SURE
from vesicle.readouts.ensemble import Array, Ensemble
from vesicle.readouts.verdict import CARRIED_GAP, NO_DIFFERENCE, relative_change
from vesicle.runs import documents
from vesicle.runs.execute import Outcome, execute

FOLDER = Path(__file__).parent / "experiments"
PAGE = Path(__file__).parent.parent / "docs" / "verification.md"
RESULTS = Path(__file__).parent / "RESULTS.tsv"
SAMPLES = 100
MOVED_SAMPLES = 20
MOVED_BY = 3.0
"""A kept record is divided by this to see which lines rest on it."""
NEAR = 2.0
DELIVERED = "if delivered"
"""A line under imposed copies."""
WIDE = 10.0
"""A magnitude says little where its interval is this many times as wide as the published range, both as ratios."""
UNLIKELY = 0.05
"""How often the true 5 % point of a gap may lie below the order statistic that stands for it."""
EMPTY, REPEATS = "empty", "repeats"
MARKS = ("pass", "near", "fail", "not called", EMPTY, REPEATS)
UNSCORED = ("dispute", "shown")
UNSCORED_MARKS = ("disputed", "shown")
CARRIED, NOT_CARRIED, UNDETERMINED = "carried", "not carried", "undetermined"
NO_GAP = f"{UNDETERMINED} (no gap to ask for)"
BY_CONSTRUCTION = "null by construction"
Measured = Callable[[Any], Array]


@dataclass(frozen=True)
class Expected:
    """What a line must show: its kind, the words of it, how draws become a mark, and the bound of a control or the published range of a magnitude."""

    kind: str
    words: str
    mark: Callable[[Array], str]
    bound: float = 0.0
    published: tuple[float, float] = (0.0, np.inf)


@dataclass(frozen=True)
class Line:
    """One thing that is checked.

    Attributes
    ----------
    what : in words.
    of : what was run -> (n,) draws, nan where one failed, or (n_arm, n) for an order.
    expects : see :func:`direction`, :func:`order`, :func:`magnitude`, :func:`null`, :func:`disputed`.
    own : records that came from the work behind this line, where an experiment has several; they stay in the library, and the line is calibration if they move it.
    calibration : why this line is calibration whatever moves it (a number of the work stands in the scenario), or empty.
    effect : whether it depends on carry: it fails where nothing comes through. None: a direction does, no other kind.
    treated : for a control, the change that it is to lack, in the arm that has it.
    """

    what: str
    of: Measured
    expects: Expected
    own: tuple[str, ...] = ()
    calibration: str = ""
    effect: bool | None = None
    treated: Measured | None = None

    @property
    def depends_on_carry(self) -> bool:
        """Whether it can fail for want of carry; a control never does."""
        if self.expects.kind in ("control", DELIVERED):
            return False
        return self.expects.kind == "direction" if self.effect is None else self.effect


@dataclass(frozen=True)
class Experiment:
    """A published experiment to be judged.

    Attributes
    ----------
    id, title, reference : D-number, in words, and the key of the work.
    lines : what is checked; negative controls are among them.
    scenario, changes : what is run, with ``--set`` changes.
    perform : instead of a scenario, (library, samples) -> anything that the lines read.
    own : further reference keys whose records are left out as well.
    calibration : why it is calibration as a whole, or empty.
    note : what a reader must know.
    not_judged : what the list of published experiments asks and no line does, and why.
    """

    id: str
    title: str
    reference: str
    lines: tuple[Line, ...]
    scenario: str = ""
    changes: Mapping[str, str] = field(default_factory=dict)
    perform: Callable[[Library, int], Any] | None = None
    own: tuple[str, ...] = ()
    calibration: str = ""
    note: str = ""
    not_judged: str = ""

    def run(self, library: Library, samples: int) -> Any:
        """What the lines read: the outcome of the scenario, or what ``perform`` gives."""
        if self.perform is not None:
            return self.perform(library, samples)
        return execute(self.scenario, samples=samples, library=library, changes=dict(self.changes))


@dataclass(frozen=True)
class Marked:
    """A line with its mark and interval; ``calibration`` names the kept records that it rests on."""

    line: Line
    mark: str
    interval: tuple[float, float, float]
    calibration: tuple[str, ...] = ()

    @property
    def is_control(self) -> bool:
        """A negative control."""
        return self.line.expects.kind == "control"

    @property
    def says_little(self) -> bool:
        """Whether the interval of a magnitude is many times as wide as the published range, and meets it."""
        low, high = self.line.expects.published
        if self.line.expects.kind != "magnitude" or not 0 < low < high < np.inf:
            return False
        first, _, last = self.interval
        return first <= high and last >= low and last > WIDE * high / low * max(first, 0.0)

    @property
    def shows_nothing(self) -> bool:
        """Whether an effect is absent, not the other way: a direction below 5 % in the median."""
        return self.line.expects.kind != "direction" or abs(self.interval[1]) < NO_DIFFERENCE


@dataclass(frozen=True)
class Judgement:
    """One experiment, judged."""

    experiment: Experiment
    lines: tuple[Marked, ...]
    kept: tuple[str, ...]
    carry: tuple[str, ...]
    unexplained: bool
    samples: int
    used: tuple[str, ...] = ()

    @property
    def judged(self) -> list[Marked]:
        """The lines that rest on no measurement of the experiment's own source."""
        scored = [m for m in self.lines if m.line.expects.kind not in UNSCORED]
        return [] if self.experiment.calibration else [m for m in scored if not m.calibration]

    @property
    def counts_as(self) -> str:
        """judged, partly (some lines are calibration) or calibration."""
        if not self.judged or all(m.line.expects.kind == "control" for m in self.judged):
            return "calibration"
        return "partly" if any(m.calibration for m in self.lines) else "judged"

    @property
    def failures(self) -> list[Marked]:
        """Judged lines that fail, but for those that are absent for want of carry."""
        return [m for m in self.judged if m.mark == "fail" and m not in self.absent]

    @property
    def absent(self) -> list[Marked]:
        """Judged lines that fail because nothing comes through: effects of which nothing is seen, in an unexplained experiment."""
        return [m for m in self.judged if self.unexplained and m.mark == "fail" and m.line.depends_on_carry and m.shows_nothing]


def direction(sign: str) -> Expected:
    """A paired relative change has a sign and 5 % or more in most draws; ``0``: less than 5 %. Called either way from 80 % of the draws."""

    def mark(draws: Array) -> str:
        found = float(np.mean(np.abs(draws) < NO_DIFFERENCE if sign == "0" else draws * {"+": 1, "-": -1}[sign] >= NO_DIFFERENCE)) if draws.size else 0.0
        return "pass" if found >= SURE else ("fail" if found <= 1 - SURE + 1e-12 else "not called")

    words = {"+": f"rises by {NO_DIFFERENCE:.0%}", "-": f"falls by {NO_DIFFERENCE:.0%}", "0": f"no difference (below {NO_DIFFERENCE:.0%})"}[sign]
    return Expected("direction", f"{words} in {SURE:.0%} of draws", mark)


def if_delivered(sign: str) -> Expected:
    """A direction under copies that are imposed; the same bound for all signs."""
    return replace(direction(sign), kind=DELIVERED)


def order(words: str) -> Expected:
    """Rows of an (n_arm, n) array rise from the first to the last, draw against draw."""

    def mark(draws: Array) -> str:
        with np.errstate(divide="ignore", invalid="ignore"):
            steps = np.nanmedian(draws[1:] / draws[:-1], axis=1) - 1
        if np.all(steps >= NO_DIFFERENCE):
            return "pass"
        return "near" if np.all(steps > -NO_DIFFERENCE) and np.any(steps >= NO_DIFFERENCE) else "fail"

    return Expected("order", words, mark)


def magnitude(low: float, high: float, near: float = NEAR) -> Expected:
    """The median lies in a range of positive numbers, or within a factor outside it."""

    def mark(draws: Array) -> str:
        middle = float(np.nanmedian(draws))
        if low <= middle <= high:
            return "pass"
        return "near" if low / near <= middle <= high * near else "fail"

    return Expected("magnitude", f"{low:g} to {high:g} (near: within a factor {near:g})", mark, published=(low, high))


def null(below: float = NO_DIFFERENCE, by_construction: bool = False) -> Expected:
    """A negative control: no draw goes beyond a bound, either way. By construction: the arm lacks what is read, and cannot fail."""

    def mark(draws: Array) -> str:
        return "pass" if draws.size and bool(np.all(np.abs(draws) < below)) else "fail"

    return Expected("control", f"{BY_CONSTRUCTION if by_construction else 'null'} in every draw (below {below:g})", mark, bound=below)


def disputed(words: str) -> Expected:
    """Published with both signs: shown, never scored."""
    return Expected("dispute", words, lambda draws: "disputed")


def shown() -> Expected:
    """A number that follows from another line, or that nobody published: shown, never scored."""
    return Expected("shown", "not scored", lambda draws: "shown")


def paired(ensemble: Ensemble, rows: Array) -> Array:
    """(n,) draws of (1 + n,) rows, nan where a draw failed: the same position is the same draw in every arm."""
    return np.where(ensemble.good[1:], rows[1:], np.nan)


def known(draws: Array) -> Array:
    """The draws that have a value."""
    return draws[~np.isnan(draws)]


def share(draws: Array, condition: Callable[[Array], Any]) -> Array:
    """(1,) share of the draws with a value that fulfil a condition."""
    return np.array([np.mean(condition(known(draws)))])


def value(arm: str, readout: str, at: float | None = None) -> Measured:
    """A readout of an arm at a time (the question's, where none is given); nan where a draw failed."""

    def of(outcome: Outcome) -> Array:
        ensemble = outcome.ensembles[arm]
        return paired(ensemble, ensemble.observable(readout)[:, ensemble.at(outcome.scenario.question.at if at is None else at)])

    return of


def values(readout: str, *arms: str, at: float | None = None) -> Measured:
    """A readout of several arms, (n_arm, n), for :func:`order`; draws that failed in any arm are nan."""

    def of(outcome: Outcome) -> Array:
        time = outcome.scenario.question.at if at is None else at
        return np.array([paired(e, e.observable(readout)[:, e.at(time)]) for e in (outcome.ensembles[arm] for arm in arms)])

    return of


def change(arm: str, control: str, readout: str, at: float | None = None) -> Measured:
    """Relative change of a readout against a control, draw against draw; nan where one failed."""

    def of(outcome: Outcome) -> Array:
        time = outcome.scenario.question.at if at is None else at
        return relative_change(outcome.ensembles[arm], outcome.ensembles[control], readout, time)[1:]

    return of


def fold(arm: str, control: str, readout: str, at: float | None = None) -> Measured:
    """1 + :func:`change`."""
    inner = change(arm, control, readout, at)
    return lambda outcome: 1 + inner(outcome)


def _references(experiment: Experiment) -> set[str]:
    """Works whose records are left out, under all their keys."""
    named = {experiment.reference, *experiment.own}
    works = [r.key for r in shipped().references if r.key in named and r.checked_how != NO_SOURCE]
    return set().union(*(shipped().same_work(key) for key in works))


def own_records(experiment: Experiment) -> list[Measurement]:
    """Measurements of the experiment's own source."""
    mine = _references(experiment)
    return [m for m in shipped().measurements if m.source_experiment == experiment.id or m.reference in mine]


def without_own(experiment: Experiment, kept: Sequence[str] = ()) -> Library:
    """The shipped library without the experiment's own records, except those kept."""
    library = shipped().without(experiment=experiment.id)
    for reference in sorted(_references(experiment)):
        library = library.without(reference=reference)
    if not kept:
        return library
    back = tuple(m for m in shipped().measurements if m.id in kept)
    return replace(library, measurements=(*library.measurements, *back), content=f"{library.content}+{'+'.join(kept)}")


def judge(experiment: Experiment, samples: int = SAMPLES) -> Judgement:
    """Run and mark one experiment.

    Raises
    ------
    ModelError
        If a measurement is missing that is none of the experiment's own.
    """
    kept, library, found = _run(experiment, samples)
    resting = _resting(experiment, library, kept)
    own = [(*resting.get(i, ()), *((line.calibration,) if line.calibration else ())) for i, line in enumerate(experiment.lines)]
    lines = marked(experiment.lines, found, own)
    reports = _reports(experiment, found) if isinstance(found, Outcome) else []
    carry = tuple(carry_of(mark, gap) for mark, gap in reports) or (NO_GAP,)
    unexplained = any(c == NOT_CARRIED and mark["unexplained"] for c, (mark, _) in zip(carry, reports, strict=False))
    used = tuple(r for item in documents.parameters(found) for r in item["records"]) if isinstance(found, Outcome) else ()
    return Judgement(experiment, lines, tuple(kept), carry, unexplained, samples, used)


def _reports(experiment: Experiment, found: Outcome) -> list[tuple[dict[str, Any], Array | None]]:
    """Marks of the reports that name the experiment, each with the draws of its arm's gap, where there is one.

    A report of no difference has nothing to carry, and in an arm with imposed copies (``assume``) nothing has to come through: neither says whether the dose carries.
    """
    out = []
    for report, mark in zip(found.scenario.reports, found.marks, strict=True):
        if mark["experiment"] == experiment.id and report.direction != "0" and found.scenario.arms[report.arm].assume is None:
            out.append((mark, next((row.copies[1:] for row in found.rows[report.arm] if row.step == "gap"), None)))
    return out


def carry_of(mark: Mapping[str, Any], gap: Array | None) -> str:
    """carried, not carried or undetermined: as the verdict says, but *not carried* only where the 5 % point of the gap is surely above one order."""
    if mark["carry"] == CARRIED:
        return CARRIED
    if gap is None:
        return NO_GAP
    return NOT_CARRIED if mark["carry"] == NOT_CARRIED and surely_above(known(gap)) > CARRIED_GAP else UNDETERMINED


def surely_above(draws: Array, quantile: float = 0.05) -> float:
    """A lower end of a quantile: the largest order statistic that lies above the true quantile in at most 5 % of samples of this size; minus infinity with too few draws.

    The k-th smallest of n lies above the quantile when fewer than k draws lie below it, with the chance P(X < k), X binomial with n and the quantile.
    """
    n, k, one = draws.size, 0, (1 - quantile) ** draws.size
    fewer = one
    while k < n and fewer <= UNLIKELY:
        k += 1
        one *= (n - k + 1) / k * quantile / (1 - quantile)
        fewer += one
    return float(np.sort(draws)[k - 1]) if k else -np.inf


def _run(experiment: Experiment, samples: int) -> tuple[list[str], Library, Any]:
    """Run without the own records; a quantity that nothing else answers gets its own back."""
    kept: list[str] = []
    while True:
        library = without_own(experiment, kept)
        try:
            return kept, library, experiment.run(library, samples)
        except ModelError as problem:
            named = set(re.findall(r"'([^']+)'", str(problem)))
            back = [m.id for m in own_records(experiment) if m.quantity in named and m.role == "input" and m.id not in kept]
            if not back:
                raise
            kept += back


def _resting(experiment: Experiment, library: Library, kept: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """Line -> the kept records that move it."""
    names = dict.fromkeys((*kept, *(name for line in experiment.lines for name in line.own)))
    if not names:
        return {}
    before = _middles(experiment, library)
    out: dict[int, tuple[str, ...]] = {}
    for name in names:
        after = _middles(experiment, _moved(library, name))
        for i, (line, a, b) in enumerate(zip(experiment.lines, before, after, strict=True)):
            if (name in kept or name in line.own) and not np.allclose(a, b, rtol=NO_DIFFERENCE, atol=1e-12, equal_nan=True):
                out[i] = (*out.get(i, ()), name)
    return out


def _moved(library: Library, name: str) -> Library:
    def smaller(m: Measurement) -> Measurement:
        low, high = m.range()
        return replace(m, value=m.value / MOVED_BY, low=low / MOVED_BY, high=high / MOVED_BY)

    return replace(library, measurements=tuple(smaller(m) if m.id == name else m for m in library.measurements), content=f"{library.content}-{name}")


def _middles(experiment: Experiment, library: Library) -> list[Array]:
    found = experiment.run(library, MOVED_SAMPLES)
    return [np.nanmedian(np.atleast_2d(line.of(found)), axis=1) for line in experiment.lines]


def marked(lines: Sequence[Line], found: Any, calibration: Sequence[tuple[str, ...]]) -> tuple[Marked, ...]:
    """Every line with its mark; draws that another line had before it, with the same expectation, are no second result."""
    out: list[Marked] = []
    before: list[tuple[tuple[str, str], Array]] = []
    for line, own in zip(lines, calibration, strict=True):
        draws = np.asarray(line.of(found), dtype=float)
        one, asked = _marked(line, draws, found, own), (line.expects.kind, line.expects.words)
        if any(asked == other and _same(draws, earlier) for other, earlier in before) and line.expects.kind not in ("control", *UNSCORED):
            one = replace(one, mark=REPEATS)
        before.append((asked, draws))
        out.append(one)
    return tuple(out)


def _same(one: Array, other: Array) -> bool:
    """Whether draws are the same to seven digits, and something is there."""
    return one.shape == other.shape and bool(np.any(np.nan_to_num(one) != 0)) and np.allclose(one, other, rtol=1e-6, atol=0.0, equal_nan=True)


def _marked(line: Line, draws: Array, found: Any, calibration: tuple[str, ...]) -> Marked:
    draws = draws if draws.ndim == 2 else known(draws)
    last = draws[-1] if draws.ndim == 2 else draws
    ends = tuple(float(np.nanquantile(last, q, method="inverted_cdf")) if last.size else float("nan") for q in (0.05, 0.5, 0.95))
    mark = line.expects.mark(draws)
    if mark == "pass" and line.treated is not None:
        within = share(np.asarray(line.treated(found), dtype=float), lambda change: np.abs(change) < line.expects.bound)[0]
        mark = EMPTY if within >= SURE else mark
    return Marked(line, mark, (ends[0], ends[1], ends[2]), calibration)


def experiments(folder: Path = FOLDER) -> dict[str, Experiment]:
    """D-number -> experiment, found over the folder."""
    found = {}
    for path in sorted(folder.glob("[dk][0-9][0-9]_*.py")):
        spec = importlib.util.spec_from_file_location(f"verification_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules.setdefault("judge", sys.modules[__name__])
        spec.loader.exec_module(module)
        experiment: Experiment = module.EXPERIMENT
        found[experiment.id] = experiment
    return found


def _of_what() -> str:
    """Hash of the package and of the experiments: a judgement stands for these."""
    here = Path(__file__).parent
    files = sorted(p for root in (here, here.parent / "src" / "vesicle") for p in root.rglob("*") if p.suffix in (".py", ".tsv", ".yaml") and p != RESULTS)
    return hashlib.sha256(b"".join(p.read_bytes() for p in files)).hexdigest()[:16]


def _marks_of(name: str, kept: Path) -> dict[str, Any]:
    """A judgement without its functions, which no process hands to another; kept in a file, so that work that was cut off goes on."""
    if not kept.exists():
        j = judge(experiments()[name])
        rest = {key: getattr(j, key) for key in ("kept", "carry", "unexplained", "samples", "used")}
        kept.write_text(json.dumps({"lines": [(m.mark, m.interval, m.calibration) for m in j.lines], **rest}), encoding="utf-8")
    return dict(json.loads(kept.read_text(encoding="utf-8")))


def _judgement(experiment: Experiment, marks: Mapping[str, Any]) -> Judgement:
    lines = tuple(Marked(line, mark, tuple(ends), tuple(own)) for line, (mark, ends, own) in zip(experiment.lines, marks["lines"], strict=True))
    return Judgement(experiment, lines, tuple(marks["kept"]), tuple(marks["carry"]), marks["unexplained"], marks["samples"], tuple(marks["used"]))


def main(arguments: Sequence[str]) -> None:
    """Judge all experiments, as many at once as there are cores, and write the results; or judge those named and print them."""
    found = experiments()
    chosen = [found[name] for name in arguments] or list(found.values())
    from judged_page import table, tsv

    folder = Path(tempfile.gettempdir()) / f"vesicle-judged-{_of_what()}"
    folder.mkdir(exist_ok=True)
    judgements: list[Judgement] = []
    with ProcessPoolExecutor(mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        for experiment, marks in zip(chosen, pool.map(_marks_of, [e.id for e in chosen], [folder / f"{e.id}.json" for e in chosen]), strict=True):
            judgements.append(_judgement(experiment, marks))
            print(f"{experiment.id} judged, {len(judgements)} of {len(chosen)}", file=sys.stderr, flush=True)
    if not arguments:
        PAGE.write_text(table(judgements), encoding="utf-8")
        RESULTS.write_text(tsv(judgements), encoding="utf-8")
    print(table(judgements))


if __name__ == "__main__":
    main(sys.argv[1:])
