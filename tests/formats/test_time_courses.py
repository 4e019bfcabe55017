"""A stranger's table of courses: what is read, and the one sentence for everything else."""

import gzip

import numpy as np
import pytest

from vesicle.errors import InputError, LimitError, SchemaError, UnitError, UnknownName
from vesicle.formats.time_courses import read_courses
from vesicle.inference.courses import ABOVE, BELOW, must_have_times

TIDY = "arm\tsubject\ttime [d]\tvalue [mm3]\nPBS\tm1\t7\t100\nPBS\tm1\t9\t150\nPBS\tm2\t7\t90\nPBS\tm2\t10\t160\n"


def read(tmp_path, text, name="growth.tsv", **options):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_courses(path, "d", "mm3", **options)


def test_a_tidy_table_gives_one_course_per_subject(tmp_path):
    found = read(tmp_path, TIDY)
    assert [(c.arm, c.subject, c.times.tolist(), c.values.tolist()) for c in found.courses] == [("PBS", "m1", [7, 9], [100, 150]), ("PBS", "m2", [7, 10], [90, 160])]
    assert found.arms == ("PBS",)
    assert len(found.checksum) == 64


@pytest.mark.parametrize(
    "text",
    [
        "group,mouse,day,volume_mm3\nPBS,m1,7,100\nPBS,m1,9,150\nPBS,m2,7,90\nPBS,m2,10,160\n",
        "drug,model_id,time_h,tumour_volume [mL]\nPBS,m1,168,0.1\nPBS,m1,216,0.15\nPBS,m2,168,0.09\nPBS,m2,240,0.16\n",
        "animal\ttreatment\ttime\ttime_unit\tvalue\tunit\nm1\tPBS\t7\td\t100\tuL\nm1\tPBS\t216\th\t0.15\tmL\nm2\tPBS\t7\td\t90\tmm3\nm2\tPBS\t10\td\t160\tmm3\n",
    ],
)
def test_other_words_and_units_give_the_same_numbers(tmp_path, text):
    wanted, found = read(tmp_path, TIDY), read(tmp_path, text, "other.csv")
    for a, b in zip(wanted.courses, found.courses, strict=True):
        assert (a.arm, a.subject) == (b.arm, b.subject)
        assert np.allclose(a.times, b.times, rtol=1e-12)
        assert np.allclose(a.values, b.values, rtol=1e-12)


def test_a_compressed_table_is_read(tmp_path):
    assert len(read(tmp_path, gzip.compress(TIDY.encode()), "growth.tsv.gz").courses) == 2


def test_rows_come_in_any_order(tmp_path):
    head, *rows = TIDY.strip().split("\n")
    shuffled = read(tmp_path, "\n".join([head, *reversed(rows)]) + "\n")
    assert all(np.all(np.diff(c.times) > 0) for c in shuffled.courses)


def test_limits_are_kept_apart_from_values(tmp_path):
    text = "subject\ttime [d]\tvalue [mm3]\tcensored\na\t1\t4\tbelow\na\t5\t30\t\na\t9\t2000\tabove\n"
    assert read(tmp_path, text).courses[0].kinds.tolist() == [BELOW, 0, ABOVE]


def test_units_may_be_stated_beside_the_table(tmp_path):
    text = "mouse,time,tumour_volume\na,1,4\na,2,5\n"
    assert read(tmp_path, text, given_time_unit="h", given_value_unit="mL").courses[0].values.tolist() == pytest.approx([4000, 5000])


def test_rows_of_arms_that_are_not_asked_are_not_looked_at(tmp_path):
    found = read(tmp_path, TIDY + "bad\tm9\tseven\t-3\n", arms=("PBS",))
    assert found.arms == ("PBS",)


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        (("\tvalue [mm3]", "\tweight"), SchemaError, r"growth.tsv:1: column 'value' is missing"),
        (("time [d]", "when"), SchemaError, r"growth.tsv:1: column 'time' is missing"),
        (("time [d]", "time"), UnitError, r"growth.tsv:2: column 'time': '7' has no unit.*--time-unit"),
        (("value [mm3]", "value"), UnitError, r"growth.tsv:2: column 'value': '100' has no unit.*--value-unit"),
        (("value [mm3]", "value [mm2]"), UnitError, r"growth.tsv:2: column 'value \[mm2\]': 'mm2' does not convert to 'mm3'"),
        (("value [mm3]", "value [mm4]"), UnitError, r"growth.tsv:2: column 'value \[mm4\]'"),
        (("\t150", "\t15O"), UnitError, r"growth.tsv:3: column 'value \[mm3\]': '15O' is not a plain finite number"),
        (("\t150", "\tnan"), UnitError, r"growth.tsv:3: .*'nan' is not a plain finite number"),
        (("\t150", "\t1e999"), UnitError, r"growth.tsv:3: .*too large"),
        (("\t150", "\t-150"), SchemaError, r"growth.tsv:3: .*negative"),
        (("\t150", "\t"), SchemaError, r"growth.tsv:3: .*is empty, expected a number"),
        (("\t9\t150", "\t7\t150"), SchemaError, r"growth.tsv:3: subject 'm1' has the time 7 already in line 2"),
        (("\t9\t150", "\t9"), SchemaError, r"growth.tsv:3: 3 cells, expected 4"),
        (("arm\tsubject", "Arm\tarm"), SchemaError, r"growth.tsv:1: column '[Aa]rm' stands twice, expected once"),
        (("\tvalue [mm3]", "\ttime [d]"), SchemaError, r"growth.tsv:1: column 'value' is missing"),
        (("arm\tsubject\ttime [d]", "time [d]\tsubject\ttime [d]"), SchemaError, r"growth.tsv:1: column 'time \[d\]' stands twice"),
        (("\t150", "\t=1+1"), SchemaError, r"growth.tsv:3: .*formula"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(tmp_path, change, kind, says):
    with pytest.raises(kind, match=says):
        read(tmp_path, TIDY.replace(*change, 1))


def test_a_table_without_rows_says_so(tmp_path):
    with pytest.raises(SchemaError, match="no rows below its header"):
        read(tmp_path, TIDY.split("\n")[0] + "\n")


def test_an_unknown_word_for_a_limit_is_refused(tmp_path):
    with pytest.raises(SchemaError, match="'censored': unknown word 'maybe'"):
        read(tmp_path, "time [d]\tvalue [mm3]\tcensored\n1\t4\tmaybe\n")


def test_an_unknown_arm_names_the_nearest(tmp_path):
    with pytest.raises(UnknownName, match="Did you mean 'PBS'"):
        read(tmp_path, TIDY, arms=("PBSS",))


def test_one_time_says_nothing_about_growth(tmp_path):
    found = read(tmp_path, "subject\ttime [d]\tvalue [mm3]\nm1\t7\t100\n")
    with pytest.raises(SchemaError, match=r"growth.tsv:2: subject 'm1' of arm '' has only 1 time"):
        must_have_times(found.courses)


def test_readouts_bring_their_own_units(tmp_path):
    text = "arm\treadout\ttime_h\tvalue [copy/cell]\texosome\tin\t1\t3\n".replace("\texosome", "\nexosome")
    found = read(tmp_path, text, value_units={"in": "copy/cell"})
    assert found.courses[0].observable == "in"
    with pytest.raises(SchemaError, match=r"unknown readout 'in'. Did you mean 'on'\?|unknown readout 'in'. Known: out"):
        read(tmp_path, text, value_units={"out": "copy/cell"})


@pytest.mark.parametrize("raw", [b"\xff\xfet\x00", b"\x00", b"\xef\xbb\xbftime [d]\tvalue [mm3]\n1\t2\n", b"", b"\x1f\x8b\x08broken", b'time [d],value [mm3]\n"1,2\n'])
def test_what_is_no_table_is_refused_in_one_sentence(tmp_path, raw):
    with pytest.raises((InputError, LimitError)) as problem:
        read(tmp_path, raw)
    assert "\n" not in str(problem.value)
    assert "growth.tsv" in str(problem.value)
