"""The rooms stand in one order, and no import points back."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "vesicle"
BASE = ("_version", "units", "errors", "streams", "reading", "provenance", "home", "plugins")
# design.md section 3; rooms in one step do not know each other, and the package's own face comes last
ORDER = (
    ("base",),
    ("network",),
    ("evidence",),
    ("products",),
    ("mechanisms",),
    ("model",),
    ("engines",),
    ("readouts",),
    ("runs",),
    ("inference",),
    ("prediction",),
    ("trials", "profiles", "systems"),
    ("report",),
    ("formats",),
    ("api",),
    ("cli", "web"),
    ("face",),
)
STEP = {room: step for step, rooms in enumerate(ORDER) for room in rooms}
FACE = ("", "__init__", "__main__")
MODULES = sorted(SOURCE.rglob("*.py"))


def room_of(module: str) -> str:
    """The room of a dotted module name such as ``vesicle.network.flat``."""
    _, _, inside = module.partition(".")
    first = inside.split(".")[0]
    if first in FACE:
        return "face"
    return "base" if first in BASE else first


def dotted(path: Path) -> str:
    """``vesicle.network.flat`` for its file; a package is named by its folder."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


def imports(source: str, module: str, is_package: bool = False) -> set[tuple[str, int]]:
    """Every vesicle module that a source imports, with its line: at the top, in functions, under TYPE_CHECKING, relative."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {(alias.name, node.lineno) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = node.module or ""
            if node.level:
                here = module.split(".")[: len(module.split(".")) - node.level + is_package]
                start = ".".join([*here, *filter(None, [node.module])])
            # `from vesicle import units` imports vesicle.units
            found |= {(f"{start}.{alias.name}" if start == "vesicle" else start, node.lineno) for alias in node.names}
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("import_module", "__import__"):
            found |= {(argument.value, node.lineno) for argument in node.args[:1] if isinstance(argument, ast.Constant)}
    return {(name, line) for name, line in found if name.split(".")[0] == "vesicle"}


def arrows_back(source: str, module: str, is_package: bool = False) -> list[str]:
    """The imports of a module that do not point to its own room or to an earlier one."""
    here = room_of(module)
    return [
        f"{module}:{line}: {here} imports {name} ({room_of(name)})"
        for name, line in sorted(imports(source, module, is_package))
        if room_of(name) != here and STEP.get(room_of(name), len(ORDER)) >= STEP.get(here, 0)
    ]


def test_there_are_modules_to_read():
    assert {"vesicle.units", "vesicle.network.flat", "vesicle.evidence"} <= set(map(dotted, MODULES))


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_module_stands_in_a_known_room(path):
    assert room_of(dotted(path)) in STEP


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_no_import_points_back(path):
    assert arrows_back(path.read_text(encoding="utf-8"), dotted(path), path.name == "__init__.py") == []


@pytest.mark.parametrize(
    "source",
    [
        "import vesicle.model.assembly",
        "from vesicle.model import assembly",
        "from vesicle import model",
        "def late():\n    from vesicle.model.assembly import assemble",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from vesicle.model import assembly",
        "try:\n    import vesicle.cli\nexcept ImportError:\n    pass",
        "from ..model import assembly",
        "import importlib\nimportlib.import_module('vesicle.model')",
        "import vesicle",
    ],
)
def test_arrow_back_is_seen_wherever_it_hides(source):
    assert len(arrows_back(source, "vesicle.network.flat")) == 1


@pytest.mark.parametrize(
    "source", ["from vesicle import units", "from vesicle.errors import ModelError", "from .types import Network", "import sympy", "import vesicle.network.types"]
)
def test_arrow_forward_or_within_a_room_is_allowed(source):
    assert arrows_back(source, "vesicle.network.flat") == []


def test_rooms_of_one_step_do_not_import_each_other():
    assert len(arrows_back("import vesicle.web", "vesicle.cli.main")) == 1


def test_package_resolves_its_relative_imports_from_itself():
    assert imports("from . import flat", "vesicle.network", is_package=True) == {("vesicle.network", 1)}
