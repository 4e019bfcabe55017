"""What is found over a room, and what other packages plug in."""

import pytest

from vesicle import plugins
from vesicle.formats.base import Format
from vesicle.mechanisms.base import Mechanism


class Point:
    """An entry point that gives what it was made with, or fails."""

    def __init__(self, name, gives):
        self.name, self.value, self.gives = name, f"elsewhere:{name}", gives

    def load(self):
        if self.gives is None:
            raise ImportError("no module named elsewhere")
        return self.gives


class Known:
    name = "known"


def test_only_classes_that_name_themselves_are_found():
    found = plugins.built_in("vesicle.formats", Format, "format")
    assert (Format in found.values(), found["sbml"].format) == (False, "sbml")


def test_classes_in_packages_of_a_room_are_found_when_asked_for():
    assert not plugins.built_in("vesicle.mechanisms", Mechanism)
    assert "silencing" in plugins.built_in("vesicle.mechanisms", Mechanism, is_deep=True)


def test_broken_plug_in_is_one_named_warning_and_the_others_are_kept(monkeypatch):
    monkeypatch.setattr(plugins, "entry_points", lambda group: [Point("broken", None), Point("known", Known)])
    with pytest.warns(UserWarning, match="the engine plug-in 'broken'") as warned:
        assert plugins.plugged_in("vesicle.engines", "engine") == {"known": Known}
    assert len(warned) == 1
