"""The sensitivity of a question as figures and tables: bars with their intervals, coloured by what each parameter rests on."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from markupsafe import Markup

from vesicle.report import figures, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_BARS = 15
COLUMNS = {"local": ("elasticity", "other_structure_ratio"), "morris": ("mu_star", "mu", "sigma"), "sobol": ("ST", "S1")}
"""Method -> what is printed, the first being what is drawn as a bar."""
NAMES = {
    "elasticity": "elasticity d ln y / d ln p (dimensionless)",
    "mu_star": "mu*: mean absolute change of the output over the 5 to 95 % range",
    "ST": "share of variance: bar total order ST, open circle first order S1",
}
HEADS = {"elasticity": "elasticity", "other_structure_ratio": "ratio with the other structure", "mu_star": "µ*", "mu": "µ", "sigma": "σ", "ST": "total order", "S1": "first order"}
METHODS = {"local": "Elasticities at the nominal values", "morris": "Morris screening", "sobol": "Sobol indices after Morris screening"}
Data = Mapping[str, Any]


def content(document: Data | None) -> dict[str, Any] | None:
    """What the report prints of a ``sensitivity.json``."""
    if document is None:
        return None
    method = document["method"]
    columns = COLUMNS[method]
    outputs = []
    for name, found in document["outputs"].items():
        label = f"{METHODS[method]}: {output_words(name, document)}; values in the table below."
        outputs.append(
            {
                "name": output_words(name, document),
                "reason": found.get("reason"),
                "lost": found.get("lost_points"),
                "figure": svg(document, name, label) if found["parameters"] else None,
                "rows": [(row, [(row.get(c), row.get(f"{c}_half")) for c in columns]) for row in found["parameters"]],
            }
        )
    return {
        "method": METHODS[method], "heads": [HEADS[c] for c in columns], "outputs": outputs, "varied": document["parameters_varied"],
        "points": document.get("points"), "screening": document.get("screening"), "seed": document["seed"], "samples": document["samples"],
    }  # fmt: skip


def output_words(name: str, document: Data) -> str:
    """An output in words, with what it is counted in."""
    asked = document["question"]
    if name == "change":
        return f"change of {asked['readout']} against {asked['control']} at {asked['at_h']:g} h"
    if name == "held":
        return "guides held in AGO per cell" if document["method"] == "local" else "log10 of the guides held in AGO per cell"
    return f"{name} at {asked['at_h']:g} h"


def svg(document: Data, output: str, label: str) -> Markup:
    """The bars of one output as inline SVG."""
    rows = shown(document, output)
    return figures.render(f"sensitivity-{list(document['outputs']).index(output)}", _height(len(rows)), label, _drawing(document, output))


def png(document: Data, output: str) -> bytes:
    """The bars of one output as PNG."""
    import matplotlib

    matplotlib.use("Agg", force=False)
    from matplotlib.figure import Figure

    with matplotlib.rc_context(cast(Any, figures.STYLE)), np.errstate(all="ignore"):
        figure = Figure(figsize=(figures.WIDTH, _height(len(shown(document, output)))), layout="constrained")
        _drawing(document, output)(figure)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=150, metadata={"Software": None})
    return buffer.getvalue()


def shown(document: Data, output: str) -> list[Data]:
    """The parameters that are drawn, most telling first."""
    main = COLUMNS[document["method"]][0]
    return [row for row in document["outputs"][output]["parameters"] if row.get(main) is not None][:MOST_BARS]


def _height(rows: int) -> float:
    return 1.5 + 0.36 * rows


def _drawing(document: Data, output: str) -> Callable[[Figure], None]:
    rows, main = shown(document, output), COLUMNS[document["method"]][0]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for i, row in enumerate(rows):
            _bar(axes, i, row, main)
        axes.set_yticks(range(len(rows)), [figures._wrap(words.plain_name(row["parameter"]), figures.LABEL_WIDTH) for row in rows], fontsize=8)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.axvline(0, color=figures.INK, linewidth=0.8)
        axes.grid(True, axis="x")
        axes.set_axisbelow(True)
        axes.set_title(output_words(output, document), loc="left")
        axes.set_xlabel(NAMES[main] + ("" if main == "elasticity" else "; whiskers: 90 % interval"))
        figures._certainty_legend(axes)

    return draw


def _bar(axes: Axes, position: int, row: Data, main: str) -> None:
    colour, hatch = figures.CERTAINTY[words.certainty(row["status"], row["spread_status"])]
    axes.barh(position, row[main], height=0.66, color=colour, alpha=0.75, hatch=hatch, edgecolor="white", linewidth=0)
    if row.get(f"{main}_half") is not None:
        axes.errorbar(row[main], position, xerr=row[f"{main}_half"], fmt="none", ecolor=figures.INK, elinewidth=1.0, capsize=2.5)
    if main == "ST" and row.get("S1") is not None:
        look: dict[str, Any] = {"fmt": "o", "markersize": 4, "markerfacecolor": "white", "color": figures.INK, "ecolor": figures.GREY, "elinewidth": 0.8, "capsize": 1.5}
        axes.errorbar(row["S1"], position + 0.22, xerr=row.get("S1_half") or 0.0, **look)


def table(document: Data) -> bytes:
    """All outputs as one tab-separated table."""
    numbers = list(dict.fromkeys(key for found in document["outputs"].values() for row in found["parameters"] for key in row if key not in _TEXT))
    lines = ["\t".join(["output", "parameter", *numbers, "status", "spread_status", "records"])]
    for output, found in document["outputs"].items():
        for row in found["parameters"]:
            cells = ["" if row.get(key) is None else repr(row[key]) for key in numbers]
            lines.append("\t".join([output, row["parameter"], *cells, row["status"], row["spread_status"], ",".join(row["records"])]))
    return ("\n".join(lines) + "\n").encode()


_TEXT: Sequence[str] = ("parameter", "status", "spread_status", "records")
