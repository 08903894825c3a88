"""An ordinary ERC-20, as OpenZeppelin writes it. Accounts are names; the zero address is ``""``."""

from typing import ClassVar, Final, TypeAlias

from isolated_margin.errors import (
    ERC20InsufficientAllowance,
    ERC20InsufficientBalance,
    ERC20InvalidApprover,
    ERC20InvalidReceiver,
    ERC20InvalidSpender,
    OutOfDomain,
)
from isolated_margin.events import Approval, LoggedEvent, Transfer
from isolated_margin.fixed import MAX_UINT256, uint256
from isolated_margin.state import Stateful

NOBODY: Final = ""

Log: TypeAlias = list[tuple[str, LoggedEvent]]


class ERC20(Stateful):
    """Balances and allowances in raw units; ``log`` receives events under the name ``emitter``."""

    __slots__ = ("_allowances", "_balances", "_emitter", "_log", "total_supply")
    STATE: ClassVar[tuple[str, ...]] = ("_allowances", "_balances", "total_supply")

    def __init__(self, log: Log, emitter: str) -> None:
        self._log = log
        self._emitter = emitter
        self._balances: dict[str, int] = {}
        self._allowances: dict[tuple[str, str], int] = {}
        self.total_supply = 0

    def balance_of(self, account: str) -> int:
        """Return what the account holds."""
        return self._balances.get(account, 0)

    def allowance(self, owner: str, spender: str) -> int:
        """Return what ``spender`` may move of ``owner``; ``2**256 - 1`` is without limit."""
        return self._allowances.get((owner, spender), 0)

    def approve(self, caller: str, spender: str, assets: int) -> None:
        """Let ``spender`` move ``assets`` of the caller, instead of what it could move before.

        Raises:
            NotAnInteger, OutOfDomain: ``assets`` is no ``uint256``.
            ERC20InvalidSpender: ``spender`` is nobody.
        """
        uint256(assets)
        if spender == NOBODY:
            raise ERC20InvalidSpender(spender)
        self._allowances[caller, spender] = assets
        self._log.append((self._emitter, Approval(caller, spender, assets)))

    def transfer(self, caller: str, receiver: str, assets: int) -> None:
        """Move ``assets`` from the caller to ``receiver``.

        Raises:
            NotAnInteger, OutOfDomain: ``assets`` is no ``uint256``.
            ERC20InvalidReceiver: ``receiver`` is nobody.
            ERC20InsufficientBalance: the caller holds less.
        """
        self.check_transfer(caller, receiver, assets)
        self._move(caller, receiver, assets)

    def transfer_from(self, caller: str, sender: str, receiver: str, assets: int) -> None:
        """Move ``assets`` from ``sender`` to ``receiver``, spending the caller's allowance.

        An allowance without limit stays as it is; spending emits no ``Approval``.

        Raises:
            NotAnInteger, OutOfDomain: ``assets`` is no ``uint256``.
            ERC20InsufficientAllowance: the caller may not move that much.
            ERC20InvalidApprover: ``sender`` is nobody.
            ERC20InvalidReceiver: ``receiver`` is nobody.
            ERC20InsufficientBalance: ``sender`` holds less.
        """
        self.check_transfer_from(caller, sender, receiver, assets)
        self._spend_allowance(caller, sender, assets)
        self._move(sender, receiver, assets)

    def check_transfer(self, sender: str, receiver: str, assets: int) -> None:
        """Raise what ``transfer`` would; change nothing."""
        uint256(assets)
        if receiver == NOBODY:
            raise ERC20InvalidReceiver(receiver)
        self._check_balance(sender, assets)

    def check_transfer_from(self, caller: str, sender: str, receiver: str, assets: int) -> None:
        """Raise what ``transfer_from`` would; change nothing."""
        self.check_allowance(caller, sender, assets)
        self.check_transfer(sender, receiver, assets)

    def check_allowance(self, caller: str, owner: str, assets: int) -> None:
        """Raise what spending ``assets`` of the caller's allowance would; change nothing.

        Raises:
            NotAnInteger, OutOfDomain: ``assets`` is no ``uint256``.
            ERC20InsufficientAllowance: the caller may not move that much.
            ERC20InvalidApprover: ``owner`` is nobody.
        """
        uint256(assets)
        allowance = self._allowances.get((owner, caller), 0)
        if allowance < assets:
            raise ERC20InsufficientAllowance(caller, allowance, assets)
        if owner == NOBODY:
            raise ERC20InvalidApprover(owner)

    def _spend_allowance(self, caller: str, owner: str, assets: int) -> None:
        """Lower the caller's allowance by ``assets``, already checked."""
        allowance = self._allowances.get((owner, caller), 0)
        if allowance != MAX_UINT256:
            self._allowances[owner, caller] = allowance - assets

    def _check_balance(self, sender: str, assets: int) -> None:
        balance = self._balances.get(sender, 0)
        if balance < assets:
            raise ERC20InsufficientBalance(sender, balance, assets)

    def _mint(self, receiver: str, assets: int) -> None:
        self.total_supply += assets
        self._balances[receiver] = self.balance_of(receiver) + assets
        self._log.append((self._emitter, Transfer(NOBODY, receiver, assets)))

    def _move(self, sender: str, receiver: str, assets: int) -> None:
        balances = self._balances
        balances[sender] = balances.get(sender, 0) - assets
        balances[receiver] = balances.get(receiver, 0) + assets
        self._log.append((self._emitter, Transfer(sender, receiver, assets)))


class Token(ERC20):
    """The collateral: anybody can mint it, and a signature can approve (ERC-2612)."""

    __slots__ = ("_nonces",)
    STATE: ClassVar[tuple[str, ...]] = (*ERC20.STATE, "_nonces")

    def __init__(self, log: Log) -> None:
        super().__init__(log, "token")
        self._nonces: dict[str, int] = {}

    def nonces(self, owner: str) -> int:
        """Return the nonce of the owner's next permit."""
        return self._nonces.get(owner, 0)

    def permit(self, owner: str, spender: str, assets: int) -> None:
        """Approve by the owner's valid signature, which uses up one nonce; raises as ``approve``."""
        uint256(assets)
        self._nonces[owner] = self.nonces(owner) + 1
        self.approve(owner, spender, assets)

    def mint(self, receiver: str, assets: int) -> None:
        """Create ``assets`` for ``receiver``.

        Raises:
            NotAnInteger: ``assets`` is not an ``int``.
            OutOfDomain: it is negative, or the supply would not fit a word.
            ERC20InvalidReceiver: ``receiver`` is nobody.
        """
        if self.total_supply + uint256(assets) > MAX_UINT256:
            raise OutOfDomain(assets)
        if receiver == NOBODY:
            raise ERC20InvalidReceiver(receiver)
        self._mint(receiver, assets)
