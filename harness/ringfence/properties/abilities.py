"""What properties need of a vault under test: abilities, actions of some kinds, and totals that it shows.

A property that needs more than its vault offers is not applicable, and reports say so.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol, TypeAlias

from ringfence.types.kinds import Kind
from ringfence.types.totals import Total


class Ability(StrEnum):
    """Something that a property needs of an adapter, beside ``apply`` and ``observe``."""

    REWIND = "going back to an earlier state"
    SAME_BLOCK = "several actions in one block"
    VALUATION = "a valuation of positions from what is observed"
    RULES = "a valuation by all of the isolated-margin rules"
    EVENTS = "the events of the isolated-margin interface"
    BALANCES = "the token balances of accounts, vault and pool"
    SUMS = "the sums over its positions that it keeps"
    NAMED_ERRORS = "an error with a name for every refusal"
    RECEIPTS = "a liquidation's amounts as its result"
    GAS = "the gas of the last action"
    PARTIAL_LIQUIDATION = "liquidating no more than needed"
    LIQUIDATION_PRICE = "a liquidation price by position"
    INSURANCE = "an insurance fund"
    CARRY = "funding or borrowing by an index per side"
    POOL_SHARES = "a pool with ERC-4626 shares"
    POOL_WORTH = "what the shares of its pool are worth together"
    OPERATORS = "operators and signed permissions"
    NAMED_OWNER = "the owner of the position, named by who adds margin"
    BLACKLIST = "a collateral that can refuse an account"
    COLLATERALS = "the balances of further collateral tokens"
    SETTLEMENT = "how long its feed must be silent before a market is settled"
    DEBT = "the debt of positions in its valuation"


Need: TypeAlias = Ability | Kind | Total
"""What a property asks for; of a ``Kind``: an action that does this; of a ``Total``: that it is shown."""


def described(needs: Iterable[Need]) -> list[str]:
    """Return needs as sentences name them, sorted."""
    return sorted(map(_described, needs))


def briefly(needs: Iterable[Need]) -> str:
    """Return needs in one line: as ``described``, but totals by their names alone, at the end."""
    needs = list(needs)
    totals = sorted(need for need in needs if isinstance(need, Total))
    others = described(need for need in needs if not isinstance(need, Total))
    if totals:
        others.append(f"the total{'s' if len(totals) > 1 else ''} {', '.join(totals)}")
    return ", ".join(others)


def _described(need: Need) -> str:
    if isinstance(need, Total):
        return f"the total {need}, {need.meaning}"
    return f"an action that {need}" if isinstance(need, Kind) else str(need)


class AbleVault(Protocol):
    """What a vault offers for abilities; each is there alone where it is stated."""

    def liquidation_price(self, position: int) -> int:
        """LIQUIDATION_PRICE: return the vault's own view in WAD, 0 if there is none."""
        ...

    @property
    def settle_after(self) -> int:
        """SETTLEMENT: return the seconds that a feed must be reported dead before its market is settled."""
        ...

    def pool_worth(self) -> int:
        """POOL_WORTH: return the vault's own view of what all shares are worth now, in assets."""
        ...

    def blacklist(self, account: str) -> None:
        """BLACKLIST: make the collateral refuse whatever comes from or goes to ``account``."""
        ...

    @property
    def gas_used(self) -> int:
        """GAS: return the gas of the last action that was carried out."""
        ...
