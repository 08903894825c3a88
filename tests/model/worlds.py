"""Markets to test in: the same terms everywhere, changed where a test says so."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import settings
from isolated_margin.errors import Refusal
from isolated_margin.market import Market
from isolated_margin.parameters import RiskParameters, Tier

UNIT: Final = 10**18  # one whole base asset
TOKEN: Final = 10**6  # one whole collateral token
ANSWER: Final = 10**8  # one collateral token per base asset, as the feed says it
WAD: Final = 10**18
FOREVER: Final = 2**40
NO_LIMIT: Final = 2**256 - 1
DEPLOYED_AT: Final = 1_700_000_000

PARAMETERS: Final = RiskParameters(
    tiers=(
        Tier(notional_floor=0, initial_rate_ppm=100_000, maintenance_rate_ppm=50_000),
        Tier(notional_floor=100_000 * TOKEN, initial_rate_ppm=200_000, maintenance_rate_ppm=100_000),
        Tier(notional_floor=500_000 * TOKEN, initial_rate_ppm=500_000, maintenance_rate_ppm=250_000),
    ),
    trading_fee_ppm=1_000,
    insurance_share_ppm=200_000,
    liquidation_fee_ppm=10_000,
    liquidator_share_ppm=500_000,
    buffer_ppm=100_000,
    min_notional=10 * TOKEN,
    max_open_interest=1_000 * UNIT,
    reserve_ppm=2_000_000,
    oi_scale_ppm=0,
    skew_scale=1_000 * UNIT,
    max_funding_rate_wad=10**11,
    borrow_rate_wad=10**10,
    adl_trigger_ppm=100_000,
    adl_target_ppm=150_000,
    liquidity_fee_ppm=0,
    max_price_age=3_600,
    settle_after=604_800,
)
FREE_OF_CARRY: Final = replace(PARAMETERS, max_funding_rate_wad=0, borrow_rate_wad=0)

TRADERS: Final = ("trader_1", "trader_2", "trader_3")
FUNDED: Final = (*TRADERS, "operator", "provider_1", "provider_2", "stranger")
thorough: Final = settings(max_examples=100, deadline=None)


def any_price(size: int) -> int:
    """Return the limit that accepts every price for trading a signed ``size``."""
    return NO_LIMIT if size > 0 else 0


def must_refuse(expected: Refusal, call: Callable[..., object], *arguments: Any) -> None:
    """Check that the call raises exactly this refusal."""
    with pytest.raises(Refusal) as refusal:
        call(*arguments)
    assert (refusal.value.name, refusal.value.args) == (expected.name, expected.args)


class World(Market):
    """A market at a price of 2,000, its pool filled, everybody rich and trusting."""

    def __init__(self, parameters: RiskParameters = PARAMETERS, pool_assets: int = 1_000_000 * TOKEN) -> None:
        super().__init__(
            parameters,
            collateral_decimals=6,
            feed_decimals=8,
            owner="owner",
            guardian="guardian",
            deployed_at=DEPLOYED_AT,
        )
        for account in FUNDED:
            self.token.mint(account, 10**9 * TOKEN)
            self.token.approve(account, "vault", NO_LIMIT)
            self.token.approve(account, "pool", NO_LIMIT)
        self.set_price(2_000)
        if pool_assets:
            self.pool.deposit("provider_1", pool_assets, "provider_1")
        self.move_price(2_000)
        self.drain_log()

    def set_price(self, price: int, age: int = 0) -> None:
        """Let the feed answer a price in whole tokens, given ``age`` seconds ago."""
        self.feed.set(price * ANSWER, self.clock.timestamp - age)

    def move_price(self, price: int, seconds: int = 1) -> None:
        """Begin a new block with a new price."""
        self.clock.advance(seconds)
        self.set_price(price)

    def open_position(self, size: int, margin: int, owner: str = "trader_1") -> int:
        """Open at any price; return the id."""
        return self.vault.open(owner, size, margin, any_price(size), FOREVER)

    def close_position(self, position_id: int, owner: str = "trader_1") -> Any:
        """Close at any price; return what moved."""
        size = self.vault.position(position_id).size
        return self.vault.close(owner, position_id, any_price(-size), FOREVER)

    def decrease_position(self, position_id: int, size: int, owner: str = "trader_1") -> Any:
        """Decrease at any price; return what moved."""
        held = self.vault.position(position_id).size
        return self.vault.decrease(owner, position_id, size, any_price(-held), FOREVER)

    def must_refuse(self, expected: Refusal, call: Callable[..., object], *arguments: Any) -> None:
        """Check that the call raises exactly this refusal and that nothing has changed."""
        before, logged = self.copy(), len(self.log)
        must_refuse(expected, call, *arguments)
        assert self == before
        assert len(self.log) == logged

    def events(self) -> list[str]:
        """Return who announced what since the last time, in order, as ``emitter.Event``."""
        return [f"{emitter}.{type(event).__name__}" for emitter, event in self.drain_log()]
