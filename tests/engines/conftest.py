"""The contract is shared by the test modules of all engines; its assertions shall explain themselves."""

import pytest

pytest.register_assert_rewrite("contract")
