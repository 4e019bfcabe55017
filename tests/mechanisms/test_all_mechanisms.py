"""What every mechanism owes: its declarations, the numbers it asks for, positive rates, nothing lost."""

import ast
import functools
import inspect
import re
import sys
import textwrap

import numpy as np
import pytest
from shipped_models import ARMS, EVERY_ARM, EVERY_SCENARIO, models, unlike

from vesicle.engines.program import draw_matrix
from vesicle.engines.tape import record
from vesicle.evidence import shipped
from vesicle.evidence.claim import Claim
from vesicle.mechanisms.base import Mechanism
from vesicle.mechanisms.registry import all_mechanisms
from vesicle.mechanisms.travelling.label import ORGAN_PLACES
from vesicle.model.donor import Donor, assemble_donor
from vesicle.model.dormant import assemble_waking
from vesicle.model.resistant import Mixture, Resisting, assemble_mixture, assemble_resisting
from vesicle.model.scenario import FreeDrugSpec, RadiationSpec
from vesicle.model.scenario_file import load, shipped_names
from vesicle.model.three_states import Tumour, assemble_tumour
from vesicle.model.vessels import Tissue, assemble_vessels
from vesicle.network.expressions import TIME_NAME, symbol
from vesicle.network.flat import visited
from vesicle.products.cargo import Drug, MessengerRNA, MicroRNA, Protein
from vesicle.products.dna import DNA
from vesicle.systems.d8_resensitisation import drug
from vesicle.systems.drug_runs import Treatment, assemble_treatment

MECHANISMS = all_mechanisms()
CHAPTERS = ("making", "travelling", "entering", "acting", "signalling", "phenotype", "immune", "drug")
EVERY = pytest.mark.parametrize("kind", MECHANISMS.values(), ids=MECHANISMS)
ROOM = "vesicle.mechanisms"


def test_mechanisms_of_every_chapter_with_modules_are_found():
    assert len(MECHANISMS) >= 13
    assert {kind.chapter for kind in MECHANISMS.values()} >= {"travelling", "entering", "acting", "phenotype"}


def test_every_class_of_the_room_is_found_once():
    classes = {value for name, module in list(sys.modules.items()) if name.startswith(ROOM + ".") for value in vars(module).values()
               if isinstance(value, type) and issubclass(value, Mechanism) and not inspect.isabstract(value)}  # fmt: skip
    assert classes == set(MECHANISMS.values())


@EVERY
def test_name_is_a_lower_snake_case_word_of_its_own(kind):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", kind.name)
    assert MECHANISMS[kind.name] is kind


@EVERY
def test_chapter_is_where_the_module_lives(kind):
    assert kind.chapter in CHAPTERS
    assert kind.__module__.split(".")[2] == kind.chapter


@EVERY
def test_system_is_one_of_a1_to_g5(kind):
    assert re.fullmatch(r"[A-G][1-9]", kind.system)


@EVERY
def test_conservation_and_absence_are_said_in_words(kind):
    assert ":" in kind.conserves
    assert len(kind.absent.split()) >= 3


@EVERY
def test_claims_are_claims_of_the_library(kind):
    assert all(isinstance(shipped().by_id.get(name), Claim) for name in kind.claims)


@EVERY
def test_class_says_what_the_process_is(kind):
    assert kind.__dict__["__doc__"]
    assert kind.__doc__.strip().splitlines()[0].endswith(".")


@EVERY
def test_module_shows_its_rates_as_formulas(kind):
    """An equation, or a rate constant named where it acts (k_off, CL_i, 4 pi D a)."""
    text = sys.modules[kind.__module__].__doc__
    assert re.search(r"\w+ *= *\S|\bk_\w+|\bQ_\w+", text)


# what the source asks for ------------------------------------------------------------------------


def called(tree, scope):
    """Functions of this room that a piece of code calls by name."""
    names = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return {f for name in names if inspect.isfunction(f := scope.get(name)) and f.__module__.startswith(ROOM)}


def asked(tree):
    """Quantities asked for: ``site.quantity("x", ...)`` and ``in_cell(site, "x", ...)``."""
    out = set()
    for node in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "quantity":
            out.add(node.args[0])
        elif isinstance(node.func, ast.Name) and node.func.id == "in_cell":
            out.add(node.args[1])
    return out


@functools.cache
def asked_by(thing) -> frozenset[str]:
    """Every quantity that a class or function of the room asks for, helpers included."""
    seen, waiting, out = set(), [thing], set()
    while waiting:
        one = waiting.pop()
        if one in seen or getattr(one, "__name__", "") == "in_cell":
            continue
        seen.add(one)
        tree = ast.parse(textwrap.dedent(inspect.getsource(one)))
        out |= asked(tree)
        waiting += called(tree, vars(sys.modules[one.__module__]))
    assert all(isinstance(node, ast.Constant) for node in out), f"{thing.__name__} asks for a quantity whose name is not a plain text"
    return frozenset(node.value for node in out)


@EVERY
def test_listed_quantities_are_those_that_the_source_asks_for(kind):
    assert set(kind.quantities) == asked_by(kind)


@EVERY
def test_no_quantity_is_listed_twice(kind):
    assert len(set(kind.quantities)) == len(kind.quantities)


@EVERY
def test_every_quantity_has_a_record_that_may_enter_a_model(kind):
    without = {q for q in asked_by(kind) | set(kind.quantities) if not any(m.role == "input" and m.distribution != "none" for m in shipped().of(q))}
    assert without == set()


@EVERY
def test_no_number_hides_in_a_formula(kind):
    """Whole numbers up to 18 (4 pi D a, 18 eta, x^2) are geometry; anything else must have a record."""
    numbers = {node.value for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(kind)))) if isinstance(node, ast.Constant) and isinstance(node.value, (int, float))}
    assert {n for n in numbers if not isinstance(n, bool) and (n != int(n) or abs(n) > 18)} == set()


# what the assembled arms do ----------------------------------------------------------------------

STATES = 40


def resolved(rules):
    """Rules in an order in which each needs only those before it."""
    pending, done = dict(rules), {}
    while pending:
        ready = [name for name, e in pending.items() if not ({str(s) for s in e.free_symbols} & pending.keys())]
        assert ready, f"rules that need each other: {sorted(pending)}"
        for name in ready:
            done[name] = pending.pop(name)
    return done


def rates_at_random_states(model, seed=7):
    """(flow id, (STATES,) rates): every row another draw of the parameters and another non-negative state.

    Amounts are zero in a third of the cases, else anywhere between 1e-3 and 1e13; cells between 1 and 1e11; activities and other pure numbers between 0 and 1.
    """
    random = np.random.default_rng(seed)
    parameters = model.network.parameters
    matrix = draw_matrix(parameters, 1, range(STATES), model.network.arm.set)
    known = {p.id: matrix[:, i] for i, p in enumerate(parameters)}
    for name, (unit, _, place) in model.flat.species.items():
        amounts = 10.0 ** random.uniform(-3, 13, STATES) * (random.uniform(size=STATES) > 1 / 3)
        living = unit == "cell" and (place == name or name == f"{place}_cycling")
        known[name] = 10.0 ** random.uniform(0, 11, STATES) if living else random.uniform(size=STATES) if unit == "1" else amounts
    known |= {gate.id: random.uniform(size=STATES) for gate in model.network.gates}
    limit_loads(known)
    known.setdefault(TIME_NAME, np.zeros(STATES))
    held = resolved({r.id: r.expression for r in model.network.rules})
    tape = record([flow.rate for flow in model.flat.flows], list(known), held)
    with np.errstate(under="ignore", over="raise", invalid="raise", divide="raise"):
        return list(zip((flow.id for flow in model.flat.flows), tape.play(np.array(list(known.values())).T), strict=True))


def limit_loads(known):
    """Live releases per cell stay below 1000: above 1420 the written form of 1 - exp(-L) overflows (tests/analytic)."""
    cells = next(v for name, v in known.items() if name.removesuffix("_cycling") in ("tumour_cells", "brain_cells", "floor_cells", "suspended_cells", "donor_cells"))
    for name in known:
        if name.endswith("_loads"):
            known[name] = np.minimum(known[name], 1e3 * cells)


@EVERY_SCENARIO
def test_no_rate_is_negative_at_any_state_of_any_draw(name):
    """A difference that should be zero may round to below it, by 1e-12 of the largest rate at that state; arms of unlike structure."""
    for arm in unlike(name):
        rates = rates_at_random_states(models(name)[arm])
        if not rates:
            continue
        size = np.max([np.abs(rate) for _, rate in rates], axis=0)
        assert [(arm, flow) for flow, rate in rates if not np.all(rate >= -1e-12 * size)] == []


@EVERY_ARM
def test_every_flow_keeps_its_particles(name, arm):
    """Places plus sinks: what one loses another gains, flow by flow, for particles and for what they carry, on and off them; what a donor makes is counted."""
    model = models(name)[arm]
    kinds = {p.id: {p.id} for p in model.network.particles}
    for particle in model.network.particles:
        for passenger in (p for p in particle.passengers if p.tracked):
            kinds.setdefault(passenger.entity, {f"{passenger.entity}_free"}).add(f"{passenger.entity}_on_{particle.id}")
    for flow in model.flat.flows:
        for entity, prefixes in kinds.items():
            inside = {f"in_cytosol__{entity}", f"lost__{entity}"}
            places = [change for species, change in flow.changes.items() if species.partition("__")[0] in prefixes or species in inside]
            sinks = [change for species, change in flow.changes.items() if species.startswith("out_") and species.endswith(f"__{entity}")]
            made = flow.changes.get(f"n_made__{entity}", 0) + flow.changes.get(f"made_anew__{entity}", 0)
            assert sum(places) + sum(sinks) == made, f"{flow.id} loses or makes {entity}"


@EVERY_ARM
def test_every_flow_of_particles_takes_from_an_amount_that_its_rate_is_proportional_to(name, arm):
    """So no amount can be drained below zero: the rate vanishes where the source is empty."""
    model = models(name)[arm]
    for flow in model.flat.flows:
        taken = [species for species, change in flow.changes.items() if change < 0 and not species.startswith("n_")]
        for species in taken:
            assert flow.rate.subs(symbol(species), 0) == 0, f"{flow.id} takes from an empty '{species}'"


@EVERY_ARM
def test_what_goes_back_over_a_step_goes_to_where_particles_come_over_it_from(name, arm):
    """Only recycling lets a vesicle out elsewhere: beside the cell, not on its surface."""
    network = models(name)[arm].network
    ways = {(t.particle, t.step, t.source, t.target) for t in network.transfers if t.step and not t.backward}
    back = [t for t in network.transfers if t.backward and t.step and not t.id.startswith(("recycle__", "recycle_layer_"))]
    assert [t.id for t in back if (t.particle, t.step, t.target, t.source) not in ways] == []


@pytest.mark.parametrize(("name", "arm"), [(name, arm) for name, arm in ARMS if load(name).environment.kind == "body"])
def test_every_place_of_a_body_belongs_to_an_organ_that_an_instrument_reads(name, arm):
    read = {place for places in ORGAN_PLACES.values() for place in places}
    network = models(name)[arm].network
    assert {place for particle in network.particles for place in visited(network, particle.id)} <= read


def test_every_mechanism_acts_in_some_shipped_arm_or_in_the_donor():
    """By the quantities: at least one that it asks for is a parameter of a shipped arm, of a donor cell, of dormant cells or of a tissue with vessels."""
    arms = [model for name in shipped_names() for model in models(name).values()]
    cargo = (MicroRNA("hsa-miR-210-3p"), MessengerRNA("reporter", 1000), Protein("CD63", is_in_membrane=True), Drug("paclitaxel", 1e6), DNA("KRAS"))
    well = Treatment("A549", (drug("TRAIL", "1 nM"), drug("SNS-032", "1 nM")), (RadiationSpec(dose="2 Gy"),))
    mouse = Treatment("A549", (FreeDrugSpec(name="imatinib", route="oral", dose="1 mg"),), species="mouse")
    treated = (assemble_treatment(shipped(), arm) for arm in (well, mouse))
    tissue = assemble_vessels(Tissue(), shipped())
    made = (assemble_donor(Donor(cargo=cargo), shipped()), assemble_waking(1.0, shipped()), tissue, *small_networks(), *treated)
    used = {p.quantity for model in (*arms, *made) for p in model.network.parameters}
    assert {kind.name for kind in MECHANISMS.values() if asked_by(kind) and not asked_by(kind) & used} == set()


def small_networks():
    """A tumour in states, cells that resist, and a mixed culture."""
    return assemble_tumour(Tumour(law="vessel_limited"), shipped()), assemble_resisting(Resisting(levels={"BCL2": 2.0}), shipped()), assemble_mixture(Mixture(), shipped())


def test_vesicle_that_fuses_is_taken_in_and_released_at_once():
    network = models("breast-mir100-well")["natural_exosome"].network
    fuse = next(unpack for unpack in network.unpacks if unpack.id.startswith("fuse"))
    assert (fuse.step, fuse.also) == ("released", ("internalised",))
