"""Model files of strangers: each trap ends in one located sentence, exit code 2, within two seconds."""

import gzip
import os
import re
import subprocess
import sys

import pytest

from vesicle.errors import InputError, LimitError, SchemaError, UnsupportedFeature
from vesicle.formats.sbml_reader import read_sbml
from vesicle.reading import MAX_XML_BYTES, MAX_XML_DEPTH, xml_bytes

SECONDS = 2.0
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
OPEN = '<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model id="m">\n'
CLOSE = "</model></sbml>\n"
MATHML = '<math xmlns="http://www.w3.org/1998/Math/MathML">{}</math>'
PARAMETERS = '<listOfParameters>\n<parameter id="k" value="{k}" constant="true"/>\n<parameter id="x" value="1" constant="false"/>\n</listOfParameters>\n'


def model(rate="<ci>k</ci>", k="1", functions="", rest=""):
    """A model with one rate rule, dx/dt = rate."""
    rule = f'<listOfRules>\n<rateRule variable="x">{MATHML.format(rate)}</rateRule>\n</listOfRules>\n'
    return HEAD + OPEN + functions + PARAMETERS.format(k=k) + rule + rest + CLOSE


def nested(depth):
    return "<apply><abs/>" * depth + "<ci>k</ci>" + "</apply>" * depth


def doubling(levels):
    """f_n(x) = f_(n-1)(x) * f_(n-1)(x + 1): twice as large with each level."""

    def lambda_of(i):
        inner = (
            "<apply><sin/><ci>x</ci></apply>"
            if i == 0
            else f"<apply><times/><apply><ci>f{i - 1}</ci><ci>x</ci></apply><apply><ci>f{i - 1}</ci><apply><plus/><ci>x</ci><cn>1</cn></apply></apply></apply>"
        )
        return f'<functionDefinition id="f{i}">{MATHML.format(f"<lambda><bvar><ci>x</ci></bvar>{inner}</lambda>")}</functionDefinition>\n'

    return f"<listOfFunctionDefinitions>{''.join(lambda_of(i) for i in range(levels))}</listOfFunctionDefinitions>\n"


LAUGHS = (
    HEAD + "<!DOCTYPE sbml [\n<!ENTITY a 'ha'>\n" + "".join(f"<!ENTITY {chr(97 + i)} '{('&' + chr(96 + i) + ';') * 10}'>\n" for i in range(1, 12)) + "]>\n" + OPEN + "&l;" + CLOSE
)
OUTSIDE = HEAD + '<!DOCTYPE sbml SYSTEM "file:///etc/passwd">\n' + OPEN + CLOSE
ASSIGNED = '<assignmentRule variable="{}">' + MATHML + "</assignmentRule>"
CIRCLE = (
    model()
    .replace("<listOfRules>", "<listOfRules>" + ASSIGNED.format("y", "<ci>z</ci>") + ASSIGNED.format("z", "<ci>y</ci>"))
    .replace("<listOfParameters>", '<listOfParameters><parameter id="y" constant="false"/><parameter id="z" constant="false"/>')
)
HOSTILE = {
    "deep mathematics": model(nested(100_000)).encode(),
    "mathematics just too deep": model(nested(MAX_XML_DEPTH)).encode(),
    "entity bomb": LAUGHS.encode(),
    "document type elsewhere": OUTSIDE.encode(),
    "entity without a declaration": model("<ci>&boom;</ci>").encode(),
    "cut off": model().encode()[:-40],
    "cut off in a tag": model().encode()[:300],
    "undefined id": model("<ci>nobody</ci>").encode(),
    "undefined function": model("<apply><ci>f</ci><ci>k</ci></apply>").encode(),
    "NaN value": model(k="NaN").encode(),
    "infinite value": model(k="INF").encode(),
    "empty value": model(k="").encode(),
    "value that is a word": model(k="many").encode(),
    "NaN in a formula": model("<notanumber/>").encode(),
    "infinite formula": model("<apply><exp/><apply><exp/><apply><exp/><cn>100</cn></apply></apply></apply>").encode(),
    "tower of powers": model("<apply><power/>" * 60 + "<cn>9</cn>" + "<cn>9</cn></apply>" * 60).encode(),
    "factorial without end": model("<apply><factorial/><cn type='integer'>999999999</cn></apply>").encode(),
    "division by zero": model("<apply><divide/><cn>1</cn><cn>0</cn></apply>").encode(),
    "root of a negative number": model("<apply><root/><cn>-1</cn></apply>").encode(),
    "functions that double": model("<apply><ci>f40</ci><ci>k</ci></apply>", functions=doubling(41)).encode(),
    "no XML": b"id\tvalue\nM-1\t1\n",
    "empty file": b"",
    "only spaces": b"  \n \n",
    "XML that is no SBML": b"<?xml version='1.0'?>\n<html><body/></html>\n",
    "SBML without a model": (HEAD + OPEN.split("<model")[0] + "</sbml>").encode(),
    "UTF-16": model().encode("utf-16"),
    "UTF-16 without a mark": model().encode("utf-16-le"),
    "another encoding by its own word": model().replace("UTF-8", "UTF-7").encode(),
    "NUL byte": model().encode().replace(b"model", b"mo\0el", 1),
    "packed": gzip.compress(model().encode()),
    "too large": b"<sbml>" + b" " * MAX_XML_BYTES + b"</sbml>",
    "circle of rules": CIRCLE.encode(),
}  # fmt: skip
every = pytest.mark.parametrize("name", HOSTILE)


def processor_time():
    """Seconds of this process and its children, so that a busy machine does not fail the test."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def complaint(raw, folder):
    path = folder / "f.xml"
    path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        read_sbml(path)
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__
    return str(error)


@every
def test_hostile_file_is_one_located_sentence_in_time(name, tmp_path):
    begun = processor_time()
    message = complaint(HOSTILE[name], tmp_path)
    assert processor_time() - begun < SECONDS
    assert re.fullmatch(r"(\S*f\.xml)(:\d+)?: [^\n]+[.?]", message), message


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("undefined id", 8, "nobody"),
        ("deep mathematics", 8, "nested deeper than 150 levels"),
        ("entity bomb", 2, "<!DOCTYPE"),
        ("packed", 1, "gzip"),
        ("UTF-16", 1, "UTF-16"),
        ("UTF-16 without a mark", 1, "UTF-16"),
        ("another encoding by its own word", 1, "UTF-7"),
        ("cut off", 8, "cut off"),
        ("NaN value", 4, "nan"),
        ("XML that is no SBML", 1, "'html'"),
        ("circle of rules", 7, "ircular"),
    ],
)
def test_sentence_names_the_line_and_the_trouble(name, line, words, tmp_path):
    message = complaint(HOSTILE[name], tmp_path)
    assert message.startswith(f"f.xml:{line}: ")
    assert words in message


@pytest.mark.parametrize("name", ["deep mathematics", "undefined id", "UTF-16", "too large"])
def test_command_ends_with_code_2_and_one_line(name, tmp_path):
    path = tmp_path / "f.xml"
    path.write_bytes(HOSTILE[name])
    done = subprocess.run([sys.executable, "-m", "vesicle.cli.main", "run", str(path), "--out", str(tmp_path / "out")], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_good_neighbour_of_the_traps_is_read(tmp_path):
    (tmp_path / "f.xml").write_text(model())
    assert read_sbml(tmp_path / "f.xml").name == "m"


def test_mathematics_at_the_limit_is_read(tmp_path):
    """Five elements stand above the formula, and the innermost name is one more."""
    (tmp_path / "f.xml").write_text(model(nested(MAX_XML_DEPTH - 6)))
    assert read_sbml(tmp_path / "f.xml").name == "m"


def test_depth_is_refused_before_a_tree_could_be_built():
    with pytest.raises(LimitError, match="nested deeper"):
        xml_bytes(b"<a>" * 2_000_000, "f.xml")


def test_model_in_another_file_is_refused_before_it_is_opened(tmp_path):
    """libSBML would open what ``source`` names; here nothing does."""
    comp = "http://www.sbml.org/sbml/level3/version1/comp/version1"
    text = model().replace(' level="3"', f' xmlns:comp="{comp}" comp:required="true" level="3"', 1).replace(
        CLOSE, '</model><comp:listOfExternalModelDefinitions>\n<comp:externalModelDefinition comp:id="e" comp:source="file:///dev/zero"/></comp:listOfExternalModelDefinitions></sbml>'
    )  # fmt: skip
    (tmp_path / "f.xml").write_text(text)
    with pytest.raises(UnsupportedFeature, match=r"f\.xml:\d+: .*another file.*comp:ExternalModelDefinition"):
        read_sbml(tmp_path / "f.xml")


def test_child_that_dies_is_one_sentence(monkeypatch, tmp_path):
    from vesicle.formats import sbml_reader

    (tmp_path / "killed.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(sbml_reader, "CHILD", "killed")
    (tmp_path / "f.xml").write_text(model())
    with pytest.raises(SchemaError, match=r"f\.xml:1: the file cannot be read: its parser ended with signal 11"):
        read_sbml(tmp_path / "f.xml")


def test_child_without_an_end_is_stopped_by_the_clock(monkeypatch, tmp_path):
    from vesicle import reading

    (tmp_path / "endless.py").write_text("while True: pass\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(LimitError, match=r"f\.xml:1: reading took longer than 0.5 s"):
        reading.answer("endless", b"", "f.xml", clock=0.5)


def test_child_that_wants_all_memory_is_one_sentence(monkeypatch, tmp_path):
    from vesicle import reading

    (tmp_path / "greedy.py").write_text("from vesicle.reading import limit_this_process\nlimit_this_process(memory=500_000_000)\nx = bytearray(2_000_000_000)\n")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:src")
    with pytest.raises(SchemaError, match="within the limits of memory and time"):
        reading.answer("greedy", b"", "f.xml")
