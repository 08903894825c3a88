"""Money that waits: claimable, owed, insurance. Refusals in order, then what moves."""

from dataclasses import replace

import pytest
from isolated_margin import errors
from isolated_margin.events import Claimed, InsuranceFunded, OwedCollected, Paid, Transfer
from isolated_margin.fixed import MAX_ASSETS

from tests.model.worlds import FREE_OF_CARRY, TOKEN, UNIT, World

CLAIM = 1_977_500_000  # 1,990 of margin and 1 of profit, less the reward


@pytest.fixture
def market() -> World:
    """Return a paused market with a dead feed, where trader_1 may claim 1,977.5 and is owed 3,499."""
    market = World(FREE_OF_CARRY, pool_assets=10_000 * TOKEN)
    market.open_position(5 * UNIT, 2_000 * TOKEN)
    market.vault.parameters = replace(FREE_OF_CARRY, min_notional=14_000 * TOKEN)
    market.set_price(2_700)
    market.token.transfer("pool", "provider_2", market.pool.balance() - TOKEN)
    market.vault.deleverage("stranger", 1)
    market.vault.pause("owner")
    market.feed.broken = True
    market.drain_log()
    return market


def test_claim__with_everything_wrong__names_each_refusal_in_order(market: World) -> None:
    for to in ("vault", "pool"):
        market.must_refuse(errors.InvalidReceiver(to), market.vault.claim, "stranger", to)
    market.must_refuse(errors.NothingToClaim("stranger"), market.vault.claim, "stranger", "")
    market.must_refuse(errors.ERC20InvalidReceiver(""), market.vault.claim, "trader_1", "")


def test_claim__pays_all_to_whom_the_account_names(market: World) -> None:
    """EXI-2: with a dead feed, while paused; once."""
    assert market.vault.claim("trader_1", "trader_2") == CLAIM
    assert market.drain_log() == [
        ("vault", Claimed("trader_1", "trader_2", CLAIM)),
        ("token", Transfer("vault", "trader_2", CLAIM)),
    ]
    market.must_refuse(errors.NothingToClaim("trader_1"), market.vault.claim, "trader_1", "trader_1")


def test_collect_owed__with_everything_wrong__names_each_refusal_in_order(market: World) -> None:
    market.must_refuse(errors.NothingOwed("stranger"), market.vault.collect_owed, "trader_1", "stranger")
    market.must_refuse(errors.PoolEmpty(), market.vault.collect_owed, "stranger", "trader_1")


def test_collect_owed__pays_as_far_as_the_pool_goes(market: World) -> None:
    """EXI-2: anybody may call, the account gets it; what is missing stays owed."""
    market.token.transfer("provider_2", "pool", 500 * TOKEN)
    market.drain_log()

    assert market.vault.collect_owed("stranger", "trader_1") == 500 * TOKEN
    assert market.vault.owed("trader_1") == market.vault.total_owed == 2_999 * TOKEN
    assert market.drain_log() == [
        ("vault", OwedCollected("trader_1", "stranger", 500 * TOKEN)),
        ("pool", Paid("trader_1", 500 * TOKEN)),
        ("token", Transfer("pool", "trader_1", 500 * TOKEN)),
    ]
    market.token.transfer("provider_2", "pool", 5_000 * TOKEN)
    assert market.vault.collect_owed("trader_1", "trader_1") == 2_999 * TOKEN
    assert market.vault.total_owed == 0
    market.must_refuse(errors.NothingOwed("trader_1"), market.vault.collect_owed, "trader_1", "trader_1")


def test_owed__comes_before_every_later_profit() -> None:
    """EXI-4: what the pool gets meanwhile is not paid to who closes next; then first come, first served."""
    market = World(FREE_OF_CARRY, pool_assets=20_000 * TOKEN)
    for owner in ("trader_1", "trader_2"):
        market.open_position(UNIT, 300 * TOKEN, owner=owner)
    market.token.transfer("pool", "provider_2", market.pool.balance())
    market.set_price(2_100)
    market.close_position(1)
    market.token.transfer("provider_2", "pool", 60 * TOKEN)
    market.close_position(2, owner="trader_2")
    assert market.vault.owed("trader_1") == 100 * TOKEN
    assert market.vault.owed("trader_2") == 100 * TOKEN


def test_fund_insurance__with_everything_wrong__names_each_refusal_in_order(market: World) -> None:
    vault, has = market.vault, market.token.balance_of("stranger")
    market.must_refuse(errors.ZeroAmount(), vault.fund_insurance, "stranger", 0)
    for assets, total in ((2**127, 2**127), (MAX_ASSETS, MAX_ASSETS + vault.insurance)):
        market.must_refuse(errors.AmountTooLarge(total, MAX_ASSETS), vault.fund_insurance, "stranger", assets)
    refusal = errors.ERC20InsufficientBalance("stranger", has, has + 1)
    market.must_refuse(refusal, vault.fund_insurance, "stranger", has + 1)


def test_fund_insurance__is_a_gift(market: World) -> None:
    before = market.vault.insurance
    market.vault.fund_insurance("stranger", 5 * TOKEN)
    assert market.vault.ledger().insurance == before + 5 * TOKEN
    assert market.drain_log() == [
        ("vault", InsuranceFunded("stranger", 5 * TOKEN)),
        ("token", Transfer("stranger", "vault", 5 * TOKEN)),
    ]
