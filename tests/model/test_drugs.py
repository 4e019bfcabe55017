"""Free drugs and radiotherapy in a scenario: what is written, what is refused, what the arm then has."""

import pytest

from vesicle.engines.ode import OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.errors import SchemaError, UnitError, UnknownName
from vesicle.evidence import shipped
from vesicle.model import sbml
from vesicle.model.assembly import assemble
from vesicle.model.scenario import FreeDrugSpec, RadiationSpec
from vesicle.model.scenario_file import load, parse
from vesicle.network.expressions import symbol
from vesicle.reading import yaml_tree
from vesicle.reading.trees import Node

BODY, WELL = "pancreas-kras", "breast-mir100-well"
MOUSE_WEIGHT_G, MOLAR_MASS = 20.0, 263.2


def scenario(name, drugs=(), radiation=()):
    """A shipped scenario whose asked arm gets drugs beside its vesicles; checked as a file would be."""
    read = load(name)
    arm = read.arms[read.question.arm]
    given = {"drugs": tuple(FreeDrugSpec.model_validate(d) for d in drugs), "radiation": tuple(RadiationSpec.model_validate(r) for r in radiation)}
    return read.model_copy(update={"arms": {**read.arms, read.question.arm: arm.model_copy(update=given)}})


def model(name, drugs=(), radiation=()):
    read = scenario(name, drugs, radiation)
    return assemble(read, shipped(), [read.question.arm])[read.question.arm]


def doses_to(found, prefix):
    known = {symbol(p.id): p.value for p in found.network.parameters}
    return [(d.time, float(d.amount.xreplace(known))) for d in found.network.arm.doses if d.species.startswith(prefix)]


def test_dose_per_body_weight_becomes_an_amount_by_weight_and_molar_mass():
    found = model(BODY, [{"name": "gemcitabine", "route": "intraperitoneal", "dose": "50 mg/kg", "start": "24 h", "every": "72 h", "count": "3"}])
    expected = 50e-3 * MOUSE_WEIGHT_G / MOLAR_MASS * 1e6  # mg/g times g over mg/mmol, in nmol
    assert [time for time, _ in doses_to(found, "dosed__")] == [24, 96, 168]
    assert [amount for _, amount in doses_to(found, "dosed__")] == pytest.approx([expected] * 3, rel=1e-6)


def test_dose_by_mass_needs_no_weight():
    found = model(BODY, [{"name": "gemcitabine", "route": "intravenous", "dose": "1 mg"}])
    assert doses_to(found, "dosed__gemcitabine__central") == [(0, pytest.approx(1 / MOLAR_MASS * 1e6, rel=1e-6))]


def test_infusion_starts_and_ends():
    found = model(BODY, [{"name": "gemcitabine", "route": "intravenous", "dose": "1 mg", "duration": "2 h", "start": "1 h"}])
    (on, rate), (off, less) = doses_to(found, "infusion__")
    assert (on, off, rate + less) == (1, 3, 0)
    assert rate * 2 == pytest.approx(1 / MOLAR_MASS * 1e6, rel=1e-6)


def test_well_gets_its_concentration():
    found = model(WELL, [{"name": "5-fluorouracil", "route": "well", "concentration": "5 uM", "start": "6 h"}])
    known = {symbol(p.id): p.value for p in found.network.parameters}
    concentration = next(r.expression for r in found.network.rules if r.id == "drug_at_cells__x_5_fluorouracil")
    (dose,) = [d for d in found.network.arm.doses if d.species.startswith("dosed__")]
    assert float(concentration.subs(symbol(dose.species), dose.amount).xreplace(known)) == pytest.approx(5.0, rel=1e-9)


def test_fractions_are_pulses_of_the_beam():
    found = model(WELL, (), [{"dose": "2 Gy", "start": "10 h", "every": "24 h", "count": "2"}])
    pulses = doses_to(found, "radiation_hazard")
    assert [round(time) for time, _ in sorted(pulses)] == [10, 10, 34, 34]
    assert sum(height for _, height in pulses) == 0


def test_arm_without_drugs_is_what_it_was():
    assert model(BODY).network == assemble(load(BODY), shipped(), [load(BODY).question.arm])[load(BODY).question.arm].network
    assert not [r.id for r in model(BODY).network.rules if r.id.startswith("kill_rate")]


def test_vesicles_keep_their_parameters_beside_a_drug():
    """So draws stay paired between the arm with and without the drug."""
    alone, beside = ({p.id: p for p in m.network.parameters} for m in (model(BODY), model(BODY, [{"name": "doxorubicin", "route": "intravenous", "dose": "5 mg/kg"}])))
    assert all(beside[name] == parameter for name, parameter in alone.items())


def test_exported_sbml_with_a_drug_and_a_beam_is_valid():
    found = model(WELL, [{"name": "temozolomide", "route": "well", "concentration": "200 uM", "duration": "6 h"}], [{"dose": "2 Gy"}])
    assert sbml.problems(sbml.write(found.network, found.flat)) == []


# what is refused ---------------------------------------------------------------------------------


def checked(name, keys):
    """The scenario read from its file with other keys for an arm, with every check of a file."""
    import io

    from ruamel.yaml import YAML

    from vesicle.model.scenario_file import find

    yaml = YAML()
    data = yaml.load(find(name).read_text(encoding="utf-8"))
    data["arms"][load(name).question.arm].update(keys)
    text = io.StringIO()
    yaml.dump(data, text)
    return text.getvalue()


@pytest.fixture
def read(tmp_path):
    def reading(name, **keys):
        path = tmp_path / "own.yaml"
        path.write_text(checked(name, keys), encoding="utf-8")
        tree: Node = yaml_tree(path)
        return parse(tree, {})

    return reading


@pytest.mark.parametrize(("name", "given", "problem", "words"), [
    (BODY, {"name": "gemcitabine", "route": "intravenous", "concentration": "5 uM"}, SchemaError, ("concentration", "dose: 50 mg/kg")),
    (WELL, {"name": "gemcitabine", "route": "well", "dose": "50 mg/kg"}, SchemaError, ("dose", "concentration: 200 uM")),
    (WELL, {"name": "gemcitabine", "route": "oral", "concentration": "5 uM"}, SchemaError, ("does not exist in a well", "well")),
    (BODY, {"name": "gemcitabine", "route": "orally", "dose": "5 mg/kg"}, SchemaError, ("Did you mean 'oral'?",)),
    (BODY, {"name": "gemcitabine", "route": "oral", "dose": "5 mg/kg", "duration": "2 h"}, SchemaError, ("no duration", "infusion")),
    (BODY, {"name": "gemcitabine", "route": "oral"}, SchemaError, ("'dose' is missing",)),
    (BODY, {"name": "gemcitabine", "route": "oral", "dose": "5 uM"}, UnitError, ("50 mg/kg",)),
    (BODY, {"name": "gemcitabine", "route": "oral", "dose": "-5 mg/kg"}, UnitError, ("below zero",)),
    (BODY, {"name": "gemcitabine", "route": "oral", "dose": "5 mg/kg", "count": 3}, SchemaError, ("interval", "every")),
    (BODY, {"name": "gemcitabine", "route": "oral", "dose": "5 mg/kg", "amount": "1"}, SchemaError, ("unknown key 'amount'",)),
])  # fmt: skip
def test_wrong_drug_is_one_located_sentence(read, name, given, problem, words):
    with pytest.raises(problem) as caught:
        read(name, drugs=[given])
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert "own.yaml:" in str(caught.value)


def test_fraction_in_another_unit_is_refused(read):
    with pytest.raises(UnitError, match="Gy"):
        read(WELL, radiation=[{"dose": "2 mg"}])


def test_drugs_of_a_culture_are_refused(read):
    with pytest.raises(SchemaError, match="culture"):
        read("hypoxia-release", radiation=[{"dose": "2 Gy"}])


def test_drug_without_an_ic50_is_unknown_and_the_nearest_is_named():
    with pytest.raises(UnknownName, match="Did you mean 'temozolomide'"):
        model(WELL, [{"name": "temozolamide", "route": "well", "concentration": "5 uM"}])


# one drug, whatever way it comes ------------------------------------------------------------------

MDR, BODY_MDR = "paclitaxel-mdr-well", "lung-milk-paclitaxel"
FREE_IN_WELL = FreeDrugSpec(name="paclitaxel", route="well", concentration="6.5 nM")
FREE_IN_BODY = FreeDrugSpec(name="paclitaxel", route="intravenous", dose="4 mg/kg")


def ends(name, arms, hours, wanted):
    """Readouts at a time of arms that are all given as (doses of this arm, free drugs)."""
    read = load(name, {"duration": f"{hours} h", "question.at": f"{hours} h"})
    made = {f"arm_{i}": read.arms[arm].model_copy(update={"drugs": drugs, "control": "", **({} if doses else {"doses": ()})}) for i, (arm, doses, drugs) in enumerate(arms)}
    whole = read.model_copy(update={"arms": {**read.arms, **made}, "parameters": {}})
    out = []
    for arm, found in assemble(whole, shipped(), list(made)).items():
        program, lean = compile_model(found, output_times(hours, hours))
        run = OdeEngine(1e-9).run(program, values_of(lean, found.network.parameters, draw_matrix(found.network.parameters, 1, [-1]))[0])
        assert run.status == "ok", arm
        out.append({key: run.amount(key)[-1] for key in wanted})
    return out


@pytest.mark.parametrize("arm", ["sonicated", "resistant_sonicated"])
def test_drug_on_vesicles_and_free_adds_up_in_a_well_with_and_without_a_pump(arm):
    """Every step is linear in the drug as long as as many cells hold it: what both bring is the sum to what a few more dead cells make of it (half of a per cent)."""
    seen = "met:paclitaxel"
    both, carried, free = (x[seen] for x in ends(MDR, [(arm, True, (FREE_IN_WELL,)), (arm, True, ()), (arm, False, (FREE_IN_WELL,))], 6, [seen]))
    assert min(carried, free) > 0
    assert both == pytest.approx(carried + free, rel=5e-3)


def test_free_drug_by_either_key_is_the_same_drug():
    """Dissolved from the start or given as a dose at time 0: one concentration in the cells of an ABCB1 line, one kill."""
    wanted = ["met:paclitaxel", "log_kill", "cells"]
    dose, dissolved = ends(MDR, [("resistant_sonicated", False, (FREE_IN_WELL,)), ("resistant_free", True, ())], 24, wanted)
    assert list(dose.values()) == pytest.approx(list(dissolved.values()), rel=1e-4)


def test_drug_on_vesicles_and_free_adds_up_in_a_body():
    """What both bring is the sum, but for the tenth or less of the cells that both together kill beyond one: these hold drug no longer."""
    wanted = ["met:paclitaxel", "log_kill"]
    both, carried, free = ends(BODY_MDR, [("milk_paclitaxel", True, (FREE_IN_BODY,)), ("milk_paclitaxel", True, ()), ("milk_paclitaxel", False, (FREE_IN_BODY,))], 6, wanted)
    assert min(carried["met:paclitaxel"], free["met:paclitaxel"]) > 0
    assert both["met:paclitaxel"] == pytest.approx(carried["met:paclitaxel"] + free["met:paclitaxel"], rel=5e-2)
    assert both["log_kill"] > max(carried["log_kill"], free["log_kill"])


def test_ic50_counts_once():
    """Growth knows of a drug by the divisions that it leaves alone, and the IC50 stands in one rule: the effect that halting and killing share."""
    found = assemble(load(MDR), shipped(), ["free", "medium"])
    births = {arm: next(r.expression for r in m.network.rules if r.id == "birth_rate_cycling") for arm, m in found.items()}
    assert births["free"] == births["medium"] * symbol("divisions_left")
    reads = {r.id for r in found["free"].network.rules if any(str(s).startswith("ic50__") for s in r.expression.free_symbols)}
    assert reads == {"effect_rate__paclitaxel"}


# nodes that an inhibitor holds down ---------------------------------------------------------------


def test_blocked_node_stops_what_passes_through_it_alone():
    """RAF1 reaches ABCB1 through MAP2K1 only: blocked, RAF1 in every cell moves nothing, while the block itself acts in cells that nothing reached."""
    read = load("gastric-5fu-well")
    found = assemble(read, shipped(), ["drug_mek_blocked", "drug_and_raf1_delivered_mek_blocked", "drug_and_raf1_delivered"])
    level = {}
    for arm, model_ in found.items():
        program, lean = compile_model(model_, output_times(48, 48))
        run = OdeEngine(1e-9).run(program, values_of(lean, model_.network.parameters, draw_matrix(model_.network.parameters, 1, [-1]))[0])
        level[arm] = run.amount("level:ABCB1")[-1]
    alone, both, open_ = (level[arm] for arm in ("drug_mek_blocked", "drug_and_raf1_delivered_mek_blocked", "drug_and_raf1_delivered"))
    assert both == pytest.approx(alone, rel=1e-6)
    assert alone < 1 < open_


def test_unknown_node_to_block_names_the_nearest():
    read = load("gastric-5fu-well")
    arm = read.arms["drug"].model_copy(update={"blocked": ("MAP2K",)})
    changed = read.model_copy(update={"arms": {**read.arms, "drug": arm}})
    with pytest.raises(UnknownName, match="node to block"):
        assemble(changed, shipped(), ["drug"])


def test_block_in_a_recipient_that_follows_nothing_is_refused():
    recipients = {name: cell.model_copy(update={"follows": ()}) for name, cell in load(MDR).recipients.items()}
    arm = load(MDR).arms["medium"].model_copy(update={"blocked": ("MAP2K1",)})
    with pytest.raises(SchemaError, match="follows nothing"):
        assemble(load(MDR).model_copy(update={"recipients": recipients, "arms": {**load(MDR).arms, "medium": arm}}), shipped(), ["medium"])
