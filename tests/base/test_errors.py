"""The error tree: which built-in kinds it meets, how it prints, what it suggests."""

import pickle

import pytest

from vesicle import errors

ALL = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.VesicleError)]


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [(errors.InputError, ValueError), (errors.UnknownName, KeyError), (errors.SolverError, RuntimeError), (errors.StoreError, OSError)],
)
def test_error_is_also_the_built_in_kind(kind, builtin):
    with pytest.raises(builtin):
        raise kind("x")


@pytest.mark.parametrize("kind", [errors.SchemaError, errors.UnitError, errors.UnknownName, errors.UnsupportedFeature, errors.LimitError])
def test_what_a_person_wrote_wrong_ends_with_exit_code_2(kind):
    assert issubclass(kind, errors.InputError)
    assert kind.exit_code == 2


@pytest.mark.parametrize(("kind", "code"), [(errors.ModelError, 1), (errors.SolverError, 1), (errors.StoreError, 1), (errors.Interrupted, 3)])
def test_other_errors_keep_their_exit_codes(kind, code):
    assert kind.exit_code == code


@pytest.mark.parametrize("kind", ALL)
def test_error_prints_its_sentence_without_quotes(kind):
    assert str(kind("f.tsv:3: it's wrong.")) == "f.tsv:3: it's wrong."


@pytest.mark.parametrize("kind", ALL)
def test_error_without_a_message_prints_nothing(kind):
    assert str(kind()) == ""


@pytest.mark.parametrize("kind", ALL)
def test_error_survives_the_way_back_from_a_worker(kind):
    copy = pickle.loads(pickle.dumps(kind("lost")))
    assert type(copy) is kind
    assert str(copy) == "lost"


def test_nearest_word_is_suggested_in_its_own_spelling():
    assert errors.nearest("rab27a", ["RAB27A", "CD63"]) == " Did you mean 'RAB27A'?"


def test_far_word_gets_the_list_in_order():
    assert errors.nearest("zzzz", ["uptake", "binding"]) == " Known: binding, uptake."


def test_long_list_is_cut_after_twelve_words():
    assert errors.nearest("!", [f"w{i:02}" for i in range(13)]).endswith("w11, ....")


def test_nothing_known_gives_no_suggestion():
    assert errors.nearest("x", []) == ""


def test_unknown_name_holds_place_kind_word_suggestion_and_advice():
    problem = errors.unknown_name("mechanism", "up_take", ["uptake"], where="s.yaml:4", advice="`vesicle mechanisms` lists all.")
    assert isinstance(problem, errors.UnknownName)
    assert str(problem) == "s.yaml:4: unknown mechanism 'up_take'. Did you mean 'uptake'? `vesicle mechanisms` lists all."
