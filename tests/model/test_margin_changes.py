"""Adding and removing margin: every refusal in order, then what moves."""

from functools import partial
from operator import attrgetter

import pytest
from isolated_margin import errors
from isolated_margin.events import MarginAdded, MarginRemoved, Transfer
from isolated_margin.fixed import MAX_ASSETS
from isolated_margin.permission import EVERYTHING, MAX_UINT64

from tests.model.worlds import TOKEN, UNIT, WAD, World


@pytest.fixture
def market(long_market: World) -> World:
    """Return a market with a position."""
    return long_market


def test_add_margin__with_everything_wrong__names_each_refusal_in_order(market: World) -> None:
    vault = market.vault
    market.token.approve("stranger", "vault", 5)
    market.must_refuse(errors.NoPosition(2), vault.add_margin, "stranger", 2, 0, "trader_2")
    market.must_refuse(errors.WrongOwner(1, "trader_1"), vault.add_margin, "stranger", 1, 0, "stranger")
    add = partial(vault.add_margin, owner="trader_1")
    market.must_refuse(errors.ZeroAmount(), add, "stranger", 1, 0)
    for assets, total in ((2**127, 2**127), (MAX_ASSETS, MAX_ASSETS + 298 * TOKEN)):
        market.must_refuse(errors.AmountTooLarge(total, MAX_ASSETS), add, "stranger", 1, assets)
    market.must_refuse(errors.ERC20InsufficientAllowance("vault", 5, 6), add, "stranger", 1, 6)
    market.token.transfer("stranger", "trader_1", market.token.balance_of("stranger") - 4)
    market.must_refuse(errors.ERC20InsufficientBalance("stranger", 4, 5), add, "stranger", 1, 5)
    add("stranger", 1, 4)
    assert market.token.allowance("stranger", "vault") == 1


def test_add_margin__by_anybody_with_a_dead_feed_while_paused__works(market: World) -> None:
    """EXI-2: defending a position needs nothing but the assets."""
    market.vault.pause("guardian")
    market.feed.broken = True
    market.clock.advance(10**9)
    market.drain_log()
    before = market.vault.position(1)
    market.vault.add_margin("stranger", 1, 1, "trader_1")

    after = market.vault.position(1)
    assert after.margin == before.margin + 1
    assert (after.size, after.quote, after.carry_entry) == (before.size, before.quote, before.carry_entry)
    assert market.drain_log() == [
        ("vault", MarginAdded(1, "trader_1", "stranger", after, 1)),
        ("token", Transfer("stranger", "vault", 1)),
    ]


def test_remove_margin__with_everything_wrong__names_each_refusal_in_order(market: World) -> None:
    vault = market.vault
    market.feed.broken = True
    now = market.clock.timestamp
    market.must_refuse(errors.NoPosition(2), vault.remove_margin, "stranger", 2, 0)
    market.must_refuse(errors.NotAuthorised("stranger", 1), vault.remove_margin, "stranger", 1, 0)
    market.must_refuse(errors.ZeroAmount(), vault.remove_margin, "trader_1", 1, 0)
    market.must_refuse(errors.AmountTooLarge(2**127, MAX_ASSETS), vault.remove_margin, "trader_1", 1, 2**127)
    market.must_refuse(errors.InvalidPrice(0), vault.remove_margin, "trader_1", 1, MAX_ASSETS)
    market.feed.broken = False
    market.feed.updated_at = 0
    market.must_refuse(errors.StalePrice(0, now), vault.remove_margin, "trader_1", 1, MAX_ASSETS)
    market.set_price(2_000)
    refusal = errors.InsufficientMargin(298 * TOKEN, 298 * TOKEN + 1)
    market.must_refuse(refusal, vault.remove_margin, "trader_1", 1, 298 * TOKEN + 1)
    refusal = errors.BelowInitialMargin(200 * TOKEN - 1, 200 * TOKEN)
    market.must_refuse(refusal, vault.remove_margin, "trader_1", 1, 98 * TOKEN + 1)
    vault.remove_margin("trader_1", 1, 98 * TOKEN)


def test_remove_margin__by_an_operator__goes_to_the_owner(market: World) -> None:
    market.vault.set_operator("trader_1", "operator", EVERYTHING, MAX_UINT64)
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
def test_remove_margin__counts_losses_but_no_profit(market: World, price: int, removable: int) -> None:
    """A higher price asks for more margin; only a lower one changes what backs it."""
    market.set_price(price)
    guarded = 298 * TOKEN + min(0, price - 2_000) * TOKEN
    required = price * TOKEN // 10
    refusal = errors.BelowInitialMargin(guarded - removable * TOKEN - 1, required)
    market.must_refuse(refusal, market.vault.remove_margin, "trader_1", 1, removable * TOKEN + 1)
    if removable:
        market.vault.remove_margin("trader_1", 1, removable * TOKEN)


def test_remove_margin__settles_the_carry_of_the_time_passed() -> None:
    market = World()
    market.open_position(UNIT, 300 * TOKEN)
    market.move_price(2_000, seconds=3_600)
    before = market.vault.position(1)
    market.vault.remove_margin("trader_1", 1, TOKEN)
    after = market.vault.position(1)
    assert after.margin == before.margin - TOKEN
    assert after.quote < before.quote
    assert after.carry_entry == market.vault.carry.carry_long


@pytest.mark.parametrize(
    ("pay", "arguments", "account", "change"),
    [
        ("vault.add_margin", ("stranger", 1, 1, "trader_1"), "stranger", -1),
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
