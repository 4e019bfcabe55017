"""Documents say what the program does: generated pages are fresh, code runs, messages and links are real."""

import contextlib
import importlib.util
import io
import re
import shlex
import types
from pathlib import Path

import pytest

from vesicle.errors import InputError
from vesicle.model import scenario, scenario_file
from vesicle.network.types import Part
from vesicle.runs.execute import prepare

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.md")])
FEW = 3


def blocks(page, language):
    """The fenced blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.S)


def name_of(path):
    return str(path.relative_to(ROOT))


def printed(code):
    """What a block prints with few samples."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(re.sub(r"samples=\d+", f"samples={FEW}", code), "<block>", "exec"), {"__name__": "__main__"})
    return out.getvalue()


def test_generated_pages_are_up_to_date():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    assert generate.stale() == []


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial/first_run.md"])
def test_python_prints_a_result_with_its_unit_and_a_citation(page):
    text = "".join(printed(code) for code in blocks(page, "python"))
    assert re.search(r"\d (copy|EV)/cell", text)
    assert re.search(r"(19|20)\d\d", text.splitlines()[-1])


def test_readme_example_has_at_most_ten_lines():
    assert len(blocks("README.md", "python")[0].strip().splitlines()) <= 10


def test_scenario_of_the_how_to_is_valid(tmp_path):
    path = tmp_path / "my-well.yaml"
    path.write_text(blocks("docs/how-to/own_scenario.md", "yaml")[0], encoding="utf-8")
    assert scenario_file.load(str(path)).question.arm == "treated"


def test_every_scenario_key_is_explained():
    text = (ROOT / "docs/how-to/own_scenario.md").read_text(encoding="utf-8")
    models = [kind for kind in vars(scenario).values() if isinstance(kind, type) and issubclass(kind, scenario._Strict)]
    keys = {field.alias or key for kind in models for key, field in kind.model_fields.items()}
    assert [key for key in sorted(keys) if f"`{key}" not in text] == []


def commands():
    """(command, message) pairs shown on the page about errors."""
    return re.findall(r"\$ (vesicle run .*)\nvesicle: (.*)", (ROOT / "docs/how-to/exit_codes_and_resume.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("command", "message"), commands())
def test_error_message_is_the_one_shown(command, message):
    _, _, name, *rest = shlex.split(command)
    options = dict(zip(rest[::2], rest[1::2], strict=True))
    changes = dict([options["--set"].split("=", 1)]) if "--set" in options else {}
    with pytest.raises(InputError) as problem:
        prepare(name, changes, options.get("--until"))
    assert str(problem.value) == message


def test_mechanism_of_contributing_brings_a_part():
    module = types.ModuleType("example")
    exec(compile(blocks("CONTRIBUTING.md", "python")[0], "<contributing>", "exec"), vars(module))
    site = types.SimpleNamespace(quantity=lambda *asked, **context: 1)
    part = module.ComplementLysis.contribute(None, site, types.SimpleNamespace(id="p", product="exosome"))
    assert isinstance(part, Part)
    assert all(transfer.sink == "lysed" for transfer in part.transfers)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    local = [t.split("#")[0] for t in targets if not t.startswith(("http", "#")) and not t.endswith(".png")]
    assert [t for t in local if not (page.parent / t).exists()] == []
