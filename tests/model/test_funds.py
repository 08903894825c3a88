"""Money that waits: claimable, owed, insurance. Refusals in order, then what moves."""

from functools import partial

import pytest
from isolated_margin.errors import (
    AmountTooLarge,
    ERC20InsufficientBalance,
    ERC20InvalidReceiver,
    NotAnInteger,
    NothingOwed,
    NothingToClaim,
    PoolEmpty,
    ZeroAmount,
)
from isolated_margin.events import Claimed, InsuranceFunded, OwedCollected, Paid, Transfer
from isolated_margin.fixed import MAX_ASSETS
from isolated_margin.market import Market

from tests.model.worlds import (
    FLOAT,
    FREE_OF_CARRY,
    TOKEN,
    UNIT,
    assert_refused,
    close_position,
    new_market,
    open_position,
    set_price,
)


@pytest.fixture
def market() -> Market:
    """Return a paused market with a dead feed, where trader_1 may claim 1,991 and is owed 3,499."""
    market = new_market(FREE_OF_CARRY, pool_assets=10_000 * TOKEN)
    open_position(market, 5 * UNIT, 2_000 * TOKEN)
    set_price(market, 2_700)
    market.token.transfer("pool", "provider_2", market.pool.balance() - TOKEN)
    market.vault.deleverage("stranger", 1)
    market.vault.pause("owner")
    market.feed.broken = True
    market.drain_log()
    return market


def test_claim__with_everything_wrong__names_each_refusal_in_order(market: Market) -> None:
    """Nothing to claim comes before nobody to receive it."""
    assert_refused(market, lambda: market.vault.claim("stranger", ""), NothingToClaim("stranger"))
    assert_refused(market, lambda: market.vault.claim("trader_1", ""), ERC20InvalidReceiver(""))


def test_claim__pays_all_to_whom_the_account_names(market: Market) -> None:
    """EXI-2: with a dead feed, while paused; once."""
    assert market.vault.claim("trader_1", "trader_2") == 1_991 * TOKEN
    assert market.drain_log() == [
        ("vault", Claimed("trader_1", "trader_2", 1_991 * TOKEN)),
        ("token", Transfer("vault", "trader_2", 1_991 * TOKEN)),
    ]
    assert_refused(market, lambda: market.vault.claim("trader_1", "trader_1"), NothingToClaim("trader_1"))


def test_collect_owed__with_everything_wrong__names_each_refusal_in_order(market: Market) -> None:
    """Nothing owed comes before an empty pool."""
    assert_refused(market, lambda: market.vault.collect_owed("trader_1", "stranger"), NothingOwed("stranger"))
    assert_refused(market, lambda: market.vault.collect_owed("stranger", "trader_1"), PoolEmpty())


def test_collect_owed__pays_as_far_as_the_pool_goes(market: Market) -> None:
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
    assert_refused(market, lambda: market.vault.collect_owed("trader_1", "trader_1"), NothingOwed("trader_1"))


def test_owed__is_first_come_first_served() -> None:
    """What the pool gets meanwhile pays whoever closes next, owed or not."""
    market = new_market(FREE_OF_CARRY, pool_assets=20_000 * TOKEN)
    for owner in ("trader_1", "trader_2"):
        open_position(market, UNIT, 300 * TOKEN, owner=owner)
    market.token.transfer("pool", "provider_2", market.pool.balance())
    set_price(market, 2_100)
    close_position(market, 1)
    market.token.transfer("provider_2", "pool", 60 * TOKEN)
    close_position(market, 2, owner="trader_2")

    assert market.vault.owed("trader_1") == 100 * TOKEN
    assert market.vault.owed("trader_2") < 40 * TOKEN


def test_fund_insurance__with_everything_wrong__names_each_refusal_in_order(market: Market) -> None:
    """Repairing what was named meets the next one, down to the token's own."""
    vault, has = market.vault, market.token.balance_of("stranger")
    assert_refused(market, lambda: vault.fund_insurance("stranger", 0), ZeroAmount())
    for assets, total in ((2**127, 2**127), (MAX_ASSETS, MAX_ASSETS + vault.insurance)):
        assert_refused(
            market,
            partial(vault.fund_insurance, "stranger", assets),
            AmountTooLarge(total, MAX_ASSETS),
        )
    assert_refused(
        market,
        lambda: vault.fund_insurance("stranger", has + 1),
        ERC20InsufficientBalance("stranger", has, has + 1),
    )
    with pytest.raises(NotAnInteger):
        vault.fund_insurance("stranger", FLOAT)


def test_fund_insurance__is_a_gift(market: Market) -> None:
    """It adds to the fund and nobody can take it back."""
    before = market.vault.insurance
    market.vault.fund_insurance("stranger", 5 * TOKEN)

    assert market.vault.ledger().insurance == before + 5 * TOKEN
    assert market.drain_log() == [
        ("vault", InsuranceFunded("stranger", 5 * TOKEN)),
        ("token", Transfer("stranger", "vault", 5 * TOKEN)),
    ]
