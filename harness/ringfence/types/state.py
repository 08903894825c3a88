"""What can be seen of a vault between two actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ringfence.types.kinds import Kind

PERMISSIONS: Final[Mapping[Kind, int]] = {
    Kind.DECREASES: 1,
    Kind.CLOSES: 1,
    Kind.INCREASES: 2,
    Kind.REMOVES_MARGIN: 4,
}


@dataclass(frozen=True, slots=True)
class PositionState:
    """A live position. ``size`` has 18 decimals and a sign; ``margin`` and ``quote`` are assets;
    ``deleveraged_at`` is in seconds, 0 if it never was.

    Another vault's ``size`` is in the unit in which it is opened: base or notional. Of the rest it has what
    it keeps: an entry price in place of ``quote``, say; ``rate_bp``, the initial margin that it was asked
    for, of its notional, 1e-4; and ``amounts`` of its own by name: a debt, another collateral.
    """

    owner: str
    size: int
    margin: int
    carry_entry: int = 0
    quote: int = 0
    rate_bp: int = 0
    deleveraged_at: int = 0
    entry_price_wad: int = 0
    amounts: Mapping[str, int] = field(default_factory=dict)

    def assets_off(self, other: "PositionState") -> int | None:
        """Return by how many units the assets of two states differ at most; None where anything else does."""
        same = replace(other, margin=self.margin, quote=self.quote, amounts=self.amounts)
        if self != same or self.amounts.keys() != other.amounts.keys():
            return None
        own = [self.amounts[name] - amount for name, amount in other.amounts.items()]
        return max(map(abs, (self.margin - other.margin, self.quote - other.quote, *own)))


@dataclass(frozen=True, slots=True)
class AccountState:
    """What an account has: ``tokens`` in its wallet, ``shares`` of the pool, the rest in the vault.

    ``amounts`` are another vault's own by name: a balance of another token, a credit.
    """

    tokens: int
    claimable: int = 0
    owed: int = 0
    shares: int = 0
    nonce: int = 0
    amounts: Mapping[str, int] = field(default_factory=dict)


NOTHING: Final = AccountState(0)


@dataclass(frozen=True, slots=True)
class OperatorState:
    """What an operator may do, by default everything for ever: ``permissions`` are bits, by ``PERMISSIONS``,
    ``expiry`` is the last timestamp.
    """

    permissions: int = 7
    expiry: int = 2**64 - 1

    def may(self, kind: Kind, timestamp: int) -> bool:
        """Return whether it may do an action of a kind; what no bit stands for takes any of them."""
        return bool(self.permissions & PERMISSIONS.get(kind, self.permissions)) and timestamp <= self.expiry


@dataclass(frozen=True, slots=True)
class VaultState:
    """Everything that a step may change.

    ``totals`` names the vault's sums and balances (``long_size``, ``insurance``, ``pool_tokens``, ...),
    ``officers`` who is owner, pending owner and guardian, ``operators`` what owners
    permit, by the pair of owner and operator.
    """

    positions: dict[int, PositionState]
    totals: dict[str, int]
    accounts: dict[str, AccountState]
    officers: dict[str, str] = field(default_factory=dict)
    operators: Mapping[tuple[str, str], OperatorState] = field(default_factory=dict)

    @property
    def reachable(self) -> dict[int, PositionState]:
        """Return the positions that their owners can act on: those of accounts, not of other contracts."""
        return {number: held for number, held in self.positions.items() if held.owner in self.accounts}

    def account(self, role: str) -> AccountState:
        """Return what an account has; nothing where it is not observed."""
        return self.accounts.get(role, NOTHING)


class AccountRows:
    """Makes accounts of columns, and again only those that have changed since the last time."""

    def __init__(self, names: Sequence[str]) -> None:
        """Make the accounts of these names."""
        self._names = names
        self._rows: dict[str, tuple[int, ...]] = {}
        self._accounts: dict[str, AccountState] = {}

    def of(self, *columns: Sequence[int]) -> dict[str, AccountState]:
        """Return every account's state. ``columns`` are its fields, each in the order of the names."""
        for role, row in zip(self._names, zip(*columns, strict=True), strict=True):
            if self._rows.get(role) != row:
                self._rows[role] = row
                self._accounts[role] = AccountState(*row)
        return dict(self._accounts)
