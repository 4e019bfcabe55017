"""Targeting: no antigen no gain, bounds, and the limits of slow and fast letting go."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesicle.errors import UnknownName
from vesicle.evidence import shipped
from vesicle.evidence.site import Site
from vesicle.mechanisms.entering.attachment import diffusion_limit
from vesicle.model.targeting import EXOSOME, Targeting, most, receptors_of, uptake
from vesicle.readouts.drawn import drawn


def gains(ligand, receptors, copies=20.0, draws=40):
    site, targeting = Site(shipped(), {}), Targeting(ligand, copies)
    rate = uptake(site, targeting, receptors_of(site, targeting, stated=receptors))
    return drawn(
        site, {"u": rate, "gain": rate / uptake(site, targeting, receptors_of(site, targeting, stated=0.0)), "most": most(site), "limit": diffusion_limit(site, EXOSOME)}, draws
    )


@pytest.mark.parametrize("ligand", ["GE11", "EGF", "HER2 affibody"])
def test_cell_without_the_antigen_shows_no_gain(ligand):
    np.testing.assert_array_equal(gains(ligand, 0.0)["gain"], 1)


def test_vesicle_without_copies_shows_no_gain():
    np.testing.assert_allclose(gains("EGF", 1e6, copies=0.0)["gain"], 1, rtol=1e-12)


@given(st.floats(0, 8), st.floats(0, 2))
def test_gain_rises_with_antigen_and_stays_below_every_encounter(log_receptors, more):
    few, many = (gains("GE11", 10**x, draws=5) for x in (log_receptors, log_receptors + more))
    assert np.all(many["gain"] >= few["gain"] * (1 - 1e-12))
    assert np.all(many["gain"] <= many["most"] * (1 + 1e-12))


def test_endless_antigen_takes_every_encounter():
    found = gains("HER2 affibody", 1e14)
    np.testing.assert_allclose(found["u"], found["limit"], rtol=1e-3)


def test_unknown_ligand_is_refused():
    with pytest.raises(UnknownName, match="GE11"):
        Targeting("GE12")
