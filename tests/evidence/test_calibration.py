from dataclasses import replace

import numpy as np
import pytest

from vesicle import reading
from vesicle.errors import SchemaError
from vesicle.evidence import shipped
from vesicle.evidence.calibration import COLUMNS, calibrations
from vesicle.evidence.matching import match, parameter

SECRETION = shipped().calibrations[0]
DRAWS = 4000
FIVE_SIGMA = 5 / np.sqrt(DRAWS)


def row(**cells):
    return reading.Row("calibrations.tsv", 2, dict.fromkeys(COLUMNS, "") | cells)


def parameters():
    found = [shipped().by_id[factor.record] for factor in SECRETION.factors]
    return [parameter(shipped(), m.quantity, m.quantity, m.unit, {"product": m.product}) for m in found]


def test_a_calibrated_record_answers_in_place_of_its_prior():
    assert [m.id for m in match(shipped(), "mvb_fusion_rate", {}).records] == ["M-1063"]
    assert [m.id for m in match(shipped().without_calibration("secretion"), "mvb_fusion_rate", {}).records] == ["M-0043"]


def test_without_one_of_its_data_a_calibration_does_not_stand():
    judged = shipped().without(experiment="D02")
    assert not judged.calibrations
    assert match(judged, "ilv_per_mvb", {}).records[0].status != "calibrated"


def test_a_calibration_on_retracted_work_answers_nothing():
    references = tuple(replace(r, retraction="retracted") if r.key == "Wang2017" else r for r in shipped().references)
    library = replace(shipped(), references=references)
    assert match(library, "ilv_per_mvb", {}).records[0].id == "M-0040"


def test_factors_are_drawn_with_the_recorded_correlation():
    drawn = np.array([[p.draw(7, i) for i in range(DRAWS)] for p in parameters()])
    scores = np.log(drawn / (1 - drawn)) if drawn.max() < 1 else np.log(drawn)
    ranks = np.argsort(np.argsort(scores, axis=1), axis=1)
    found = np.corrcoef(ranks)
    wanted = 6 / np.pi * np.arcsin(np.array(SECRETION.correlation()) / 2)  # rank correlation of a Gaussian copula
    assert np.abs(found - wanted).max() < FIVE_SIGMA


def test_each_factor_keeps_the_range_of_its_record():
    for p, factor in zip(parameters(), SECRETION.factors, strict=True):
        record = shipped().by_id[factor.record]
        drawn = np.array([p.draw(3, i) for i in range(DRAWS)])
        assert np.mean(drawn < record.low) == pytest.approx(0.05, abs=5 * np.sqrt(0.05 * 0.95 / DRAWS))
        assert np.mean(drawn < record.value) == pytest.approx(0.5, abs=5 * np.sqrt(0.25 / DRAWS))


def test_loadings_that_are_no_row_of_a_cholesky_factor_are_refused():
    with pytest.raises(SchemaError, match="squares sum to 0.5"):
        calibrations([row(calibration="x", kind="factor", record="M-1", prior="M-2", loadings="0:0.5;1:0.5")])


def test_a_row_that_is_neither_datum_nor_factor_is_refused():
    with pytest.raises(SchemaError, match="neither 'datum' nor 'factor'"):
        calibrations([row(calibration="x", kind="guess", record="M-1")])
