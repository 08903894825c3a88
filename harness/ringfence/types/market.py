"""A market as every vault has one: its name and facts, and what is needed to show its amounts."""

from dataclasses import dataclass, field
from typing import Final

from ringfence.types.actions import Action, parameters_of
from ringfence.types.facts import Amount, Facts
from ringfence.types.parameter_kinds import AssetAmount, FeedAnswer, SignedSize, UnsignedSize, WorstPrice
from ringfence.types.roles import ACCOUNTS
from ringfence.types.shapes import NO_NAMES, Shapes

WAD_DECIMALS: Final = 18
ASSETS: Final = (
    *("margin", "quote", "tokens", "claimable", "owed"),
    *("insurance", "liquidity", "pending", "vault_tokens", "pool_tokens"),
)
WADS: Final = ("size", "long_size", "short_size", "entry_price_wad")


@dataclass(frozen=True, slots=True)
class VaultMarket:
    """A market before anyone acts; ``answer`` is the feed's first, in its decimals.

    A vault that can be deployed with other parameters has markets of a class of its own.
    """

    name: str
    collateral_decimals: int
    feed_decimals: int
    answer: int
    amounts: tuple[Amount, ...] = field(default=(), kw_only=True)

    @property
    def accounts(self) -> tuple[str, ...]:
        """Return all accounts that act in it."""
        return ACCOUNTS

    @property
    def shapes(self) -> Shapes:
        """Return what reports call the parts of returned values and refusals."""
        return NO_NAMES

    def decimals(self, name: str) -> int:
        """Return the decimals of a number that states call so; 0 for counts, and for what is not known."""
        known = dict.fromkeys(ASSETS, self.collateral_decimals) | dict.fromkeys(WADS, WAD_DECIMALS)
        return (known | {each.name: each.decimals for each in self.amounts}).get(name, 0)


def decimals_in(declared: type[Action], name: str, market: VaultMarket) -> int:
    """Return the decimals of an action's parameter: by its kind, or else by its name."""
    match parameters_of(declared)[name]:
        case AssetAmount():
            return market.collateral_decimals
        case FeedAnswer():
            return market.feed_decimals
        case SignedSize() | UnsignedSize() | WorstPrice():
            return WAD_DECIMALS
        case _:
            return market.decimals(name)


def market_of(name: str, facts: Facts) -> VaultMarket:
    """Return the one market of a vault that states its facts."""
    return VaultMarket(name, facts.decimals, facts.price_decimals, facts.answer, amounts=facts.amounts)
