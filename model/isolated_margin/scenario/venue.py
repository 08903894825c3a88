"""Where a scenario acts: on the model alone, or on anything that behaves like it."""

from typing import Final, Protocol

from isolated_margin.events import DeleverageResult, Liquidation
from isolated_margin.fixed import MAX_PRICE, MAX_UINT256, int256, uint256
from isolated_margin.market import Market
from isolated_margin.parameters import RiskParameters
from isolated_margin.pool import POOL, VAULT
from isolated_margin.scenario.orders import COLLATERAL_DECIMALS, FEED_DECIMALS, Start

KEEPER: Final = "liquidator_1"
PROVIDER: Final = "provider_1"


class Venue(Protocol):
    """A market to act in: each action is a transaction ``seconds`` after the last; raises ``Refusal``."""

    @property
    def market(self) -> Market:
        """Return the model in the venue's present state; it is only looked at."""
        ...

    def set_price(self, price_wad: int, seconds: int) -> None:
        """Make the feed answer the price, WAD."""
        ...

    def deposit(self, assets: int, seconds: int) -> None:
        """Bring liquidity to the pool."""
        ...

    def fund_insurance(self, assets: int, seconds: int) -> None:
        """Give to the insurance fund."""
        ...

    def open(self, owner: str, size: int, margin: int, seconds: int) -> int:
        """Open a position at any price; return its id."""
        ...

    def liquidate(self, position: int, seconds: int) -> Liquidation:
        """Liquidate as the keeper."""
        ...

    def deleverage(self, position: int, seconds: int) -> DeleverageResult:
        """Deleverage as the keeper."""
        ...


class ModelVenue:
    """The model alone."""

    def __init__(self, parameters: RiskParameters, start: Start) -> None:
        """Deploy a market in which everyone holds and allows what they are going to spend.

        Raises:
            InvalidParameter: with the ABI name of the first parameter that breaks a rule.
        """
        self._market = Market(
            parameters,
            collateral_decimals=COLLATERAL_DECIMALS,
            feed_decimals=FEED_DECIMALS,
            owner="owner",
            guardian="guardian",
            deployed_at=1,
        )
        self._fund(PROVIDER, start.pool_assets + start.insurance_assets)
        for order in start.orders:
            self._fund(order.owner, order.margin)

    @property
    def market(self) -> Market:
        """Return the model."""
        return self._market

    def set_price(self, price_wad: int, seconds: int) -> None:
        """Make the feed, of 18 decimals, answer the price."""
        uint256(price_wad)
        self._wait(seconds)
        self._market.feed.set(price_wad, self._market.clock.timestamp)

    def deposit(self, assets: int, seconds: int) -> None:
        """Bring liquidity to the pool."""
        self._wait(seconds)
        self._market.pool.deposit(PROVIDER, assets, PROVIDER)

    def fund_insurance(self, assets: int, seconds: int) -> None:
        """Give to the insurance fund."""
        self._wait(seconds)
        self._market.vault.fund_insurance(PROVIDER, assets)

    def open(self, owner: str, size: int, margin: int, seconds: int) -> int:
        """Open a position at any price; return its id."""
        int256(size), uint256(margin)
        self._wait(seconds)
        return self._market.vault.open(owner, size, margin, worst_price(size), MAX_UINT256)

    def liquidate(self, position: int, seconds: int) -> Liquidation:
        """Liquidate as the keeper."""
        self._wait(seconds)
        return self._market.vault.liquidate(KEEPER, position)

    def deleverage(self, position: int, seconds: int) -> DeleverageResult:
        """Deleverage as the keeper."""
        self._wait(seconds)
        return self._market.vault.deleverage(KEEPER, position)

    def _fund(self, account: str, assets: int) -> None:
        self._market.token.mint(account, assets)
        for spender in (VAULT, POOL):
            self._market.token.approve(account, spender, MAX_UINT256)

    def _wait(self, seconds: int) -> None:
        self._market.clock.advance(seconds)
        self._market.drain_log()


def worst_price(size: int) -> int:
    """Return the limit that accepts every price for a signed ``size``, WAD."""
    return MAX_PRICE if int256(size) > 0 else 0
