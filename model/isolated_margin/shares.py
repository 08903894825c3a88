"""The pool's shares: an ERC-20 whose freshly minted units can't be redeemed in the second of their mint."""

from collections.abc import Mapping
from typing import ClassVar

from isolated_margin.events import Transfer
from isolated_margin.fixed import uint256
from isolated_margin.state import Clock
from isolated_margin.token import ERC20, NOBODY, Log


class Shares(ERC20):
    """Share balances in raw units, six decimals more than the collateral's."""

    __slots__ = ("_clock", "_minted")
    STATE: ClassVar[tuple[str, ...]] = (*ERC20.STATE, "_minted")

    def __init__(self, log: Log, emitter: str, clock: Clock) -> None:
        super().__init__(log, emitter)
        self._clock = clock
        self._minted: dict[str, tuple[int, int]] = {}  # as ``minted`` returns it

    def resume(self, balances: Mapping[str, int]) -> None:
        """Stand where other shares stand: with these balances, none of them locked, and no allowance.

        Raises:
            NotAnInteger, OutOfDomain: a balance is no ``uint256``.
        """
        held = {account: uint256(shares) for account, shares in balances.items()}
        self._balances, self.total_supply = held, sum(held.values())
        self._allowances, self._minted = {}, {}

    def minted(self, account: str) -> tuple[int, int]:
        """Return the last timestamp at which shares minted at it came to the account, and how many it has."""
        return self._minted.get(account, (0, 0))

    def unlocked_shares(self, account: str) -> int:
        """Return the account's shares that may be redeemed at this timestamp, and are passed on first."""
        return self.balance_of(account) - self._locked_shares(account)

    def _locked_shares(self, account: str) -> int:
        timestamp, shares = self.minted(account)
        return shares if timestamp == self._clock.timestamp else 0

    def _mint(self, receiver: str, shares: int) -> None:
        super()._mint(receiver, shares)
        self._lock(receiver, shares)

    def _burn(self, owner: str, shares: int) -> None:
        self._balances[owner] = self.balance_of(owner) - shares
        self.total_supply -= shares
        self._log.append((self._emitter, Transfer(owner, NOBODY, shares)))

    def _move(self, sender: str, receiver: str, assets: int) -> None:
        locked = max(0, assets - self.unlocked_shares(sender))
        super()._move(sender, receiver, assets)
        self._lock(sender, -locked)
        self._lock(receiver, locked)

    def _lock(self, account: str, shares: int) -> None:
        """Lock so many of the account's shares more at this timestamp, or less."""
        if shares:
            self._minted[account] = (self._clock.timestamp, self._locked_shares(account) + shares)
