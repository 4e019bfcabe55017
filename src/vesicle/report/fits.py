"""The report of a fit: data with curves and bands, profiles, what is identifiable, what cannot be told apart, what was held out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from vesicle.report import figures, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

TEMPLATE = "fit.html.j2"
COLUMNS, PANEL, PROFILE_PANEL = 5, 1.55, 2.1
MOST_PANELS = 30
THRESHOLD = 3.84
TOP = 6.0
"""Profiles are drawn up to this rise."""
WIDE, VERY_WIDE = 3.0, 100.0
"""An axis over so many fold is logarithmic; over so many it shows powers of ten only."""
OTHER_LAWS = 2
"""Laws drawn beside the best one."""
Data = Mapping[str, Any]


def build(document: Data, rows: Sequence[Mapping[str, str]]) -> bytes:
    """The page as UTF-8 bytes.

    Parameters
    ----------
    document : the content of ``fit.json``.
    rows : the calibrated records.
    """
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    for name in ("number", "unit", "plain_name"):
        environment.filters[name] = getattr(words, name)
    groups = [_group(i, group, document) for i, group in enumerate(document.get("groups", []))]
    scenario = _scenario(document) if document["what"] == "scenario" else None
    page: str = environment.get_template(TEMPLATE).render({"fit": document, "groups": groups, "scenario": scenario, "rows": rows})
    return page.encode()


def _group(index: int, group: Data, document: Data) -> dict[str, Any]:
    told = [law for law in group["laws"] if law["law"] in group["cannot_be_told_apart"]]
    profiled = [(law["law"], p) for law in told for p in law["parameters"] if "profile" in p]
    unit = (document["data"]["time_unit"], document["data"]["value_unit"])
    name = group["arm"] or "all"
    return {
        "data": group, "name": name, "told": told,
        "courses": _panels_figure(f"courses-{index}", group, unit, f"Measured volumes of every subject in arm {name} with the fitted curves; the values are in fit.json."),
        "population": _population_figure(f"population-{index}", group, unit, f"All subjects of arm {name} with the median curve and the 5 to 95 % band of subjects."),
        "profiles": profile_figure(f"profiles-{index}", profiled, f"Profile likelihood of the parameters in arm {name}; the intervals are in the table.") if profiled else None,
    }  # fmt: skip


def _scenario(document: Data) -> dict[str, Any]:
    profiled = [("", p) for p in document["parameters"] if "profile" in p]
    return {
        "courses": _observables_figure(document["courses"]),
        "profiles": profile_figure("profiles", profiled, "Profile likelihood of the free parameters; the intervals are in the table.") if profiled else None,
    }


def _panels_figure(key: str, group: Data, unit: tuple[str, str], label: str) -> Markup:
    """One small panel per subject, all with the same logarithmic axis of volume."""
    shown = group["data"][:MOST_PANELS]
    rows = math.ceil(len(shown) / COLUMNS)
    laws = group["laws"][: 1 + OTHER_LAWS]

    def draw(figure: Figure) -> None:
        axes = np.atleast_1d(figure.subplots(rows, min(COLUMNS, len(shown)), sharex=False, sharey=True, squeeze=False)).ravel()
        low, high = _log_limits([v for one in shown for v in one["value"]])
        for i, (place, one) in enumerate(zip(axes, shown, strict=False)):
            for j, law in enumerate(laws):
                curve = law["curves"]["subjects"][i]
                place.plot(curve["time"], curve["volume"], color=figures.COLOURS[j], linestyle=figures.LINES[j], linewidth=1.1, label=law["law"].replace("_", "-"))
            _points(place, one)
            _plain_log(place)
            place.set_ylim(low, high)
            place.set_title(one["subject"] or "1", fontsize=7.5, loc="left")
            place.tick_params(labelsize=7)
        for place in axes[len(shown) :]:
            place.set_visible(False)
        handles, names = axes[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper right", ncols=len(names), fontsize=8)
        figure.supxlabel(f"time ({unit[0]})", fontsize=8.5)
        figure.supylabel(f"volume ({words.unit(unit[1])})", fontsize=8.5)

    return figures.render(key, 0.9 + PANEL * rows, label, draw)


def _points(axes: Axes, one: Data) -> None:
    time, value, kind = (np.array(one[k]) for k in ("time", "value", "censored"))
    axes.plot(time[kind == 0], value[kind == 0], "o", color=figures.INK, markersize=2.8)
    axes.plot(time[kind < 0], value[kind < 0], "v", color=figures.INK, markersize=4, markerfacecolor="white")
    axes.plot(time[kind > 0], value[kind > 0], "^", color=figures.INK, markersize=4, markerfacecolor="white")


def _plain_log(axes: Axes) -> None:
    """A logarithmic axis of volume."""
    axes.set_yscale("log")
    _plain_ticks(axes.yaxis, (1.0, 2.0, 5.0))


def _plain_ticks(axis: Axis, digits: tuple[float, ...]) -> None:
    """Plain numbers that begin with these digits on a logarithmic axis."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axis.set_major_locator(LogLocator(subs=digits))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def _log_limits(values: Sequence[float]) -> tuple[float, float]:
    good = [v for v in values if v > 0]
    return min(good) / 1.6, max(good) * 1.6


def _population_figure(key: str, group: Data, unit: tuple[str, str], label: str) -> Markup | None:
    """All subjects on one clock, with the median curve and band of the best law."""
    best = group["laws"][0]
    band = best["curves"].get("population")
    if band is None:
        return None
    starts = [curve["time"][0] for curve in best["curves"]["subjects"]]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for one, start in zip(group["data"], starts, strict=True):
            axes.plot(np.array(one["time"]) - start, one["value"], "-", color=figures.GREY, linewidth=0.6, marker="o", markersize=2.2, alpha=0.7)
        axes.fill_between(band["time"], band["q05"], band["q95"], color=figures.COLOURS[0], alpha=figures.BAND_ALPHA, linewidth=0, label="5 to 95 % of subjects, as fitted")
        axes.plot(band["time"], band["q50"], color=figures.COLOURS[0], label=f"median, {best['law'].replace('_', '-')}")
        axes.plot([], [], "-o", color=figures.GREY, linewidth=0.6, markersize=2.2, label="measured, one line per subject")
        _plain_log(axes)
        axes.set_ylim(*_log_limits([v for one in group["data"] for v in one["value"]]))
        axes.set_xlabel(f"time since the first value or the inoculum ({unit[0]})")
        axes.set_ylabel(f"volume ({words.unit(unit[1])})")
        axes.legend(loc="lower right", fontsize=8)
        axes.grid(True, which="major")

    return figures.render(key, 3.6, label, draw)


def profile_figure(key: str, profiled: Sequence[tuple[str, Data]], label: str) -> Markup:
    """One panel per parameter: the rise of -2 ln L over its value, with the 95 % threshold."""
    columns = 3
    rows = math.ceil(len(profiled) / columns)

    def draw(figure: Figure) -> None:
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for place, (law, parameter) in zip(axes, profiled, strict=False):
            _profile(place, law, parameter)
        for place in axes[len(profiled) :]:
            place.set_visible(False)
        figure.supylabel("rise of −2 ln L", fontsize=8.5)

    return figures.render(key, 0.5 + PROFILE_PANEL * rows, label, draw)


def _profile(axes: Axes, law: str, parameter: Data) -> None:
    from matplotlib.ticker import MaxNLocator

    value, rise = np.array(parameter["profile"]["value"]), np.array(parameter["profile"]["rise"])
    shown = rise <= 2 * TOP
    axes.plot(value[shown], rise[shown], "-o", color=figures.COLOURS[0], markersize=2.5)
    axes.axhline(THRESHOLD, color=figures.COLOURS[1], linestyle="--", linewidth=1.0)
    axes.plot(parameter["value"], 0, "o", color=figures.INK, markersize=5)
    low, high = parameter.get("low_95"), parameter.get("high_95")
    for end in (low, high):
        if end is not None:
            axes.axvline(end, color=figures.GREY, linewidth=0.7, linestyle=":")
    if value[shown].max() / value[shown].min() > WIDE:
        axes.set_xscale("log")
        _plain_ticks(axes.xaxis, (1.0,) if value[shown].max() / value[shown].min() > VERY_WIDE else (1.0, 2.0, 5.0))
    else:
        axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.set_ylim(-0.2, TOP)
    name = words.plain_name(parameter["name"])
    axes.set_title(figures._wrap(f"{law.replace('_', '-')}: {name}" if law else name, figures.TITLE_WIDTH), loc="left", fontsize=8)
    axes.set_xlabel(words.unit(parameter["unit"]) if parameter["unit"] != "1" else "", fontsize=8)
    axes.text(0.98, THRESHOLD + 0.12, "95 %", transform=axes.get_yaxis_transform(), ha="right", fontsize=7, color=figures.COLOURS[1])


def _observables_figure(courses: Sequence[Data]) -> Markup:
    """One panel per observable: data, fitted and nominal curves of every arm."""
    names = list(dict.fromkeys(c["observable"] for c in courses))
    columns = min(2, len(names))
    rows = math.ceil(len(names) / columns)

    def draw(figure: Figure) -> None:
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for place, name in zip(axes, names, strict=False):
            mine = [c for c in courses if c["observable"] == name]
            arms = list(dict.fromkeys(c["arm"] for c in mine))
            for c in mine:
                colour = figures.COLOURS[arms.index(c["arm"]) % len(figures.COLOURS)]
                if c["curve"]:
                    place.plot(c["curve_time"], c["curve"], color=colour, label=f"{c['arm']}, fitted")
                if c["nominal_curve"]:
                    place.plot(c["curve_time"], c["nominal_curve"], color=colour, linestyle=":", linewidth=1.0, label=f"{c['arm']}, before")
                place.plot(c["time"], c["value"], "o", color=colour, markersize=4, markeredgecolor="white", label=f"{c['arm']}, measured")
            place.set_xlabel("time (h)")
            place.set_ylabel(f"{words.plain_name(name)} ({words.unit(mine[0]['unit'])})", fontsize=8)
            handles, labels = place.get_legend_handles_labels()
            once = dict(zip(labels, handles, strict=True))
            place.legend(once.values(), once.keys(), fontsize=7.5)
            place.grid(True)
        for place in axes[len(names) :]:
            place.set_visible(False)

    drawing: Callable[[Figure], None] = draw
    return figures.render("observables", 0.6 + 3.0 * rows, "Measured values with the curves before and after the fit; the values are in fit.json.", drawing)
