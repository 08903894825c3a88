"""Opening a position: every refusal in order, then what moves."""

from dataclasses import replace
from typing import Any

import pytest
from isolated_margin import errors, views
from isolated_margin.events import Accrued, Approval, Opened, Transfer
from isolated_margin.fixed import MAX_ASSETS, MAX_SIZE
from isolated_margin.margin import Position

from tests.model.worlds import FOREVER, FREE_OF_CARRY, NO_LIMIT, PARAMETERS, TOKEN, UNIT, WAD, World


@pytest.mark.parametrize("has_permit", [False, True])
def test_open__with_everything_wrong__names_each_refusal_in_order(market: World, has_permit: bool) -> None:
    """The preview ends alike; but pause, limit, deadline and the caller's tokens are no matter to it."""
    vault, now = market.vault, market.clock.timestamp
    arguments: dict[str, Any] = {"size": 0, "margin": 2**127, "limit_price_wad": 1, "deadline": now - 1}

    def call() -> int:
        if has_permit:
            return vault.open_with_permit("trader_1", **arguments, signer="stranger")
        return vault.open("trader_1", **arguments)

    def preview() -> views.OpenPreview:
        return views.preview_open(vault, arguments["size"], arguments["margin"])

    def both_refuse(expected: errors.Refusal) -> None:
        for each in (call, preview):
            market.must_refuse(expected, each)

    vault.pause("guardian")
    market.feed.broken = True
    market.token.approve("trader_1", "vault", 0)
    market.must_refuse(errors.MarketPaused(), call)
    market.must_refuse(errors.ZeroSize(), preview)
    vault.unpause("owner")
    market.must_refuse(errors.Expired(now - 1, now), call)
    arguments["deadline"] = now
    both_refuse(errors.ZeroSize())
    arguments["size"] = MAX_SIZE + 1
    both_refuse(errors.InvalidSize(MAX_SIZE + 1, MAX_SIZE))
    arguments["size"] = -(2**255)
    both_refuse(errors.InvalidSize(2**255, MAX_SIZE))
    arguments["size"] = MAX_SIZE
    both_refuse(errors.AmountTooLarge(2**127, MAX_ASSETS))
    arguments["margin"] = 0
    both_refuse(errors.InvalidPrice(0))
    market.feed.broken = False
    market.set_price(2_000, age=3_601)
    both_refuse(errors.StalePrice(now - 3_601, now))
    market.set_price(2_000)
    market.must_refuse(errors.PriceLimit(2_000 * WAD, 1), call)
    arguments["limit_price_wad"] = 2_000 * WAD
    both_refuse(errors.OpenInterestExceeded(MAX_SIZE, 1_000 * UNIT))
    market.token.transfer("provider_1", "pool", 1)
    free = market.pool.balance()
    arguments["size"] = 1_000 * UNIT + 1
    both_refuse(errors.OpenInterestExceeded(1_000 * UNIT + 1, 1_000 * UNIT))
    market.token.transfer("pool", "stranger", free // 2)
    free -= free // 2
    arguments["size"] = 1_000 * UNIT
    both_refuse(errors.InsufficientLiquidity(2_000_000 * TOKEN, free))
    arguments["size"] = 1
    both_refuse(errors.PositionTooSmall(1, 10 * TOKEN))
    arguments["size"] = UNIT
    both_refuse(errors.InsufficientMargin(0, 2 * TOKEN))
    arguments["margin"] = 2 * TOKEN
    both_refuse(errors.BelowInitialMargin(0, 200 * TOKEN))
    arguments["margin"] = 202 * TOKEN - 1
    both_refuse(errors.BelowInitialMargin(200 * TOKEN - 1, 200 * TOKEN))
    arguments["margin"] = 202 * TOKEN
    market.must_refuse(errors.ERC20InsufficientAllowance("vault", 0, 202 * TOKEN), call)
    assert preview().equity == 200 * TOKEN
    market.token.approve("trader_1", "vault", NO_LIMIT)
    poor = market.token.balance_of("trader_1") - 202 * TOKEN + 1
    market.token.transfer("trader_1", "stranger", poor)
    market.must_refuse(errors.ERC20InsufficientBalance("trader_1", 202 * TOKEN - 1, 202 * TOKEN), call)
    market.token.transfer("stranger", "trader_1", 1)
    assert call() == 1


def test_open__of_a_long__moves_margin_and_fee(market: World) -> None:
    pool_before = market.pool.balance()

    assert market.open_position(UNIT, 300 * TOKEN) == 1
    carry = market.vault.carry
    position = Position("trader_1", UNIT, 298 * TOKEN, carry.carry_long, -2_000 * TOKEN)
    assert market.vault.position(1) == position
    assert market.vault.insurance == 400_000
    assert market.pool.balance() == pool_before + 1_600_000
    assert market.token.balance_of("vault") == 298 * TOKEN + 400_000
    assert market.drain_log() == [
        ("vault", Accrued(2_000 * WAD, carry.carry_long, carry.carry_short)),
        ("vault", Opened(1, "trader_1", position, 2_000 * WAD, 1_600_000, 400_000, 98 * TOKEN)),
        ("token", Transfer("trader_1", "vault", 300 * TOKEN)),
        ("token", Transfer("vault", "pool", 1_600_000)),
    ]


def test_open__of_a_short__credits_what_it_sold(market: World) -> None:
    """Proceeds round down: a short of one odd unit is credited less than it is worth."""
    position_id = market.open_position(-(UNIT + 1), 300 * TOKEN)
    position = market.vault.position(position_id)
    assert (position.size, position.quote) == (-(UNIT + 1), 2_000 * TOKEN)
    assert market.vault.ledger().short_size == UNIT + 1


@pytest.mark.parametrize(("size", "limit"), [(UNIT, 2_000 * WAD), (-UNIT, 2_000 * WAD)])
def test_open__at_exactly_the_limit__passes(market: World, size: int, limit: int) -> None:
    worse = limit - 1 if size > 0 else limit + 1
    refusal = errors.PriceLimit(2_000 * WAD, worse)
    market.must_refuse(refusal, market.vault.open, "trader_1", size, 300 * TOKEN, worse, FOREVER)
    market.vault.open("trader_1", size, 300 * TOKEN, limit, FOREVER)


def test_open__counts_up_and_never_uses_an_id_again(market: World) -> None:
    assert market.open_position(UNIT, 300 * TOKEN) == 1
    market.close_position(1)
    assert market.open_position(UNIT, 300 * TOKEN) == 2
    assert market.vault.ledger().next_id == 3


def test_open__in_the_same_second_at_the_same_price__accrues_once(market: World) -> None:
    """Accrued is emitted when time or price moved since the last one, and not else."""
    market.open_position(UNIT, 300 * TOKEN)
    market.drain_log()
    market.open_position(UNIT, 300 * TOKEN)
    assert not [entry for _, entry in market.drain_log() if isinstance(entry, Accrued)]
    market.set_price(2_001)
    market.open_position(UNIT, 300 * TOKEN)
    assert [entry for _, entry in market.drain_log() if isinstance(entry, Accrued)]


def test_open__whose_fee_is_insurances__skips_the_transfer_of_nothing() -> None:
    market = World(replace(FREE_OF_CARRY, insurance_share_ppm=10**6))
    market.open_position(UNIT, 300 * TOKEN)
    transfers = [entry for _, entry in market.drain_log() if isinstance(entry, Transfer)]
    assert transfers == [Transfer("trader_1", "vault", 300 * TOKEN)]


def test_open__whose_fee_would_overfill_insurance__is_refused() -> None:
    market = World(replace(PARAMETERS, insurance_share_ppm=10**6))
    market.vault.insurance = MAX_ASSETS - 2 * TOKEN + 1
    refusal = errors.AmountTooLarge(MAX_ASSETS + 1, MAX_ASSETS)
    market.must_refuse(refusal, market.open_position, UNIT, 300 * TOKEN)


def with_permit(market: World, signer: str | None) -> int:
    """Open with a permit that ``signer`` really signed."""
    return market.vault.open_with_permit("trader_1", UNIT, 300 * TOKEN, NO_LIMIT, FOREVER, signer)


def test_open_with_permit__signed_by_the_caller__needs_no_allowance(market: World) -> None:
    """The permit replaces the allowance by exactly the margin, which the pull spends."""
    market.token.approve("trader_1", "vault", 7)
    market.drain_log()
    with_permit(market, "trader_1")
    assert market.token.allowance("trader_1", "vault") == 0
    assert market.token.nonces("trader_1") == 1
    (first, *_) = market.drain_log()
    assert first == ("token", Approval("trader_1", "vault", 300 * TOKEN))


@pytest.mark.parametrize("signer", [None, "stranger"])
def test_open_with_permit__that_fails__uses_the_allowance_there_is(market: World, signer: str | None) -> None:
    with_permit(market, signer)
    assert market.token.allowance("trader_1", "vault") == NO_LIMIT
    assert market.token.nonces("trader_1") == 0


def test_open_with_permit__of_a_pauper__is_refused_and_the_permit_unused(market: World) -> None:
    market.token.transfer("trader_1", "stranger", market.token.balance_of("trader_1"))
    refusal = errors.ERC20InsufficientBalance("trader_1", 0, 300 * TOKEN)
    market.must_refuse(refusal, with_permit, market, "trader_1")
