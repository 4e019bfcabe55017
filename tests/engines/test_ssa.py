"""The stochastic engine: the contract, its keys, what it refuses."""

import pytest
from contract import GIVEN, EngineContract

from vesicle.engines.ssa import SsaEngine


class TestSsaEngine(EngineContract):
    """Gillespie's direct method under the contract."""

    other_dose = 10 * GIVEN

    @pytest.fixture
    def engine(self):
        return SsaEngine(most=1_000_000)

    @pytest.fixture
    def accuracy(self):
        """Six standard deviations of the widest binomial, two doses at a half."""
        return 6 * (2 * GIVEN * 0.25) ** 0.5 / GIVEN

    @pytest.fixture
    def balance(self):
        """Counting loses nothing."""
        return 0.0

    def settings(self, engine):
        return {"most": engine.most}
