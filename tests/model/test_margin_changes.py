"""Adding and removing margin: every refusal in order, then what moves."""

from functools import partial
from typing import Any

import pytest
from isolated_margin.errors import (
    AmountTooLarge,
    BelowInitialMargin,
    ERC20InsufficientAllowance,
    ERC20InsufficientBalance,
    InsufficientMargin,
    InvalidPrice,
    NoPosition,
    NotAnInteger,
    NotAuthorised,
    OutOfDomain,
    StalePrice,
    ZeroAmount,
)
from isolated_margin.events import MarginAdded, MarginRemoved, Transfer
from isolated_margin.fixed import MAX_ASSETS
from isolated_margin.market import Market

from tests.model.worlds import (
    FREE_OF_CARRY,
    TOKEN,
    UNIT,
    WAD,
    assert_refused,
    move_price,
    new_market,
    open_position,
    set_price,
)


@pytest.fixture
def market() -> Market:
    """Return a market with one long of one unit, 298 of margin left after the fee."""
    market = new_market(FREE_OF_CARRY)
    open_position(market, UNIT, 300 * TOKEN)
    market.drain_log()
    return market


def test_add_margin__with_everything_wrong__names_each_refusal_in_order(market: Market) -> None:
    """Repairing what was named meets the next one, down to the token's own."""
    vault = market.vault
    market.token.approve("stranger", "vault", 5)
    assert_refused(market, lambda: vault.add_margin("stranger", 2, 0), NoPosition(2))
    assert_refused(market, lambda: vault.add_margin("stranger", 1, 0), ZeroAmount())
    for assets, total in ((2**127, 2**127), (MAX_ASSETS, MAX_ASSETS + 298 * TOKEN)):
        assert_refused(
            market,
            partial(vault.add_margin, "stranger", 1, assets),
            AmountTooLarge(total, MAX_ASSETS),
        )
    assert_refused(
        market,
        lambda: vault.add_margin("stranger", 1, 6),
        ERC20InsufficientAllowance("vault", 5, 6),
    )
    market.token.transfer("stranger", "trader_1", market.token.balance_of("stranger") - 4)
    assert_refused(
        market,
        lambda: vault.add_margin("stranger", 1, 5),
        ERC20InsufficientBalance("stranger", 4, 5),
    )
    vault.add_margin("stranger", 1, 4)
    assert market.token.allowance("stranger", "vault") == 1


def test_add_margin__by_anybody_with_a_dead_feed_while_paused__works(market: Market) -> None:
    """EXI-2: defending a position needs nothing but the assets."""
    market.vault.pause("guardian")
    market.feed.broken = True
    market.clock.advance(10**9)
    market.drain_log()
    before = market.vault.position(1)
    market.vault.add_margin("stranger", 1, 7)

    after = market.vault.position(1)
    assert after.margin == before.margin + 7
    assert (after.size, after.quote, after.carry_entry) == (before.size, before.quote, before.carry_entry)
    assert market.drain_log() == [
        ("vault", MarginAdded(1, "trader_1", "stranger", after, 7)),
        ("token", Transfer("stranger", "vault", 7)),
    ]


def test_remove_margin__with_everything_wrong__names_each_refusal_in_order(market: Market) -> None:
    """Repairing what was named meets the next one."""
    vault = market.vault
    market.feed.broken = True
    now = market.clock.timestamp
    assert_refused(market, lambda: vault.remove_margin("stranger", 2, 0), NoPosition(2))
    assert_refused(market, lambda: vault.remove_margin("stranger", 1, 0), NotAuthorised("stranger", 1))
    assert_refused(market, lambda: vault.remove_margin("trader_1", 1, 0), ZeroAmount())
    assert_refused(
        market,
        lambda: vault.remove_margin("trader_1", 1, 2**127),
        AmountTooLarge(2**127, MAX_ASSETS),
    )
    assert_refused(market, lambda: vault.remove_margin("trader_1", 1, MAX_ASSETS), InvalidPrice(0))
    market.feed.broken = False
    market.feed.updated_at = 0
    assert_refused(market, lambda: vault.remove_margin("trader_1", 1, MAX_ASSETS), StalePrice(0, now))
    set_price(market, 2_000)
    assert_refused(
        market,
        lambda: vault.remove_margin("trader_1", 1, 298 * TOKEN + 1),
        InsufficientMargin(298 * TOKEN, 298 * TOKEN + 1),
    )
    assert_refused(
        market,
        lambda: vault.remove_margin("trader_1", 1, 98 * TOKEN + 1),
        BelowInitialMargin(200 * TOKEN - 1, 200 * TOKEN),
    )
    vault.remove_margin("trader_1", 1, 98 * TOKEN)


def test_remove_margin__by_an_operator__goes_to_the_owner(market: Market) -> None:
    """Also while paused; the operator gets nothing."""
    market.vault.set_operator("trader_1", "operator", True)
    market.vault.pause("owner")
    market.drain_log()
    market.vault.remove_margin("operator", 1, 10 * TOKEN)

    position = market.vault.position(1)
    assert position.margin == 288 * TOKEN
    assert market.drain_log() == [
        ("vault", MarginRemoved(1, "trader_1", position, 2_000 * WAD, 10 * TOKEN)),
        ("token", Transfer("vault", "trader_1", 10 * TOKEN)),
    ]


@pytest.mark.parametrize(("price", "removable"), [(3_000, 0), (2_100, 88), (2_000, 98), (1_910, 17)])
def test_remove_margin__counts_losses_but_no_profit(market: Market, price: int, removable: int) -> None:
    """A higher price asks for more margin; only a lower one changes what backs it."""
    set_price(market, price)
    guarded = 298 * TOKEN + min(0, price - 2_000) * TOKEN
    required = price * TOKEN // 10

    assert_refused(
        market,
        lambda: market.vault.remove_margin("trader_1", 1, removable * TOKEN + 1),
        BelowInitialMargin(guarded - removable * TOKEN - 1, required),
    )
    if removable:
        market.vault.remove_margin("trader_1", 1, removable * TOKEN)


def test_remove_margin__settles_the_carry_of_the_time_passed() -> None:
    """What is removed comes out of margin, what carry took out of quote."""
    market = new_market()
    open_position(market, UNIT, 300 * TOKEN)
    move_price(market, 2_000, seconds=3_600)
    before = market.vault.position(1)
    market.vault.remove_margin("trader_1", 1, TOKEN)

    after = market.vault.position(1)
    assert after.margin == before.margin - TOKEN
    assert after.quote < before.quote
    assert after.carry_entry == market.vault.carry.carry_long


@pytest.mark.parametrize(("bad", "error"), [(1.0, NotAnInteger), (True, NotAnInteger), (-1, OutOfDomain)])
def test_margin_changes__with_no_words__are_rejected(
    market: Market, bad: Any, error: type[Exception]
) -> None:
    """Whichever argument it is."""
    for function in (market.vault.add_margin, market.vault.remove_margin):
        for arguments in ((bad, 1), (1, bad)):
            with pytest.raises(error, match=str(bad)):
                function("trader_1", *arguments)
