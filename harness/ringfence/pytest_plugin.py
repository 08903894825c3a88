"""What pytest gets of Ringfence: the fixture ``check_vault``, and how long and from which seed it searches.

pytest loads this in every run, so nothing else of Ringfence is imported until the fixture is asked for.
"""

from collections.abc import Callable
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("ringfence")
    group.addoption("--ringfence-seconds", type=float, help="Search each vault for so long.")
    group.addoption("--ringfence-seed", type=int, help="Repeat the search of this seed.")


@pytest.fixture
def check_vault(pytestconfig: pytest.Config) -> Callable[..., Any]:
    """Give ``ringfence.testing.check_vault``; what the command line states goes before its arguments."""
    from ringfence.testing import check_vault as check

    stated = {"seconds": pytestconfig.option.ringfence_seconds, "seed": pytestconfig.option.ringfence_seed}

    def checked(adapter: type[Any], **arguments: Any) -> Any:
        __tracebackhide__ = True
        return check(
            adapter, **arguments | {name: value for name, value in stated.items() if value is not None}
        )

    return checked
