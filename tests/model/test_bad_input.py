"""No public function of the model takes a float, a bool or a number out of its domain, and answers anyway."""

from contextlib import suppress
from typing import Any

import pytest
from isolated_margin.errors import NoPosition, NotAnInteger, OutOfDomain, Refusal
from isolated_margin.fixed import MAX_INT256, MIN_INT256

from tests.model.public_api import (
    ANY_INTEGER,
    CONTAINERS,
    DIVISORS,
    SIGNED,
    UNKNOWN_ID,
    Entry,
    entries,
    world,
)

ENTRIES = list(entries())


def rejected(entry: Entry, parameter: str, bad: object, reasons: tuple[type[Exception], ...]) -> str:
    """Return what is wrong with the way in which a function takes a bad argument; nothing, normally."""
    market = world()
    market.feed.broken = True
    before = market.copy()
    arguments: dict[str, Any] = entry.arguments(market)
    if not isinstance(arguments[parameter], int):
        arguments[parameter] = CONTAINERS[parameter](bad)
    else:
        arguments[parameter] = bad
    try:
        entry.call(market, arguments)
    except reasons as error:
        said = str(error)
        changed = "" if market == before else f"{entry.name}({parameter}={bad!r}) changed the market"
        return changed if str(bad) in said else f"{entry.name}({parameter}={bad!r}) said {error!r}"
    except Exception as error:  # any other is what this looks for
        return f"{entry.name}({parameter}={bad!r}) raised {error!r}"
    return f"{entry.name}({parameter}={bad!r}) answered"


def out_of_domain(parameter: str) -> tuple[int, ...]:
    """Return numbers that no argument of this name can be."""
    if parameter in ANY_INTEGER:
        return ()
    if parameter in SIGNED:
        return (MIN_INT256 - 1, MAX_INT256 + 1)
    return (0, -1, 2**256) if parameter in DIVISORS else (-1, 2**256)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_function__of_good_arguments__does_not_reject_them(entry: Entry) -> None:
    """So that what follows is about the one bad argument; a refusal of another kind is an answer."""
    market = world()
    with suppress(Refusal):
        entry.call(market, entry.arguments(market))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_function__of_no_integer__is_rejected_with_the_value(entry: Entry) -> None:
    wrong = [
        rejected(entry, parameter, bad, (NotAnInteger,))
        for parameter in entry.integers()
        for bad in (1.0, 0.5, True, "1", None)
    ]
    assert not [*filter(None, wrong)]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_function__of_a_number_out_of_its_domain__is_rejected_with_the_value(entry: Entry) -> None:
    wrong = [
        rejected(entry, parameter, bad, (OutOfDomain, Refusal))
        for parameter in entry.integers()
        for bad in out_of_domain(parameter)
    ]
    assert not [*filter(None, wrong)]


LOOK_UPS = [entry for entry in ENTRIES if "position_id" in entry.integers()]


@pytest.mark.parametrize("entry", LOOK_UPS, ids=lambda entry: entry.name)
def test_function__of_an_unknown_position__is_refused_with_the_id(entry: Entry) -> None:
    """The getter of the ABI apart, which returns an empty position, and an index that takes any."""
    market = world()
    arguments = entry.arguments(market) | {"position_id": UNKNOWN_ID}
    if entry.name in ("vault_state.ReadOnlyVault.position", "liquidation_index.LiquidationIndex.put"):
        entry.call(market, arguments)
        return
    with pytest.raises(NoPosition, match=str(UNKNOWN_ID)):
        entry.call(market, arguments)


def test_entries__of_the_package__are_all_of_them() -> None:
    """The tests above look at functions, constructors and methods that exist; a few that must be there."""
    names = {entry.name for entry in ENTRIES}
    assert len(names) > 120
    assert names >= {
        "analysis.max_size",
        "cross.compare",
        "fixed.mul_div_down",
        "margin.Position.__init__",
        "pool.LiquidityPool.deposit",
        "scenario.orders.seeded_book",
        "trading.Trading.open",
        "views.preview_open",
    }
