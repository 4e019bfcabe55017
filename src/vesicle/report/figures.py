"""Figures as inline SVG. Equal data give equal bytes: no clock, fixed salt, fonts as outlines.

Colours are from the Okabe-Ito set, which readers with colour blindness can tell apart; line
styles and hatches repeat what colours say, for print.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from markupsafe import Markup, escape

from vesicle.report import words
from vesicle.report.curves import Band, Chain, Group, Panel, step_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, GREY, PALE = "#1a1a1a", "#767676", "#d9d9d9"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#4d4d4d")
LINES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
CERTAINTY = {"found": ("#0072B2", ""), "recalled": ("#E69F00", "///"), "assumed": ("#D55E00", "xxx")}
"""Certainty -> colour and hatch."""
HELD, NEEDED = "#009E73", "#D55E00"
WIDTH = 9.0
BAND_ALPHA = 0.18
LABEL_WIDTH = 42
TITLE_WIDTH = 36
ROW_HEIGHT, PANEL_HEIGHT = 0.42, 1.9
LEGEND_DROP = 0.5
"""How far below the axes a legend begins [inch], so that it clears the label of the axis."""
LEAST_PARTICLES = 1.0
"""Amounts below one particle (or label copy) are not drawn."""
HEADROOM = 1.05
MOST_ORDERS, WELL_ORDERS = 16, 8
"""A log axis shows at most so many orders."""
STYLE: dict[str, Any] = {
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.titlesize": 9,
    "axes.labelsize": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.linewidth": 0.7,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "lines.linewidth": 1.5,
    "hatch.linewidth": 0.5,
    "axes.unicode_minus": True,
}


def render(key: str, height: float, label: str, draw: Callable[[Figure], None]) -> Markup:
    """One figure as an inline ``<svg role="img">``; ``key`` keeps the ids of figures apart."""
    import matplotlib

    matplotlib.use("Agg", force=False)
    from matplotlib.figure import Figure

    with matplotlib.rc_context(cast(Any, {**STYLE, "svg.hashsalt": key})), np.errstate(all="ignore"):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        draw(figure)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None}, transparent=True)
    return _inline(buffer.getvalue(), key, label)


def _inline(text: str, key: str, label: str) -> Markup:
    """The ``<svg>`` element alone, its ids prefixed, without metadata and namespaces."""
    body = text[text.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r' xmlns(:\w+)?="[^"]*"', "", body).replace("xlink:href=", "href=")
    body = re.sub(r'\bid="([^"]+)"', rf'id="{key}-\1"', body)
    body = re.sub(r'href="#([^"]+)"', rf'href="#{key}-\1"', body).replace("url(#", f"url(#{key}-")
    opening = re.match(r'<svg [^>]*?viewBox="([^"]+)"[^>]*>', body)
    assert opening is not None  # matplotlib always writes a viewBox
    return Markup(f'<svg role="img" aria-label="{escape(label)}" viewBox="{opening[1]}">') + Markup(body[opening.end() :])


def _time_axis(axes: Axes, bands: Sequence[Band]) -> float:
    """Label the time axis in days or hours; hours per unit."""
    end = max(float(b.times[-1]) for b in bands)
    in_days = end >= words.LONG_RUN_H
    axes.set_xlabel("time (d)" if in_days else "time (h)")
    scale = float(words.HOURS_PER_DAY) if in_days else 1.0
    axes.set_xlim(0, end / scale)
    return scale


def _curve(axes: Axes, band: Band, scale: float, colour: str, line: Any = "-", floor: float = 0.0, label: str | None = None, shade: bool = True) -> None:
    def shown(values: np.ndarray) -> np.ndarray:
        return np.where(values > floor, values, np.nan) if floor else values

    low = np.maximum(band.low, floor) if floor else band.low
    visible = band.high > floor if floor else np.ones(len(band.times), bool)
    if shade:
        axes.fill_between(band.times / scale, low, band.high, where=visible, color=colour, alpha=BAND_ALPHA, linewidth=0)
    axes.plot(band.times / scale, shown(band.middle), linestyle=line, color=colour, label=label or band.label)


def size_and_readout(groups: Sequence[Group], readout: Sequence[Band], asked: float | None, names: tuple[str, str], label: str) -> Markup:
    """Tumour volume (or cells) of all arms on a log axis, and the question's readout beside it."""

    def draw(figure: Figure) -> None:
        left, right = figure.subplots(1, 2, width_ratios=(1.15, 1))
        _sizes(left, groups, names[0])
        _readout(right, readout, asked, names[1])

    return render("curves", 3.7, label, draw)


def _below(axes: Axes, columns: int = 1) -> None:
    axes.legend(loc="upper left", bbox_to_anchor=(-0.02, -0.2), ncols=columns, fontsize=8, borderaxespad=0)


def _sizes(axes: Axes, groups: Sequence[Group], name: str) -> None:
    scale = _time_axis(axes, [g.band for g in groups])
    for i, group in enumerate(groups):
        _curve(axes, group.band, scale, COLOURS[i % len(COLOURS)], LINES[i % len(LINES)], label=_wrap(group.legend, LABEL_WIDTH))
    _log_y(axes, [g.band for g in groups])
    axes.set_ylabel(f"{name} ({words.unit(groups[0].band.unit)})")
    axes.set_title(f"a  {name} by arm", loc="left", weight="bold")
    axes.grid(True, axis="y")
    _below(axes)


def _log_y(axes: Axes, bands: Sequence[Band]) -> None:
    """Whole decades, labelled at the decades only."""
    from matplotlib.ticker import NullFormatter

    axes.set_yscale("log")
    positive = [v for b in bands for v in (float(np.min(b.low)), float(np.max(b.high))) if v > 0]
    if positive:
        axes.set_ylim(10.0 ** np.floor(np.log10(min(positive))), 10.0 ** np.ceil(np.log10(max(positive))))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _readout(axes: Axes, bands: Sequence[Band], asked: float | None, name: str) -> None:
    axes.set_title(f"b  {_wrap(name, LABEL_WIDTH)}", loc="left", weight="bold")
    if not bands:
        axes.text(0.5, 0.5, "the readout is not an output of this arm", ha="center", transform=axes.transAxes)
        return
    scale = _time_axis(axes, bands)
    power = _power(bands)
    for i, band in enumerate(bands):
        _curve(axes, band.divided(10.0**power), scale, COLOURS[i], LINES[i], label=_wrap(band.label, LABEL_WIDTH))
    if asked is not None:
        axes.axhline(asked / 10.0**power, color=INK, linewidth=0.9, linestyle=(0, (1, 2)), label="level that is asked (control's median)")
    unit = words.unit(bands[0].unit)
    axes.set_ylabel(f"$10^{{{power}}}$ {unit}" if power else unit or "relative to rest")
    axes.set_ylim(0, axes.get_ylim()[1] * HEADROOM)
    axes.grid(True, axis="y")
    _below(axes)


def _power(bands: Sequence[Band]) -> int:
    """The power of ten (a multiple of 3) that leaves axis labels short."""
    top = max(float(np.max(b.high)) for b in bands)
    return 3 * int(np.log10(top) // 3) if top >= words.PLAIN_TO else 0


def _wrap(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width)) or text


def waterfall(chain: Chain, label: str) -> Markup:
    """Copies (or particles) per recipient cell at every step, with the level held and the level needed."""
    rows = [*chain.steps, *(name for name, level in (("held", chain.held), ("needed", chain.needed)) if level)]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        limits = _log_limits([*_values(chain), *_ends(chain.held), *_ends(chain.needed)])
        _levels(axes, chain, len(rows), limits)
        for i, (particle, steps) in enumerate(chain.series.items()):
            colour = INK if particle == "all" else COLOURS[(0, 4, 3, 5)[i % 4]]
            offset = 0.0 if particle == "all" or len(_kinds(chain)) == 1 else (i - (len(_kinds(chain)) - 1) / 2) * 0.36
            for step, found in steps.items():
                _interval_bar(axes, rows.index(step) + offset, found, colour, limits)
                if step != rows[0]:
                    _kept_text(axes, rows.index(step) + offset, chain.kept.get(particle, {}).get(step), colour)
        for name, colour, level in (("held", HELD, chain.held), ("needed", NEEDED, chain.needed)):
            if level:
                _interval_bar(axes, rows.index(name), level, colour, limits)
        _step_axis(axes, rows, limits, chain.quantity)
        axes.text(1.01, 1.01, "kept\n(median)", transform=axes.transAxes, fontsize=7.5, va="bottom", color=GREY)
        _waterfall_legend(axes, chain, -LEGEND_DROP / (ROW_HEIGHT * len(rows)))

    return render("waterfall", 1.3 + ROW_HEIGHT * len(rows), label, draw)


def _kinds(chain: Chain) -> list[str]:
    return [name for name in chain.series if name != "all"]


def _values(chain: Chain) -> list[float]:
    return [v for steps in chain.series.values() for found in steps.values() for v in _ends(found)]


def _ends(found: Mapping[str, Any] | None) -> list[float]:
    return [float(found[q]) for q in ("q05", "q50", "q95") if found and found.get(q)]


def _log_limits(values: Sequence[float]) -> tuple[float, float]:
    """Whole powers of ten around positive values."""
    powers = np.log10([v for v in values if v > 0])
    top = int(np.ceil(powers.max() + 0.2))
    return 10.0 ** max(int(np.floor(powers.min() - 0.1)), top - MOST_ORDERS), 10.0**top


def _interval_bar(axes: Axes, y: float, found: Mapping[str, Any], colour: str, limits: tuple[float, float]) -> None:
    """A bar from q05 to q95 with a tick at the median; an end off the axis is cut at the edge."""
    low = max(found.get("q05") or limits[0], limits[0])
    high = found["q95"] if found.get("q95") is not None else limits[1]
    if high > limits[0]:
        axes.plot([low, high], [y, y], color=colour, linewidth=6, alpha=0.35, solid_capstyle="butt")
    middle = found.get("q50")
    if middle is not None and middle >= limits[0]:
        axes.plot([middle], [y], marker="|", markersize=11, markeredgewidth=2.2, color=colour)


def _kept_text(axes: Axes, y: float, found: Mapping[str, Any] | None, colour: str) -> None:
    if found and found.get("q50") is not None:
        axes.text(1.01, y, words.mathtext(words.percent(found["q50"])), transform=axes.get_yaxis_transform(), va="center", fontsize=7.5, color=colour)


def _levels(axes: Axes, chain: Chain, n: int, limits: tuple[float, float]) -> None:
    """Vertical lines through all steps at the medians held and needed."""
    for colour, line, level in ((HELD, "--", chain.held), (NEEDED, "-", chain.needed)):
        if level and level.get("q50") and level["q50"] >= limits[0]:
            axes.plot([level["q50"]] * 2, [-0.6, n - 0.5], line, color=colour, linewidth=1, zorder=0)


def _step_axis(axes: Axes, rows: Sequence[str], limits: tuple[float, float], quantity: str) -> None:
    axes.set_xscale("log")
    axes.set_xlim(*limits)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_yticks(range(len(rows)), [step_words(step) for step in rows])
    axes.tick_params(axis="y", length=0)
    what = "copies" if quantity == "copies_per_cell" else "particles"
    donor = "released_by_donor" in rows
    axes.set_xlabel(f"{what} per donor cell, cumulative" if donor else f"{what} per recipient cell at the start, cumulative (held, needed: per cell)")
    axes.grid(True, axis="x")
    axes.set_axisbelow(True)


def _waterfall_legend(axes: Axes, chain: Chain, below: float) -> None:
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], color=COLOURS[(0, 4, 3, 5)[i % 4]], linewidth=6, alpha=0.5, label=name.replace("_", " ")) for i, name in enumerate(_kinds(chain))]
    handles += [Line2D([], [], color=INK, linewidth=6, alpha=0.35, label="all kinds together")] if "all" in chain.series else []
    handles += [Line2D([], [], color=HELD, linestyle="--", label="held (median)")] if chain.held else []
    handles += [Line2D([], [], color=NEEDED, label="needed (median)")] if chain.needed else []
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, below), ncols=3, fontsize=8, borderaxespad=0)


def arms_chains(chains: Sequence[Chain], medians: Mapping[str, Mapping[str, float]], reference: str, label: str) -> Markup:
    """The medians of every other arm, all kinds of particles together, over those of the question's arm (grey)."""
    shown = [c for c in chains if c.arm != reference and medians.get(c.arm)]
    columns = min(3, len(shown))
    lines = -(-len(shown) // columns)
    steps = list(dict.fromkeys(step for c in chains for step in c.steps))

    def draw(figure: Figure) -> None:
        grid = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False)
        limits = _log_limits([v for found in medians.values() for v in found.values()])
        for axes, chain in zip(grid.flat, shown, strict=False):
            _medians(axes, medians[reference], steps, PALE, "o-", 3.0)
            _medians(axes, medians[chain.arm], steps, COLOURS[0], "o-", 1.2)
            if chain.needed and chain.needed.get("q50"):
                axes.axvline(chain.needed["q50"], color=NEEDED, linewidth=0.9)
            _step_axis(axes, steps, limits, chain.quantity)
            axes.set_xlabel("")
            axes.tick_params(labelbottom=shown.index(chain) + columns >= len(shown))
            axes.set_title(_wrap(chain.label, TITLE_WIDTH), loc="left", fontsize=8)
        for axes in list(grid.flat)[len(shown) :]:
            axes.set_visible(False)
        figure.supxlabel(
            f"{'copies' if chains[0].quantity == 'copies_per_cell' else 'particles'} per {'donor' if 'released_by_donor' in chains[0].steps else 'recipient'} cell, median",
            fontsize=8.5,
        )

    return render("arms", lines * (PANEL_HEIGHT + 0.35) + 0.4, label, draw)


def _medians(axes: Axes, found: Mapping[str, float], steps: Sequence[str], colour: str, style: str, width: float) -> None:
    pairs = [(value, steps.index(step)) for step, value in found.items() if value > 0]
    axes.plot([x for x, _ in pairs], [y for _, y in pairs], style, color=colour, linewidth=width, markersize=3)


def tornado(rows: Sequence[Mapping[str, Any]], chance: float, label: str, decided: str = "the guides held in AGO") -> Markup:
    """Rank correlation of each parameter with the guides held, coloured by what its value rests on; grey is what chance gives."""

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for i, row in enumerate(rows):
            colour, hatch = CERTAINTY[words.certainty(row["status"], row["spread_status"])]
            axes.barh(i, row["correlation"], height=0.66, color=colour, alpha=0.75, hatch=hatch, edgecolor="white", linewidth=0)
            axes.text(1.02, i, words.mathtext(words.percent(row["share"])), transform=axes.get_yaxis_transform(), va="center", fontsize=7.5)
        axes.text(1.02, 1.0, "share of spread", transform=axes.transAxes, fontsize=7.5, va="bottom", color=GREY)
        axes.set_yticks(range(len(rows)), [_wrap(words.plain_name(row["parameter"]), LABEL_WIDTH) for row in rows], fontsize=8)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.axvspan(-chance, chance, color=PALE, alpha=0.45, linewidth=0, zorder=0)
        axes.set_xlim(-1, 1)
        axes.grid(True, axis="x")
        axes.set_axisbelow(True)
        axes.set_xlabel(f"Spearman rank correlation with {decided} (dimensionless)")
        _certainty_legend(axes)

    return render("tornado", 1.2 + 0.36 * len(rows), label, draw)


def _certainty_legend(axes: Axes) -> None:
    from matplotlib.patches import Patch

    meaning = {"found": "found, or computed from found", "recalled": "recalled, not verified", "assumed": "value or range assumed"}
    handles = [Patch(facecolor=CERTAINTY[k][0], hatch=CERTAINTY[k][1], edgecolor="white", alpha=0.75, label=text) for k, text in meaning.items()]
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, -0.11), ncols=3, fontsize=8, borderaxespad=0)


def panels(key: str, content: Sequence[Panel], unit: str, label: str, least: float = 0.0) -> Markup:
    """Small panels on one log axis: organs, label signals, or a well; what is below ``least`` is not drawn."""
    columns = min(4, len(content)) if len(content) != 2 else 2
    lines = -(-len(content) // columns)
    names = list(dict.fromkeys(b.label for p in content for b in p.bands))

    def draw(figure: Figure) -> None:
        grid = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False)
        top = max(float(np.nanmax(b.high)) for p in content for b in p.bands)
        floor = least or top / 10.0**WELL_ORDERS
        for axes, panel in zip(grid.flat, content, strict=False):
            _panel(axes, panel, names, floor)
        grid.flat[0].set_ylim(floor, 10.0 ** np.ceil(np.log10(top)))
        for axes in list(grid.flat)[len(content) :]:
            axes.set_visible(False)
        figure.supylabel(unit, fontsize=8.5)
        handles, labels = _handles(names)
        figure.legend(handles, labels, loc="outside lower center", ncols=4, fontsize=8)

    return render(key, lines * PANEL_HEIGHT + (0.7 if lines > 1 else 1.4), label, draw)


def _panel(axes: Axes, panel: Panel, names: Sequence[str], floor: float) -> None:
    scale = _time_axis(axes, panel.bands)
    for band in panel.bands:
        i = names.index(band.label)
        _curve(axes, band, scale, COLOURS[i % len(COLOURS)], LINES[i % len(LINES)], floor, shade=band is panel.bands[0])
    axes.set_yscale("log")
    axes.grid(True, axis="y")
    axes.set_title(panel.title, loc="left")
    axes.label_outer()


def _handles(names: Sequence[str]) -> tuple[list[Any], list[str]]:
    from matplotlib.lines import Line2D

    return [Line2D([], [], color=COLOURS[i % len(COLOURS)], linestyle=LINES[i % len(LINES)]) for i in range(len(names))], list(names)
