"""One unit is as much of an amount as any: it is asked for, moved and counted."""

from operator import attrgetter

import pytest
from isolated_margin import errors
from isolated_margin.fixed import MAX_INT256
from isolated_margin.margin import Position
from isolated_margin.trade import check_stays

from tests.model.worlds import FREE_OF_CARRY, TOKEN, UNIT, World, must_refuse

MOST = 2**127 - 1
WIDEST = 2**128 - 1


@pytest.fixture
def market() -> World:
    """Return a market with a position of trader_1's."""
    made = World(FREE_OF_CARRY)
    made.open_position(UNIT, 1_000 * TOKEN)
    return made


@pytest.mark.parametrize(
    ("pay", "arguments", "account", "change"),
    [
        ("vault.add_margin", ("stranger", 1, 1), "stranger", -1),
        ("vault.remove_margin", ("trader_1", 1, 1), "trader_1", 1),
        ("pool.deposit", ("provider_2", 1, "provider_2"), "provider_2", -1),
    ],
)
def test_payment__of_one_unit__is_made_or_refused_whole(
    market: World, pay: str, arguments: tuple[str | int, ...], account: str, change: int
) -> None:
    call, before = attrgetter(pay)(market), market.token.balance_of(account)
    call(*arguments)
    assert market.token.balance_of(account) == before + change
    spender = pay.partition(".")[0]
    market.token.approve(account, spender, 0)
    if change < 0:
        market.must_refuse(errors.ERC20InsufficientAllowance(spender, 0, 1), call, *arguments)


def test_withdraw__of_one_unit__is_paid_and_its_shares_are_burned(market: World) -> None:
    market.clock.advance(1)
    market.move_price(2_000)
    supply, shares = market.pool.total_supply, market.pool.balance_of("provider_1")
    before = market.token.balance_of("stranger")
    burned = market.pool.withdraw("provider_1", 1, "stranger", "provider_1")
    assert burned > 0
    assert market.token.balance_of("stranger") == before + 1
    assert market.pool.total_supply == supply - burned
    assert market.pool.balance_of("provider_1") == shares - burned


def test_check_stays__at_both_limits__lets_it_be() -> None:
    smallest = FREE_OF_CARRY.min_notional
    required = FREE_OF_CARRY.maintenance_margin(smallest)

    def left(size: int, equity: int) -> Position:
        return Position("trader_1", size, margin=equity, carry_entry=0, quote=-size)

    check_stays(left(smallest, required), 10**18, 10**18, FREE_OF_CARRY)
    for size, equity, expected in (
        (smallest - 1, required, errors.PositionTooSmall(smallest - 1, smallest)),
        (smallest, required - 1, errors.Liquidatable(required - 1, required)),
    ):
        must_refuse(expected, check_stays, left(size, equity), 10**18, 10**18, FREE_OF_CARRY)


@pytest.mark.parametrize("name", ["size", "margin", "carry_entry", "quote"])
def test_position__at_the_ends_of_a_type__is_one_and_beyond_is_none(name: str) -> None:
    """Of 128 bits, of 256 for the quote."""
    ends = {"margin": (0, WIDEST), "quote": (-MAX_INT256, MAX_INT256)}
    lowest, highest = ends.get(name, (-MOST, MOST))
    fields = {"size": 1, "margin": 1, "carry_entry": 1, "quote": 1}
    for value in (lowest, highest):
        assert getattr(Position("owner", **fields | {name: value}), name) == value
    for value in (lowest - 1, highest + 1):
        with pytest.raises(errors.OutOfDomain, match=str(value)):
            Position("owner", **fields | {name: value})
