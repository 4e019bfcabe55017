"""States of tumour cells in a scenario: what is in dying cells leaves with them, what is per living cell stays, vesicles are all accounted for."""

import numpy as np
import pytest

from vesicle.errors import SchemaError
from vesicle.evidence import shipped
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import load
from vesicle.network.expressions import symbol
from vesicle.systems.given_networks import Followed

BODY, WELL = "pancreas-kras", "breast-mir100-well"
SOLVER = 1e-6


def arm_of(name, arm, **changes):
    scenario = load(name, {f"recipients.{recipient}.{key}": value for recipient in load(name).recipients for key, value in changes.items()})
    return assemble(scenario, shipped(), [arm])[arm], scenario.duration


def followed(name, arm, **changes):
    model, hours = arm_of(name, arm, **changes)
    return model, Followed(model, hours).run()


@pytest.mark.parametrize("dormant", ["0 %", "40 %"])
def test_content_of_a_living_cell_stays_where_cells_are_born_die_and_sleep(dormant):
    """Messenger and protein per cell are at rest from the start: births, deaths and dilution must cancel."""
    _, run = followed(BODY, "vehicle", **{"states.dormant": dormant})
    assert run.amount("mRNA:KRAS") == pytest.approx(np.ones(len(run.times)), rel=SOLVER)
    assert run.amount("protein:KRAS") == pytest.approx(np.ones(len(run.times)), rel=SOLVER)


def test_content_of_a_living_cell_does_not_change_by_deaths_alone():
    """The same tumour with twice the turnover holds the same per cell."""
    model, hours = arm_of(BODY, "vehicle", **{"states.dormant": "10 %"})
    name = next(p.id for p in model.network.parameters if p.id.startswith("tumour_cell_death_rate"))
    run = Followed(model, hours).run(**{name: 0.05})
    assert run.amount("protein:KRAS") == pytest.approx(np.ones(len(run.times)), rel=SOLVER)


@pytest.mark.parametrize(("name", "arm"), [(BODY, "kras_exosome"), (WELL, "natural_exosome")])
def test_every_vesicle_is_somewhere_or_went_out_with_a_dead_cell(name, arm):
    """What one place loses another gains, flow by flow."""
    model, _ = arm_of(name, arm, **{"states.dormant": "20 %"})
    ids = {p.id for p in model.network.particles}
    for flow in model.flat.flows:
        for particle in ids:
            moved = sum(c for s, c in flow.changes.items() if s.partition("__")[0] == particle)
            out = sum(c for s, c in flow.changes.items() if s.startswith("out_") and s.endswith(f"__{particle}"))
            assert moved + out == 0, flow.id
    assert any(sink == "dead_cells" for sink, _ in model.flat.sinks)


@pytest.mark.parametrize("arm", ["kras_exosome", "kras_free"])
def test_everything_in_and_on_cells_dies_with_them(arm):
    """Every species of a place of the cells has a flow at the death rate that takes from it alone, and cells themselves have none."""
    model, _ = arm_of(BODY, arm, **{"states.dormant": "20 %"})
    inside = {name for name, (_, _, place) in model.flat.species.items() if place in ("tumour_cells", "tumour_surface", "tumour_endosome")}
    taken = {s for flow in model.flat.flows if flow.id.startswith("die_with_cell") for s, c in flow.changes.items() if c < 0}
    assert {name for name in inside if not name.startswith("tumour_cells_")} == taken


@pytest.mark.parametrize(
    ("name", "arm", "changes"),
    [(BODY, "kras_exosome", {"states.dormant": "20 %"}), (BODY, "kras_exosome", {"growth": "vessel_limited"}), (WELL, "natural_exosome", {"states.dormant": "20 %"})],
    ids=["states", "vessels", "well"],
)
def test_flows_take_only_from_amounts_that_their_rate_is_proportional_to(name, arm, changes):
    model, _ = arm_of(name, arm, **changes)
    for flow in model.flat.flows:
        for species, change in flow.changes.items():
            if change < 0 and not species.startswith("n_"):
                assert flow.rate.subs(symbol(species), 0) == 0, f"{flow.id} takes from an empty '{species}'"


def test_tumour_without_states_is_the_plain_one():
    """No share that sleeps and no law of vessels: nothing of the states is in the network."""
    model, _ = arm_of(BODY, "vehicle", growth="gompertz")
    assert not any(name.startswith("tumour_cells_") for name in model.flat.species)
    assert "death_rate" not in {rule.id for rule in model.network.rules}


def test_gompertz_slows_a_tumour_and_starts_like_the_exponential_one():
    plain, slowed = (followed(BODY, "vehicle", growth=law)[1].amount("cells") for law in ("exponential", "gompertz"))
    assert slowed[1] == pytest.approx(plain[1], rel=0.01)  # a hundred-and-twentieth of two weeks
    assert slowed[-1] < plain[-1]


def test_share_above_all_cells_is_refused_with_its_place():
    with pytest.raises(SchemaError, match="dormant"):
        arm_of(BODY, "vehicle", **{"states.dormant": "120 %"})


def test_vessels_in_a_well_are_refused():
    with pytest.raises(SchemaError, match="vessel_limited"):
        arm_of(WELL, "natural_exosome", growth="vessel_limited")
