"""A drug on a carrier by two residences, against limits and an integrator."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from vesicle.evidence import shipped
from vesicle.mechanisms.travelling.circulation import VASCULAR
from vesicle.readouts.carried_drug import carried
from vesicle.readouts.exposure import Stay
from vesicle.systems.body_runs import bodies, stays
from vesicle.systems.nominal import followed

ROWS = 3


def small(hazards):
    """Residence of a carrier or drug among blood, tumour and cells of the liver, from the blood."""
    places = ("vein", "tumour_interstitium", "liver", "liver_phagocytes")
    ways = {f"{a}_{b}": (a, b) for a, b in hazards}
    rates = np.zeros((4, 4))
    for (a, b), h in hazards.items():
        rates[places.index(a), places.index(a)] -= h
        if b in places:
            rates[places.index(b), places.index(a)] += h
    hours = -np.linalg.solve(rates, np.array([1.0, 0, 0, 0]))
    return Stay(places, np.tile(hours, (ROWS, 1)), ways, {f"{a}_{b}": np.full(ROWS, h) for (a, b), h in hazards.items()}, {}), rates


CARRIER = {("vein", "tumour_interstitium"): 0.1, ("tumour_interstitium", "vein"): 0.3, ("vein", "liver"): 2.0, ("liver", "vein"): 1.0, ("liver", "liver_phagocytes"): 3.0,
           ("liver_phagocytes", "digested"): 0.1, ("tumour_interstitium", "drained"): 0.05}  # fmt: skip
DRUG = {
    ("vein", "tumour_interstitium"): 5.0,
    ("tumour_interstitium", "vein"): 1.0,
    ("vein", "liver"): 4.0,
    ("liver", "vein"): 4.0,
    ("vein", "metabolised"): 2.0,
    ("liver_phagocytes", "gone"): 1.0,
}


@pytest.mark.parametrize(("off", "left"), [(0.01, 1.0), (0.7, 0.4), (20.0, 0.0)])
def test_hours_are_those_of_the_integrated_system(off, left):
    """Hours are integrals to the end; 600 h is over two hundred times the slowest life here, LSODA at 1e-10."""
    (carrier, k), (drug, kd) = small(CARRIER), small(DRUG)
    found = carried(carrier, drug, np.full(ROWS, off), np.full(ROWS, left))
    goal = np.diag([1.0, 1.0, 1.0, 0.0])
    goal[2, 3] = left

    def change(_, y):
        on, free = y[:4], y[4:8]
        in_cells = 0.1 * on * np.array([0, 0, 0, 1.0])  # digested carriers leave the drug in the cell
        return np.concatenate([k @ on - off * on, kd @ free + goal @ (off * on + in_cells), on, free])

    run = solve_ivp(change, (0, 600), np.array([1.0] + [0.0] * 15), method="LSODA", rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(np.concatenate([found.on[0], found.off[0]]), run.y[8:, -1], rtol=1e-5, atol=1e-9)


def test_hours_are_those_of_the_engine():
    """One body by both: blood and tumour. The engine stops after five days, fills phagocytes by a thousandth and lets a small tumour grow; a percent covers all three."""
    models = bodies(shipped(), "mouse-curcumin")
    found = stays({arm: models[arm] for arm in ("free_intravenous", "exosomal_intravenous")}, 0)
    records = [shipped().of(name)[0].value * np.ones(1) for name in ("drug_release_rate", "drug_share_left_by_phagocytes")]
    linear = carried(found.arms["exosomal_intravenous"], found.arms["free_intravenous"], *records)
    run = followed(models["exosomal_intravenous"], 120.0, 0.01)
    given = run.amount("drug:blood")[0]
    assert np.trapezoid(run.amount("drug:blood"), run.times) / given == pytest.approx(linear.time_in(VASCULAR)[0], rel=0.01)


def test_drug_that_leaves_at_once_is_the_free_drug_and_one_that_never_does_is_the_carrier():
    found = stays(bodies(shipped(), "mouse-carriers", arms=("exosome", "liposome", "drug")), 5)
    exosome, drug = found.arms["exosome"], found.arms["drug"]
    ones = np.ones(6)
    np.testing.assert_allclose(carried(exosome, drug, 1e9 * ones, ones).time_in(VASCULAR), drug.time_in(VASCULAR), rtol=1e-5)
    never = carried(exosome, drug, 1e-12 * ones, ones)
    np.testing.assert_allclose(never.on, exosome.hours, rtol=1e-5)
