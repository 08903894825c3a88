"""One unit is as much of an amount as any: it is asked for, moved and counted."""

import pytest
from isolated_margin.errors import (
    ERC20InsufficientAllowance,
    ERC20InsufficientBalance,
    ERC20InvalidSpender,
    InvalidPrice,
    Liquidatable,
    OutOfDomain,
    PositionTooSmall,
    Refusal,
)
from isolated_margin.fixed import MAX_INT256, MAX_UINT256
from isolated_margin.margin import Position
from isolated_margin.market import Market
from isolated_margin.price import PriceFeed
from isolated_margin.trade import check_stays

from tests.model.worlds import (
    FREE_OF_CARRY,
    TOKEN,
    UNIT,
    assert_refused,
    move_price,
    new_market,
    open_position,
)

MOST = 2**127 - 1
WIDEST = 2**128 - 1


@pytest.fixture
def market() -> Market:
    """Return a market with a position of trader_1's."""
    made = new_market(FREE_OF_CARRY)
    open_position(made, UNIT, 1_000 * TOKEN)
    return made


def test_add_margin__of_one_unit__is_pulled(market: Market) -> None:
    """From the payer, to the vault, into the position."""
    before, held = market.token.balance_of("stranger"), market.token.balance_of("vault")
    margin = market.vault.position(1).margin
    market.vault.add_margin("stranger", 1, 1)
    assert market.token.balance_of("stranger") == before - 1
    assert market.token.balance_of("vault") == held + 1
    assert market.vault.position(1).margin == margin + 1


def test_add_margin__of_one_unit_that_may_not_be_pulled__is_refused_whole(market: Market) -> None:
    """Before anything has changed."""
    market.token.approve("stranger", "vault", 0)
    refusal = ERC20InsufficientAllowance("vault", 0, 1)
    assert_refused(market, lambda: market.vault.add_margin("stranger", 1, 1), refusal)


def test_remove_margin__of_one_unit__is_paid_out(market: Market) -> None:
    """To the owner."""
    before = market.token.balance_of("trader_1")
    market.vault.remove_margin("trader_1", 1, 1)
    assert market.token.balance_of("trader_1") == before + 1


def test_deposit__of_one_unit__is_pulled_or_refused_whole(market: Market) -> None:
    """Into the pool."""
    before = market.pool.balance()
    market.pool.deposit("provider_2", 1, "provider_2")
    assert market.pool.balance() == before + 1
    market.token.approve("provider_2", "pool", 0)
    refusal = ERC20InsufficientAllowance("pool", 0, 1)
    assert_refused(market, lambda: market.pool.deposit("provider_2", 1, "provider_2"), refusal)


def test_withdraw__of_one_unit__is_paid_and_its_shares_are_burned(market: Market) -> None:
    """Off the owner's shares, and off all shares."""
    market.clock.advance(1)
    move_price(market, 2_000)
    supply, shares = market.pool.total_supply, market.pool.balance_of("provider_1")
    before = market.token.balance_of("stranger")
    burned = market.pool.withdraw("provider_1", 1, "stranger", "provider_1")
    assert burned > 0
    assert market.token.balance_of("stranger") == before + 1
    assert market.pool.total_supply == supply - burned
    assert market.pool.balance_of("provider_1") == shares - burned


def test_transfer__of_what_an_account_never_had__is_refused(market: Market) -> None:
    """The first unit is missing already, and so is the first of an allowance."""
    refusal = ERC20InsufficientBalance("nobody", 0, 1)
    assert_refused(market, lambda: market.token.transfer("nobody", "stranger", 1), refusal)
    spending = ERC20InsufficientAllowance("nobody", 0, 1)
    assert_refused(market, lambda: market.token.transfer_from("nobody", "trader_1", "nobody", 1), spending)
    spender = ERC20InvalidSpender("")
    assert_refused(market, lambda: market.token.approve("trader_1", "", 1), spender)


def test_check_stays__at_both_limits__lets_it_be() -> None:
    """The smallest notional, and an equity that is the requirement; one unit less is refused."""
    smallest = FREE_OF_CARRY.min_notional
    required = FREE_OF_CARRY.maintenance_margin(smallest)

    def left(size: int, equity: int) -> Position:
        return Position("trader_1", size, margin=equity, carry_entry=0, quote=-size)

    check_stays(left(smallest, required), 10**18, 10**18, FREE_OF_CARRY)
    for size, equity, expected in (
        (smallest - 1, required, PositionTooSmall(smallest - 1, smallest)),
        (smallest, required - 1, Liquidatable(required - 1, required)),
    ):
        with pytest.raises(Refusal) as caught:
            check_stays(left(size, equity), 10**18, 10**18, FREE_OF_CARRY)
        assert (caught.value.name, caught.value.args) == (expected.name, expected.args)


@pytest.mark.parametrize("name", ["size", "margin", "carry_entry", "quote"])
def test_position__at_the_ends_of_a_type__is_one_and_beyond_is_none(name: str) -> None:
    """Of 128 bits, of 256 for the quote."""
    lowest, highest = {
        "margin": (0, WIDEST),
        "quote": (-MAX_INT256, MAX_INT256),
    }.get(name, (-MOST, MOST))
    fields = {"size": 1, "margin": 1, "carry_entry": 1, "quote": 1}
    for value in (lowest, highest):
        assert getattr(Position("owner", **fields | {name: value}), name) == value
    for value in (lowest - 1, highest + 1):
        with pytest.raises(OutOfDomain):
            Position("owner", **fields | {name: value})


def test_feed__that_was_never_told__has_no_price() -> None:
    """One that was told at the first second has."""
    feed = PriceFeed(18)
    with pytest.raises(InvalidPrice):
        feed.read(1, MAX_UINT256)
    feed.set(5, 1)
    assert feed.read(1, 0) == 5
    feed.broken = True
    with pytest.raises(InvalidPrice):
        feed.read(1, MAX_UINT256)
