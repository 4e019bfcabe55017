"""A scenario is read strictly: every slip of the pen is one sentence with its place and the nearest valid word."""

import re

import pytest

from vesicle.errors import InputError, SchemaError, UnitError, UnknownName
from vesicle.evidence import shipped
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import SHIPPED, find, load, shipped_names

WELL = (SHIPPED / "breast-mir100-well.yaml").read_text(encoding="utf-8")


def edited(folder, old, new):
    """The well scenario with one piece of text changed, and the number of the line where that piece begins."""
    assert WELL.count(old) >= 1, f"the shipped scenario no longer says {old!r}"
    path = folder / "mine.yaml"
    path.write_text(WELL.replace(old, new, 1), encoding="utf-8")
    return str(path), WELL[: WELL.index(old)].count("\n") + 1


def complaint(folder, old, new):
    """The message that an edit brings, and its line."""
    path, line = edited(folder, old, new)
    with pytest.raises(InputError) as caught:
        load(path)
    return str(caught.value), line


MISSPELT = {
    "top key": ("notes:", "ntes:", "notes"),
    "required top key": ("duration: 24 h", "duratoin: 24 h", "duration"),
    "environment key": ("settling: true", "setling: true", "settling"),
    "recipient key": ("disease: breast", "desease: breast", "disease"),
    "dose key": ("per: cell}", "pr: cell}", "per"),
    "cargo key": ("loading: overexpression, fold:", "loading: overexpression, fould:", "fold"),
    "question key": ("question: {arm: natural_exosome, control:", "question: {arm: natural_exosome, controll:", "control"),
    "environment kind": ("kind: well", "kind: wel", "well"),
    "product kind": ("kind: exosome", "kind: exosom", "exosome"),
    "loading": ("loading: endogenous", "loading: endogenus", "endogenous"),
    "route": ("route: well", "route: wel", "well"),
    "floor": ("floor: perfect_sink", "floor: perfectsink", "perfect_sink"),
    "unit": ("depth: 3 mm", "depth: 3 mmm", "mm"),
    "product": ("{product: natural_exosome", "{product: natural_exosme", "natural_exosome"),
    "arm of the question": ("arm: natural_exosome, control", "arm: natural_exosme, control", "natural_exosome"),
    "control of the question": ("control: vehicle, readout", "control: vehicel, readout", "vehicle"),
    "arm of a report": ("    arm: natural_exosome", "    arm: natural_exosme", "natural_exosome"),
    "recipient of an arm": ("label: medium only", "recipient: breast_canser", "breast_cancer"),
}


@pytest.mark.parametrize("slip", MISSPELT)
def test_misspelt_word_is_named_with_its_line_and_the_nearest_word(tmp_path, slip):
    old, new, nearest = MISSPELT[slip]
    message, line = complaint(tmp_path, old, new)
    assert message.startswith(f"mine.yaml:{line}: ")
    assert f"Did you mean '{nearest}'?" in message


@pytest.mark.parametrize(("text", "nearest"), [("ev_diameter__exosme: 100 nm", "ev_diameter__exosome"), ("total_mirna_per_e__exosome: 1 copy/EV", "total_mirna_per_ev__exosome")])
def test_misspelt_quantity_to_override_is_named_with_its_line_and_the_nearest_word(tmp_path, text, nearest):
    from vesicle.evidence import shipped
    from vesicle.model.assembly import assemble

    path, line = edited(tmp_path, "notes:\n", f"parameters: {{{text}}}\nnotes:\n")
    with pytest.raises(UnknownName) as caught:
        assemble(load(path), shipped())
    assert f"Did you mean '{nearest}'?" in str(caught.value)
    assert f"mine.yaml:{line}: " in str(caught.value)


def test_misspelt_readout_of_the_question_is_named_with_its_line_and_the_nearest_word(tmp_path):
    from vesicle.evidence import shipped
    from vesicle.model.assembly import assemble

    path, line = edited(
        tmp_path, 'question: {arm: natural_exosome, control: vehicle, readout: "mRNA:MTOR"', 'question: {arm: natural_exosome, control: vehicle, readout: "mRNA:MTR"'
    )
    with pytest.raises(UnknownName) as caught:
        assemble(load(path), shipped())
    assert "Did you mean 'mRNA:MTOR'?" in str(caught.value)
    assert f"mine.yaml:{line}: " in str(caught.value)


def test_misspelt_scenario_name_is_answered_with_the_nearest_shipped_one():
    with pytest.raises(UnknownName, match="unknown scenario 'pancreas-kra'. Did you mean 'pancreas-kras'"):
        find("pancreas-kra")


def test_misspelt_file_name_is_answered_with_the_nearest_file(tmp_path):
    (tmp_path / "tumour.yaml").write_text(WELL, encoding="utf-8")
    with pytest.raises(InputError, match=r"tumor.yaml: no such file.*did you mean 'tumour.yaml'"):
        load(str(tmp_path / "tumor.yaml"))


@pytest.mark.parametrize("amount", ["1e5", "5", "1e5 EW", "1e5 h"])
def test_dose_that_is_no_number_of_vesicles_and_no_mass_is_refused_where_it_stands(tmp_path, amount):
    message, line = complaint(tmp_path, "amount: 1e5 EV", f"amount: {amount}")
    assert message.startswith(f"mine.yaml:{line}: the dose amount")


def test_dose_without_a_unit_is_told_which_unit_is_missing(tmp_path):
    message, _ = complaint(tmp_path, "amount: 1e5 EV", "amount: 1e5")
    assert "'1e5' has no unit; expected one that converts to 'EV'" in message


def test_dose_below_zero_is_refused_where_it_stands(tmp_path):
    message, line = complaint(tmp_path, "amount: 1e5 EV", "amount: -1e5 EV")
    assert message.startswith(f"mine.yaml:{line}: ")
    assert "below zero" in message


def test_mass_of_protein_is_a_dose(tmp_path):
    path, _ = edited(tmp_path, "amount: 1e5 EV, per: cell", "amount: 5 ug")
    assert load(path).arms["natural_exosome"].doses[0].amount == "5 ug"


@pytest.mark.parametrize(
    "number", ["1_000 h", ".inf h", "-.inf h", ".nan h", "1e999 h", "0x10 h", "1:30 h", "2024-01-01", "2024-01-01 h", "no", "no h", "~", "1,5 h", "24", "", "[24 h]", "{h: 24}"]
)
def test_time_that_is_no_finite_number_with_a_unit_is_refused_where_it_stands(tmp_path, number):
    message, line = complaint(tmp_path, "duration: 24 h", f"duration: {number}")
    assert re.match(rf"mine\.yaml:{line}: 'duration': ", message)


@pytest.mark.parametrize(("written", "hours"), [("1e3 h", 1000.0), ("1E3 h", 1000.0), ("1.5e+2 h", 150.0), ("2 d", 48.0), ("3600 min", 60.0), ('"30 h"', 30.0), ("30h", 30.0)])
def test_numbers_of_yaml_1_2_are_read_as_written_and_converted(tmp_path, written, hours):
    path, _ = edited(tmp_path, "duration: 24 h", f"duration: {written}")
    assert load(path).duration == pytest.approx(hours, rel=1e-15)


@pytest.mark.parametrize("word", ["no", "on", "1e3", "null_state", "2024-01-01", "0o7", "1_000"])
def test_text_stays_the_text_that_was_written(tmp_path, word):
    path, _ = edited(tmp_path, "disease: breast carcinoma", f"disease: {word}")
    assert load(path).recipients["breast_cancer"].disease == word


@pytest.mark.parametrize("word", ["yes", "no", "on", "True", "1", "off"])
def test_truth_is_only_true_or_false(tmp_path, word):
    message, line = complaint(tmp_path, "settling: true", f"settling: {word}")
    assert message.startswith(f"mine.yaml:{line}: 'environment.settling': '{word}' is neither true nor false")


@pytest.mark.parametrize("word", ["1e1", "3.0", "-3", "0x1F", "1_0", "thirty"])
def test_count_is_digits_only(tmp_path, word):
    message, line = complaint(tmp_path, "layers: 30", f"layers: {word}")
    assert message.startswith(f"mine.yaml:{line}: 'environment.layers': '{word}' is not a whole number")


SHAPES = {
    "follows: a word": ("    genes: [", "    follows: ABCB1\n    genes: [", "'recipients.breast_cancer.follows' is the word 'ABCB1'; expected a list, e.g. [ABCB1]."),
    "drugs: a word": ("    floor: perfect_sink", "    drugs: doxorubicin", "is the word 'doxorubicin'; expected a list, e.g. [doxorubicin]."),
    "mirnas: nothing": ("    genes: [", "    mirnas:\n    genes: [", "'recipients.breast_cancer.mirnas' is empty; expected a list, e.g. [a, b]; [] for none."),
    "assume: a word": ("notes:", "assume: foo\nnotes:", "'assume' is the word 'foo'; expected a table of keys such as cytosolic_copies, "),
    "title: a list": ("title: ", "title: [a, b] #", "'title' is a list; expected one text."),
}


@pytest.mark.parametrize("slip", SHAPES)
def test_wrong_shape_is_told_in_plain_words(tmp_path, slip):
    old, new, says = SHAPES[slip]
    assert says in complaint(tmp_path, old, new)[0]


def test_environment_that_is_a_word_is_told_its_keys():
    with pytest.raises(SchemaError, match="--set environment: 'environment' is the word 'well'; expected a table of keys such as kind, "):
        load("breast-mir100-well", {"environment": "well"})


@pytest.mark.parametrize(("word", "near"), [("evidnce", "evidence"), ("PTNE", "PTEN"), ("TP5333", "TP53")])
def test_target_that_is_no_gene_is_refused_with_the_nearest(word, near):
    for name, path in (("cargo-well", "recipients.cells.mirnas.0.target"), ("breast-mir100-well", "products.natural_exosome.cargo.0.target")):
        found = load(name)
        path = path.replace("recipients.cells", f"recipients.{next(iter(found.recipients))}")
        with pytest.raises(UnknownName, match=rf"--set {path}: unknown gene .*'{word}'.*{near if name == 'cargo-well' or near != 'PTEN' else ''}"):
            load(name, {path: word})


def test_drug_that_starts_after_the_end_is_refused_and_a_shortened_run_is_not():
    name, arm = next((n, a) for n in shipped_names() for a, spec in load(n).arms.items() if spec.drugs)
    hours = load(name).duration
    with pytest.raises(SchemaError, match=f"--set arms.{arm}.drugs.0.start: given first at .*, expected before the end at {hours:g} h"):
        load(name, {f"arms.{arm}.drugs.0.start": f"{hours + 1} h"})
    load(name, {f"arms.{arm}.drugs.0.start": f"{hours / 2} h", "duration": f"{hours / 4} h", "question.at": f"{hours / 4} h"})


def test_duplicate_key_is_refused_at_its_second_line(tmp_path):
    message, line = complaint(tmp_path, "duration: 24 h\n", "duration: 24 h\nduration: 48 h\n")
    assert message.startswith(f"mine.yaml:{line + 1}: the key 'duration' stands twice (first on line {line})")


def test_question_after_the_end_is_refused_where_it_stands(tmp_path):
    message, line = complaint(tmp_path, "at: 24 h}", "at: 25 h}")
    assert message.startswith(f"mine.yaml:{line}: the question asks at 25 h, after the end at 24 h")


NONSENSE = {
    "question before the start": ("at: 24 h}", "at: -3 h}"),
    "depth below zero": ("depth: 3 mm", "depth: -3 mm"),
    "area of zero": ("area: 1.9 cm2", "area: 0 cm2"),
    "no layers": ("layers: 30", "layers: 0"),
    "floor layer of zero": ("floor_layer: 10 um", "floor_layer: 0 um"),
    "number of cells below zero": ("growth: exponential\n", "growth: exponential\n    cells: -1e5 cell\n"),
    "over-expression below zero": ("fold: 100 fold", "fold: -100 fold"),
    "dose before the start": ("per: cell}", "per: cell, start: -2 h}"),
    "doses that go back in time": ("per: cell}", "per: cell, every: -2 h, count: 3}"),
    "imposed copies below zero": ("notes:\n", "assume: {cytosolic_copies: -5 copy/cell}\nnotes:\n"),
    "duration of zero": ("duration: 24 h", "duration: 0 h"),
    "outputs every zero hours": ("observe_every: 1 h", "observe_every: 0 h"),
    "several doses without an interval": ("per: cell}", "per: cell, count: 3}"),
    "route of a body in a well": ("route: well", "route: intravenous"),
    "name of an arm that is no name": ("  vehicle:\n", "  ve-hicle:\n"),
}


@pytest.mark.parametrize("what", NONSENSE)
def test_what_cannot_be_in_a_laboratory_is_refused_with_a_place(tmp_path, what):
    message, _ = complaint(tmp_path, *NONSENSE[what])
    assert re.match(r"mine\.yaml:\d+: ", message)


SETS = {
    "unknown key": ("nots", "x", "notes"),
    "unknown key inside": ("environment.setling", "true", "settling"),
    "unit": ("environment.depth", "3 mmm", "mm"),
    "word of a list": ("arms.vehicle.floor", "perfectsink", "perfect_sink"),
    "arm": ("question.arm", "natural_exosme", "natural_exosome"),
    "product": ("arms.natural_exosome.doses.0.product", "natural_exosme", "natural_exosome"),
}


@pytest.mark.parametrize("what", SETS)
def test_wrong_set_names_the_set_and_the_nearest_word(what):
    path, value, nearest = SETS[what]
    with pytest.raises(InputError) as caught:
        load("breast-mir100-well", {path: value})
    assert str(caught.value).startswith(f"--set {path}: ")
    assert f"Did you mean '{nearest}'?" in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value"), [("duration", "48"), ("arms.natural_exosome.doses.0.amount", "1e5"), ("arms.natural_exosome.doses.0.amount", "-1 EV"), ("question.at", "25 h")]
)
def test_wrong_value_of_a_set_names_the_set(path, value):
    with pytest.raises(InputError) as caught:
        load("breast-mir100-well", {path: value})
    assert str(caught.value).startswith(f"--set {path}: ")


@pytest.mark.parametrize("path", ["arms.natural_exosome.doses.1.amount", "arms.natural_exosome.doses.x.amount", "arms.natural_exosome.doses.-1.amount"])
def test_set_beyond_a_list_says_how_long_the_list_is(path):
    with pytest.raises(SchemaError, match=r"^--set .*no position in a list of 1"):
        load("breast-mir100-well", {path: "1e5 EV"})


def test_set_below_a_value_is_refused():
    with pytest.raises(SchemaError, match=r"^--set duration.hours: 'duration' is a value"):
        load("breast-mir100-well", {"duration.hours": "3"})


def test_set_reaches_into_lists_by_position():
    changed = load("breast-mir100-well", {"arms.natural_exosome.doses.0.amount": "7e4 EV"})
    assert changed.arms["natural_exosome"].doses[0].amount == "7e4 EV"


def test_set_makes_the_mappings_on_its_way():
    assert load("breast-mir100-well", {"parameters.ev_diameter__exosome": "80 nm"}).parameters == {"ev_diameter__exosome": "80 nm"}


def test_change_is_in_the_hash_of_the_content_and_the_spelling_is_not(tmp_path):
    path, _ = edited(tmp_path, "duration: 24 h", "duration: 1 d")
    assert load(path).content == load("breast-mir100-well").content
    assert load("breast-mir100-well", {"duration": "25 h"}).content != load("breast-mir100-well").content


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_scenario_loads_under_its_own_name(name):
    assert load(name).name == name


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_scenario_mimics_a_reference_and_claims_of_the_library(name):
    from vesicle.evidence import shipped

    scenario, library = load(name), shipped()
    assert {scenario.mimics.reference, *scenario.mimics.claims, *(r.reference for r in scenario.reports)} <= library.by_id.keys()


def test_three_scenarios_are_shipped():
    assert {"pancreas-kras", "breast-mir100-well", "mouse-biodistribution"} <= set(shipped_names())


def test_scenario_that_is_a_list_is_refused(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("- a\n- b\n", encoding="utf-8")
    with pytest.raises(SchemaError, match=r"mine.yaml:1: a scenario is a mapping"):
        load(str(path))


def test_unit_errors_are_unit_errors_and_word_errors_are_not(tmp_path):
    path, _ = edited(tmp_path, "depth: 3 mm", "depth: 3 mL")
    with pytest.raises(UnitError, match=r"length\^3"):
        load(path)


@pytest.mark.parametrize("name", ["/tmp/x", "../../x", "a b", ""])
def test_name_that_could_leave_the_results_folder_is_refused(name):
    with pytest.raises(InputError, match="is not a name"):
        load("breast-mir100-well", {"name": name})


def test_followed_node_that_nothing_moves_stays_at_one_and_can_be_asked_for():
    """An arm without doses has no circuit; its level must be there all the same, for the arms to be compared."""
    scenario = load("msc-context")
    kept = {name: arm for name, arm in scenario.arms.items() if name == "breast_medium"}
    question = scenario.question.model_copy(update={"arm": "breast_medium", "control": "breast_medium"})
    model = assemble(scenario.model_copy(update={"arms": kept, "question": question, "reports": ()}), shipped())["breast_medium"]
    assert [o.value for o in model.network.observables if o.id == "level:VEGFA"] == [1]
