"""The example of orders that keepers execute: by hand, its seeded bugs in a few calls, and sound."""

from pathlib import Path
from typing import Any

import pytest
import ringfence as rf
from ringfence.engine.loading import load

from tests.byo.plays import Script, played, shows
from tests.byo.searches import searched

EXAMPLE = Path(__file__).parents[2] / "examples" / "two-step-orders"
EXCHANGE = load(f"{EXAMPLE / 'adapter.py'}:TwoStepOrders")
BUGS = load(f"{EXAMPLE / 'seeded_bugs.py'}:ExpiredOrderExecuted").bugs
SIZE, USD, PRICE, PPM = 10**18, 10**6, 10**10, 10**6
DELAY, HOUR, DAY = 5, 3_600, 86_400


def open_long(vault: Any) -> None:
    """Open the usual long, at a price of 2,000."""
    vault.request_open("trader_1", size=1_000 * SIZE, margin=150 * USD, slippage=PPM)
    vault.execute_open("liquidator_1", position=1, wait=DELAY)


def increase(vault: Any) -> None:
    """Add seven tenths of the usual size."""
    vault.request_increase("trader_1", position=1, size=700 * SIZE, margin=150 * USD, slippage=PPM, wait=7)
    vault.execute("liquidator_1", position=1, wait=DELAY)


def close(vault: Any) -> None:
    """Close by an order."""
    vault.request_close("trader_1", position=1, slippage=PPM)
    vault.execute("liquidator_1", position=1, wait=DELAY)


def test_position__opened_and_closed_by_orders__costs_fees() -> None:
    def script(vault: Any) -> None:
        open_long(vault)
        close(vault)

    outcomes, state = played(EXCHANGE, script)
    assert all(isinstance(each, rf.Done) for each in outcomes)
    assert state.positions == {}
    assert state.accounts["liquidator_1"].tokens == 1_000_002 * USD
    borrowing = 30  # 1,000 for 5 s, rounded up
    assert state.accounts["trader_1"].tokens == 1_000_000 * USD - 2 * USD - 2 * 800_000 - borrowing


def test_order__not_in_its_time_or_by_its_owner__is_refused() -> None:
    def script(vault: Any) -> None:
        vault.request_open("trader_1", size=1_000 * SIZE, margin=150 * USD, slippage=0)
        vault.execute_open("liquidator_1", position=1, wait=DELAY - 1)
        vault.cancel_open("trader_1", position=1)
        vault.push_price("owner", price=2_001 * PRICE)
        vault.execute_open("liquidator_1", position=1, wait=300)
        vault.cancel_open("trader_2", position=1)
        vault.cancel_open("trader_1", position=1)

    (_, *refused, done), state = played(EXCHANGE, script)
    errors = [each.error for each in refused if isinstance(each, rf.Refused)]
    assert errors == ["TooEarly", "TooEarly", "Slippage", "Error"]
    assert isinstance(done, rf.Done)
    assert state.accounts["trader_1"].tokens == 1_000_000 * USD


def test_position__that_loses_too_much__is_liquidated_and_its_order_given_back() -> None:
    def script(vault: Any) -> None:
        open_long(vault)
        lose(vault)

    outcomes, state = played(EXCHANGE, script)
    assert all(isinstance(each, rf.Done) for each in outcomes)
    assert (state.positions, state.totals["pending"], state.totals["reserved"]) == ({}, 0, 0)
    assert state.accounts["liquidator_1"].tokens == 1_000_006 * USD


def lose(vault: Any) -> None:
    """Liquidate a long whose close is ordered."""
    vault.request_close("trader_1", position=1, slippage=PPM)
    vault.push_price("owner", price=1_790 * PRICE)
    vault.liquidate("liquidator_1", position=1)


def expired(vault: Any) -> None:
    """Execute an order after its day."""
    vault.request_open("trader_1", size=1_000 * SIZE, margin=150 * USD, slippage=PPM)
    vault.push_price("owner", price=2_000 * PRICE, wait=DAY + 1)
    vault.execute_open("liquidator_1", position=1)


def liquidated(vault: Any) -> None:
    """Open, order the close, and liquidate."""
    open_long(vault)
    lose(vault)


def increased_later(vault: Any) -> None:
    """Increase at another price."""
    open_long(vault)
    vault.push_price("owner", price=2_200 * PRICE)
    increase(vault)


def doubled(vault: Any) -> None:
    """Close with more than the highest profit, after an hour."""
    open_long(vault)
    vault.push_price("owner", price=4_000 * PRICE, wait=HOUR)
    close(vault)


def increased_and_closed(vault: Any) -> None:
    """Increase a position and close it, when there is no other."""
    open_long(vault)
    increase(vault)
    close(vault)


def increased_and_not_closed(vault: Any) -> None:
    """Increase a position when there is no other."""
    open_long(vault)
    increase(vault)


SCRIPTS: dict[str, Script] = {
    "ExpiredOrderExecuted": expired,
    "OrderOutlivesLiquidation": liquidated,
    "EntryPricesAveraged": increased_later,
    "ProfitLimitedAfterTheFee": doubled,
    "WeightRoundedAtAnIncrease": increased_and_closed,
}


@pytest.mark.parametrize("name", BUGS)
def test_seeded_bug__in_a_few_calls__violates_its_property(name: str) -> None:
    broken = load(f"{EXAMPLE / 'seeded_bugs.py'}:{name}")
    shows(EXCHANGE, broken, BUGS[name].property_id, SCRIPTS[name])


def increased_beside_another(vault: Any) -> None:
    """Increase one of two positions."""
    open_long(vault)
    vault.request_open("trader_2", size=-500 * SIZE, margin=150 * USD, slippage=PPM)
    vault.execute_open("liquidator_1", position=2, wait=2 * DELAY)
    increase(vault)


@pytest.mark.parametrize("script", [increased_beside_another, increased_and_not_closed])
def test_closes__by_orders__are_tried_one_after_the_other(script: Script) -> None:
    """The last of two, or the only one, is not paid where the sum of weights lacks a part of its own."""
    broken = load(f"{EXAMPLE / 'seeded_bugs.py'}:WeightRoundedAtAnIncrease")
    shows(EXCHANGE, broken, "EXI-1", script)


def test_close__that_waits_already__is_not_asked_for_again() -> None:
    """An order that waits keeps another from being placed, and insolvent positions are none of it."""
    with rf.assert_holds(EXCHANGE, "EXI-1") as vault:
        open_long(vault)
        vault.request_close("trader_1", position=1, slippage=0)
        vault.push_price("owner", price=1_700 * PRICE)


def test_execution__that_is_refused__is_found() -> None:
    """Whoever asks for a close gets it executed."""
    edit = rf.Edit(
        "Exchange.sol",
        "if (order.kind == Kind.Close) _close",
        "if (order.kind == Kind.Close) revert NoPosition(id); else if (id == 0) _close",
    )
    broken = type("Stuck", (EXCHANGE,), {"project": rf.solidity(EXAMPLE / "contracts", (edit,))})
    shows(EXCHANGE, broken, "EXI-1", open_long)


def test_search__whole_exchange__is_clean() -> None:
    done = searched(EXCHANGE, 40)
    assert (done.finding, done.fault, done.unseen) == (None, "", {})
    assert done.words_checked > 100
