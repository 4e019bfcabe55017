"""F4 asks of a ligand what could turn out otherwise."""

import pytest

from vesicle.evidence import shipped
from vesicle.systems import f4_targeting as f4


@pytest.fixture
def uptake_tripled_by_any_ligand(monkeypatch):
    """Uptake that a ligand raises threefold, with its antigen or without."""
    real = f4.uptake
    monkeypatch.setattr(f4, "uptake", lambda site, targeting, receptors: real(site, targeting, receptors) * (1 if targeting.copies == 0 else 3))


def test_ligand_that_needs_no_antigen_is_found_out(uptake_tripled_by_any_ligand):
    found = f4.Targets().perform(shipped())
    assert not found.works
    assert any("cells without EGFR" in reason for reason in found.reasons)


def test_gain_without_antigen_is_over_vesicles_without_ligand_and_none():
    (check,) = [c for c in f4.Targets().perform(shipped()).checks if "cells without EGFR" in c.what]
    assert check.holds
    assert check.value == pytest.approx(0, abs=f4.EXACT)
