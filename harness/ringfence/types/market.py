"""A market as every vault has one: what reports need to show its amounts."""

from dataclasses import dataclass, field

from ringfence.types.facts import Amount, Facts
from ringfence.types.roles import ACCOUNTS


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


def market_of(name: str, facts: Facts) -> VaultMarket:
    """Return the one market of a vault that states its facts."""
    return VaultMarket(name, facts.decimals, facts.price_decimals, facts.answer, amounts=facts.amounts)
