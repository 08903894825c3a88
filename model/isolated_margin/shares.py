"""The pool's shares: an ERC-20 whose freshly minted units stay where they are until the next block."""

from collections.abc import Mapping
from typing import ClassVar

from isolated_margin.errors import ERC20InsufficientBalance, SharesLocked
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
        self._minted: dict[str, tuple[int, int]] = {}  # the last block with a mint, and how many in it

    def resume(self, balances: Mapping[str, int]) -> None:
        """Stand where other shares stand: with these balances, none of them locked, and no allowance.

        Raises:
            NotAnInteger, OutOfDomain: a balance is no ``uint256``.
        """
        held = {account: uint256(shares) for account, shares in balances.items()}
        self._balances, self.total_supply = held, sum(held.values())
        self._allowances, self._minted = {}, {}

    def locked_shares(self, account: str) -> int:
        """Return the account's shares that were minted in this block."""
        block, shares = self._minted.get(account, (0, 0))
        return shares if block == self._clock.block else 0

    def unlocked_shares(self, account: str) -> int:
        """Return the account's shares that may be redeemed or transferred in this block."""
        return self.balance_of(account) - self.locked_shares(account)

    def _mint(self, receiver: str, shares: int) -> None:
        super()._mint(receiver, shares)
        self._minted[receiver] = (self._clock.block, self.locked_shares(receiver) + shares)

    def _burn(self, owner: str, shares: int) -> None:
        self._balances[owner] = self.balance_of(owner) - shares
        self.total_supply -= shares
        self._log.append((self._emitter, Transfer(owner, NOBODY, shares)))

    def _check_balance(self, sender: str, assets: int) -> None:
        balance, unlocked = self.balance_of(sender), self.unlocked_shares(sender)
        if assets > balance:
            raise ERC20InsufficientBalance(sender, balance, assets)
        if assets > unlocked:
            raise SharesLocked(sender, assets, unlocked)
