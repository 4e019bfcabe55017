"""Perform a calibration and record it: the calibrated measurements and their loadings.

    python curation/calibrate.py secretion M-1063

Prints the rows for ``measurements.tsv`` (ids from the given one on) and ``calibrations.tsv``; nothing is written by itself, because a record is an act of
a person. Priors and data are read from the shipped records, without the calibration that stands there.
"""

from __future__ import annotations

import sys

from vesicle.evidence import shipped
from vesicle.evidence.measurement import COLUMNS
from vesicle.inference.calibration import act, calibrate

DIGITS = 4


def main(name: str, first: str) -> None:
    """Print the rows of one calibration."""
    what, library = act(name), shipped()
    found = calibrate(what, library)
    number = int(first.removeprefix("M-"))
    print("\t".join(("calibration", "kind", "record", "prior", "loadings")))
    for record in what.data:
        print(f"{name}\tdatum\t{record}\t\t")
    rows = []
    for i, prior_id in enumerate(what.priors):
        prior, record = library.by_id[prior_id], f"M-{number + i}"
        low, median, high = (f"{x:.{DIGITS}g}" for x in found.quantiles[prior_id])
        print(f"{name}\tfactor\t{record}\t{prior_id}\t{';'.join(f'{j}:{x:.9f}' for j, x in enumerate(found.loadings[i]))}")
        cells = dict.fromkeys(COLUMNS, "") | {
            "id": record, "quantity": prior.quantity, "symbol": prior.symbol, "value": median, "unit": prior.unit, "low": low, "high": high,
            "distribution": "lognormal" if prior.distribution == "loguniform" else prior.distribution, "product": prior.product,
            "conditions": f"calibration '{name}' on {', '.join(what.data)}", "reference": "calibrated", "status": "calibrated", "spread_status": "calibrated",
            "level": "uncertainty", "role": "input",
            "note": f"replaces {prior_id}; drawn together with the other factors (calibrations.tsv); {found.effective:.0f} effective draws",
        }  # fmt: skip
        rows.append("\t".join(cells[c] for c in COLUMNS))
    print("\n".join(rows))


if __name__ == "__main__":
    main(*sys.argv[1:3])
