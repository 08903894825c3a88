"""What holds for all tests."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Keep Ape's plugin, where there is one, from rewinding chains: each test sets its own."""
    if hasattr(config.option, "disable_isolation"):
        config.option.disable_isolation = True
