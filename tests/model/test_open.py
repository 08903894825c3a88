"""Opening a position: every refusal in order, then what moves."""

from dataclasses import replace
from typing import Any

import pytest
from isolated_margin.errors import (
    AmountTooLarge,
    BelowInitialMargin,
    ERC20InsufficientAllowance,
    ERC20InsufficientBalance,
    Expired,
    InsufficientLiquidity,
    InsufficientMargin,
    InvalidPrice,
    InvalidSize,
    MarketPaused,
    NotAnInteger,
    OpenInterestExceeded,
    OutOfDomain,
    PositionTooSmall,
    PriceLimit,
    StalePrice,
    ZeroSize,
)
from isolated_margin.events import Accrued, Approval, Opened, Transfer
from isolated_margin.fixed import MAX_ASSETS, MAX_SIZE
from isolated_margin.margin import Position
from isolated_margin.market import Market

from tests.model.worlds import (
    FOREVER,
    FREE_OF_CARRY,
    NO_LIMIT,
    PARAMETERS,
    TOKEN,
    UNIT,
    WAD,
    assert_refused,
    close_position,
    new_market,
    open_position,
    set_price,
)


@pytest.mark.parametrize("has_permit", [False, True])
def test_open__with_everything_wrong__names_each_refusal_in_order(has_permit: bool) -> None:
    """Repairing what was named meets the next one, down to the token's own."""
    market = new_market()
    vault, now = market.vault, market.clock.timestamp
    arguments: dict[str, Any] = {"size": 0, "margin": 2**127, "limit_price_wad": 1, "deadline": now - 1}

    def call() -> int:
        if has_permit:
            return vault.open_with_permit("trader_1", **arguments, signer="stranger")
        return vault.open("trader_1", **arguments)

    vault.pause("guardian")
    market.feed.broken = True
    market.token.approve("trader_1", "vault", 0)
    assert_refused(market, call, MarketPaused())
    vault.unpause("owner")
    assert_refused(market, call, Expired(now - 1, now))
    arguments["deadline"] = now
    assert_refused(market, call, ZeroSize())
    arguments["size"] = MAX_SIZE + 1
    assert_refused(market, call, InvalidSize(MAX_SIZE + 1, MAX_SIZE))
    arguments["size"] = -(2**255)
    assert_refused(market, call, InvalidSize(2**255, MAX_SIZE))
    arguments["size"] = MAX_SIZE
    assert_refused(market, call, AmountTooLarge(2**127, MAX_ASSETS))
    arguments["margin"] = 0
    assert_refused(market, call, InvalidPrice(0))
    market.feed.broken = False
    set_price(market, 2_000, age=3_601)
    assert_refused(market, call, StalePrice(now - 3_601, now))
    set_price(market, 2_000)
    assert_refused(market, call, PriceLimit(2_000 * WAD, 1))
    arguments["limit_price_wad"] = 2_000 * WAD
    assert_refused(market, call, OpenInterestExceeded(MAX_SIZE, 1_000 * UNIT))
    market.token.transfer("provider_1", "pool", 1)
    free = market.pool.balance()
    arguments["size"] = 1_000 * UNIT + 1
    assert_refused(market, call, OpenInterestExceeded(1_000 * UNIT + 1, 1_000 * UNIT))
    market.token.transfer("pool", "stranger", free // 2)
    free -= free // 2
    arguments["size"] = 1_000 * UNIT
    assert_refused(market, call, InsufficientLiquidity(2_000_000 * TOKEN, free))
    arguments["size"] = 1
    assert_refused(market, call, PositionTooSmall(1, 10 * TOKEN))
    arguments["size"] = UNIT
    assert_refused(market, call, InsufficientMargin(0, 2 * TOKEN))
    arguments["margin"] = 2 * TOKEN
    assert_refused(market, call, BelowInitialMargin(0, 200 * TOKEN))
    arguments["margin"] = 202 * TOKEN - 1
    assert_refused(market, call, BelowInitialMargin(200 * TOKEN - 1, 200 * TOKEN))
    arguments["margin"] = 202 * TOKEN
    assert_refused(market, call, ERC20InsufficientAllowance("vault", 0, 202 * TOKEN))
    market.token.approve("trader_1", "vault", NO_LIMIT)
    poor = market.token.balance_of("trader_1") - 202 * TOKEN + 1
    market.token.transfer("trader_1", "stranger", poor)
    assert_refused(market, call, ERC20InsufficientBalance("trader_1", 202 * TOKEN - 1, 202 * TOKEN))
    market.token.transfer("stranger", "trader_1", 1)
    assert call() == 1


def test_open__of_a_long__moves_margin_and_fee() -> None:
    """The margin comes in, the fee goes out of it, a fifth to insurance; the pool gets the rest."""
    market = new_market()
    pool_before = market.pool.balance()

    assert open_position(market, UNIT, 300 * TOKEN) == 1
    carry = market.vault.carry
    position = Position("trader_1", UNIT, 298 * TOKEN, carry.carry_long, -2_000 * TOKEN)
    assert market.vault.position(1) == position
    assert market.vault.insurance == 400_000
    assert market.pool.balance() == pool_before + 1_600_000
    assert market.token.balance_of("vault") == 298 * TOKEN + 400_000
    assert market.drain_log() == [
        ("vault", Accrued(2_000 * WAD, carry.carry_long, carry.carry_short)),
        ("vault", Opened(1, "trader_1", position, 2_000 * WAD, 1_600_000, 400_000)),
        ("token", Transfer("trader_1", "vault", 300 * TOKEN)),
        ("token", Transfer("vault", "pool", 1_600_000)),
    ]


def test_open__of_a_short__credits_what_it_sold() -> None:
    """Proceeds round down: a short of one odd unit is credited less than it is worth."""
    market = new_market()
    position_id = open_position(market, -(UNIT + 1), 300 * TOKEN)

    position = market.vault.position(position_id)
    assert (position.size, position.quote) == (-(UNIT + 1), 2_000 * TOKEN)
    assert market.vault.ledger().short_size == UNIT + 1


@pytest.mark.parametrize(("size", "limit"), [(UNIT, 2_000 * WAD), (-UNIT, 2_000 * WAD)])
def test_open__at_exactly_the_limit__passes(size: int, limit: int) -> None:
    """One unit better is asked for in vain, on both sides."""
    market = new_market()
    worse = limit - 1 if size > 0 else limit + 1
    assert_refused(
        market,
        lambda: market.vault.open("trader_1", size, 300 * TOKEN, worse, FOREVER),
        PriceLimit(2_000 * WAD, worse),
    )

    market.vault.open("trader_1", size, 300 * TOKEN, limit, FOREVER)


def test_open__counts_up_and_never_uses_an_id_again() -> None:
    """A closed position's id stays gone."""
    market = new_market()
    assert open_position(market, UNIT, 300 * TOKEN) == 1
    close_position(market, 1)

    assert open_position(market, UNIT, 300 * TOKEN) == 2
    assert market.vault.ledger().next_id == 3


def test_open__in_the_same_second_at_the_same_price__accrues_once() -> None:
    """Accrued is emitted when time or price moved since the last one, and not else."""
    market = new_market()
    open_position(market, UNIT, 300 * TOKEN)
    market.drain_log()
    open_position(market, UNIT, 300 * TOKEN)

    assert not [entry for _, entry in market.drain_log() if isinstance(entry, Accrued)]
    set_price(market, 2_001)
    open_position(market, UNIT, 300 * TOKEN)
    assert [entry for _, entry in market.drain_log() if isinstance(entry, Accrued)]


def test_open__without_fees__skips_the_transfer_of_nothing() -> None:
    """Only the margin moves."""
    market = new_market(replace(FREE_OF_CARRY, trading_fee_ppm=0))
    open_position(market, UNIT, 300 * TOKEN)

    transfers = [entry for _, entry in market.drain_log() if isinstance(entry, Transfer)]
    assert transfers == [Transfer("trader_1", "vault", 300 * TOKEN)]


def test_open__whose_fee_would_overfill_insurance__is_refused() -> None:
    """The fund is an amount of assets like any other."""
    market = new_market(replace(PARAMETERS, insurance_share_ppm=10**6))
    market.vault.insurance = MAX_ASSETS - 2 * TOKEN + 1

    assert_refused(
        market,
        lambda: open_position(market, UNIT, 300 * TOKEN),
        AmountTooLarge(MAX_ASSETS + 1, MAX_ASSETS),
    )


def with_permit(market: Market, signer: str | None) -> int:
    """Open with a permit that ``signer`` really signed."""
    return market.vault.open_with_permit("trader_1", UNIT, 300 * TOKEN, NO_LIMIT, FOREVER, signer)


def test_open_with_permit__signed_by_the_caller__needs_no_allowance() -> None:
    """The permit replaces the allowance by exactly the margin, which the pull spends."""
    market = new_market()
    market.token.approve("trader_1", "vault", 7)
    market.drain_log()

    with_permit(market, "trader_1")
    assert market.token.allowance("trader_1", "vault") == 0
    assert market.token.nonces("trader_1") == 1
    (first, *_) = market.drain_log()
    assert first == ("token", Approval("trader_1", "vault", 300 * TOKEN))


@pytest.mark.parametrize("signer", [None, "stranger"])
def test_open_with_permit__that_fails__uses_the_allowance_there_is(signer: str | None) -> None:
    """Somebody else's permit, or none, is ignored."""
    market = new_market()
    with_permit(market, signer)

    assert market.token.allowance("trader_1", "vault") == NO_LIMIT
    assert market.token.nonces("trader_1") == 0


def test_open_with_permit__of_a_pauper__is_refused_and_the_permit_unused() -> None:
    """The balance decides; nothing of the permit stays."""
    market = new_market()
    market.token.transfer("trader_1", "stranger", market.token.balance_of("trader_1"))

    assert_refused(
        market,
        lambda: with_permit(market, "trader_1"),
        ERC20InsufficientBalance("trader_1", 0, 300 * TOKEN),
    )


@pytest.mark.parametrize("position", range(4))
@pytest.mark.parametrize("bad", [1.0, True, 2**256, "1"])
def test_open__with_no_integers__is_rejected(position: int, bad: Any) -> None:
    """Floats, bools and what no word holds, whichever argument it is."""
    arguments: list[Any] = [UNIT, 300 * TOKEN, NO_LIMIT, FOREVER]
    arguments[position] = bad
    market = new_market()
    size, margin, limit, deadline = arguments
    with pytest.raises((NotAnInteger, OutOfDomain), match=str(bad)):
        market.vault.open("trader_1", size, margin, limit, deadline)
    with pytest.raises((NotAnInteger, OutOfDomain), match=str(bad)):
        market.vault.open_with_permit("trader_1", size, margin, limit, deadline, "trader_1")
