"""The common form of a judged experiment, and the table over all of them.

An experiment is a small declaration: what it mimics, what is run, and the lines that are checked. Files ``experiments/dNN_name.py`` each hold one,
under the name ``EXPERIMENT``; they are found over that folder. Every line gets one mark:

    direction   the median of the paired relative change has the sign (below 5 % counts as none)       pass, fail
    order       neighbours differ in the median by 5 % in the right direction; near: none is reversed   pass, near, fail
    magnitude   the median lies in the published range; near: within a factor outside it                pass, near, fail
    if delivered  under imposed copies: the sign of the network apart from carry, of any size, in 80 % of the draws (``0``: median below 5 %)     pass, fail, not called
    control     a negative control: every draw stays null                                               pass, fail
    dispute     works report both signs: shown, not scored

**Own measurements.** The library is the shipped one without every record of the experiment's own source. Where a quantity has no other record, its own
stays (``kept``), and every line that moves by 5 % or more when a kept record is divided by three rests on it: that line is *calibration* and is never
scored. An experiment that declares ``calibration`` is calibration as a whole.

**Carry** is taken from the custody verdict of the scenario, where a report of this experiment has one.
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
from vesicle.evidence.measurement import Measurement
from vesicle.prediction.ensemble import SURE
from vesicle.readouts.ensemble import Array
from vesicle.readouts.verdict import NO_DIFFERENCE, relative_change
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
DELIVERED, SMALLEST = "if delivered", 1e-4
"""A line under imposed copies; the smallest relative change that is one, a hundred times the tolerance of the engine's draws."""
MARKS = ("pass", "near", "fail", "not called")
UNSCORED = ("dispute", "shown")
Measured = Callable[[Any], Array]


@dataclass(frozen=True)
class Expected:
    """What a line must show: its kind, the words of it, and how draws become a mark."""

    kind: str
    words: str
    mark: Callable[[Array], str]


@dataclass(frozen=True)
class Line:
    """One thing that is checked.

    Attributes
    ----------
    what : in words.
    of : what was run -> (n,) draws, or (n_arm, n) for an order.
    expects : see :func:`direction`, :func:`order`, :func:`magnitude`, :func:`null`, :func:`disputed`.
    own : records that came from the work behind this line, where an experiment has several; they stay in the library, and the line is calibration if they move it.
    calibration : why this line is calibration whatever moves it (a number of the work stands in the scenario), or empty.
    """

    what: str
    of: Measured
    expects: Expected
    own: tuple[str, ...] = ()
    calibration: str = ""


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
        """Judged lines that fail; what is not carried is unexplained and counted apart."""
        return [m for m in self.judged if m.mark == "fail" and (m.line.expects.kind == DELIVERED or not self.unexplained)]


def direction(sign: str) -> Expected:
    """A paired relative change has a sign; ``0``: less than 5 %."""

    def mark(draws: Array) -> str:
        middle = float(np.nanmedian(draws))
        found = "0" if abs(middle) < NO_DIFFERENCE else ("+" if middle > 0 else "-")
        return "pass" if found == sign else "fail"

    return Expected("direction", {"+": "rises", "-": "falls", "0": "no difference (below 5 %)"}[sign], mark)


def if_delivered(sign: str) -> Expected:
    """A paired relative change, under copies that are imposed, has a sign in most draws, whatever its size; ``0``: less than 5 % in the median."""
    if sign == "0":
        return replace(direction("0"), kind=DELIVERED)

    def mark(draws: Array) -> str:
        rises, falls = (float(np.mean(draws * way > SMALLEST)) for way in (1, -1))
        likely, against = (rises, falls) if sign == "+" else (falls, rises)
        return "pass" if likely >= SURE else ("fail" if against >= SURE else "not called")

    return Expected(DELIVERED, {"+": "rises", "-": "falls"}[sign] + f" in {100 * SURE:g} % of the draws", mark)


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

    return Expected("magnitude", f"{low:g} to {high:g} (near: within a factor {near:g})", mark)


def null(below: float = NO_DIFFERENCE) -> Expected:
    """A negative control: no draw goes beyond a bound, either way."""
    return Expected("control", f"null in every draw (below {below:g})", lambda draws: "pass" if draws.size and bool(np.all(np.abs(draws) < below)) else "fail")


def disputed(words: str) -> Expected:
    """Published with both signs: shown, never scored."""
    return Expected("dispute", words, lambda draws: "disputed")


def shown() -> Expected:
    """A number that follows from another line, or that nobody published: shown, never scored."""
    return Expected("shown", "not scored", lambda draws: "shown")


def value(arm: str, readout: str, at: float | None = None) -> Measured:
    """A readout of an arm at a time (the question's, where none is given)."""

    def of(outcome: Outcome) -> Array:
        ensemble = outcome.ensembles[arm]
        found = ensemble.observable(readout)[1:, ensemble.at(outcome.scenario.question.at if at is None else at)]
        return found[ensemble.good[1:]]

    return of


def values(readout: str, *arms: str, at: float | None = None) -> Measured:
    """A readout of several arms, (n_arm, n), for :func:`order`; draws that failed in any arm are nan."""

    def of(outcome: Outcome) -> Array:
        time = outcome.scenario.question.at if at is None else at
        rows = [np.where(e.good[1:], e.observable(readout)[1:, e.at(time)], np.nan) for e in (outcome.ensembles[arm] for arm in arms)]
        return np.array(rows)

    return of


def change(arm: str, control: str, readout: str, at: float | None = None) -> Measured:
    """Relative change of a readout against a control, draw against draw."""

    def of(outcome: Outcome) -> Array:
        time = outcome.scenario.question.at if at is None else at
        found = relative_change(outcome.ensembles[arm], outcome.ensembles[control], readout, time)[1:]
        return found[~np.isnan(found)]

    return of


def fold(arm: str, control: str, readout: str, at: float | None = None) -> Measured:
    """1 + :func:`change`."""
    inner = change(arm, control, readout, at)
    return lambda outcome: 1 + inner(outcome)


def _references(experiment: Experiment) -> set[str]:
    """Works whose records are left out; a key that stands for no work (synthesis) is none."""
    return {key for key in (experiment.reference, *experiment.own) if shipped().by_id[key].checked_how != "no source to check"}


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
    lines = tuple(_marked(line, found, (*resting.get(i, ()), *((line.calibration,) if line.calibration else ()))) for i, line in enumerate(experiment.lines))
    marks = [m for m in found.marks if m["experiment"] == experiment.id] if isinstance(found, Outcome) else []
    used = tuple(r for item in documents.parameters(found) for r in item["records"]) if isinstance(found, Outcome) else ()
    told = [m for m in marks if found.verdicts[found.scenario.question.arm].get("gap_orders") or m["carry"] == "not carried"] if marks else []
    return Judgement(experiment, lines, tuple(kept), tuple(m["carry"] for m in told), any(m["unexplained"] for m in told), samples, used)


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


def _marked(line: Line, found: Any, calibration: tuple[str, ...]) -> Marked:
    draws = np.asarray(line.of(found), dtype=float)
    last = draws[-1] if draws.ndim == 2 else draws
    ends = tuple(float(np.nanquantile(last, q, method="inverted_cdf")) for q in (0.05, 0.5, 0.95))
    return Marked(line, line.expects.mark(draws), (ends[0], ends[1], ends[2]), calibration)


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
