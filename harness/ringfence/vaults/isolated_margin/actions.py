"""The actions of our vault, each declared once: its kind, its parameters, and the function that it calls.

A function is called as the action is named, by the arguments after ``account`` in their order; so is the
model's method. Where that is not so, the class says what is called.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Annotated, Any, ClassVar, Final, dataclass_transform

from isolated_margin.permission import EVERYTHING, MAX_UINT64

import ringfence as rf
from ringfence.evm.signing import Flaw
from ringfence.types.outcome import Value
from ringfence.types.parameter_kinds import Bound
from ringfence.types.roles import FEED, POOL, TOKEN, VAULT
from ringfence.types.spelling import snake


class Expiry(Bound):
    """Until when an operator may act, a timestamp in seconds."""

    highest: ClassVar[int] = MAX_UINT64


UNLIMITED: Final = 2**256 - 1  # shares or assets that are given for as many as it takes
AtLeast = Annotated[int, Bound(0)]
AtMost = Annotated[int, Bound(UNLIMITED)]
Permissions = Annotated[int, rf.Choice(*range(EVERYTHING + 1, -1, -1))]
ExpiryTime = Annotated[int, Expiry(MAX_UINT64)]
AnyFlaw = Annotated[Flaw, rf.Choice(*Flaw, unsaid=Flaw.NONE)]
SIGNED: Final = ("signer", "flaw")  # the last parameters of an action that hands in a signature


def values_of(names: Iterable[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what gives the attributes of these names, in their order."""
    wanted = tuple(names)
    if len(wanted) > 1:
        return attrgetter(*wanted)
    return lambda value: tuple([getattr(value, name) for name in wanted])


@dataclass_transform(frozen_default=True)
class VaultAction(rf.Action):
    """An action of our vault, a frozen dataclass: ``contract`` and ``function`` are what it calls.

    ``returned``: what the function returns where ``method_of_model`` returns nothing. ``returns`` is what
    the one number that it returns is called.
    """

    contract: ClassVar[str]
    function: ClassVar[str]
    method_of_model: ClassVar[str]
    returned: ClassVar[Value]
    returns: ClassVar[str]
    is_signed: ClassVar[bool]
    unlimited: ClassVar[int | None]
    _sent: ClassVar[Callable[[Any], tuple[Value, ...]]]

    def __init_subclass__(
        cls,
        kind: rf.Kind,
        contract: str = VAULT,
        function: str = "",
        returned: Value = None,
        returns: str = "",
        unlimited: int | None = None,
    ) -> None:
        """Declare it; without a ``function`` that of the action's name is called.

        A last argument of ``unlimited`` is left out: the function's overload without it is called.
        """
        super().__init_subclass__()
        cls.kind, cls.contract, cls.returned, cls.returns = kind, contract, returned, returns
        cls.function = function or cls.__name__[0].lower() + cls.__name__[1:]
        cls.method_of_model = snake(cls.function)
        names = [field.name for field in fields(dataclass(frozen=True, repr=False)(cls))]
        cls.is_signed, cls.unlimited = tuple(names[-2:]) == SIGNED, unlimited
        cls._sent = values_of(names[1 : -2 if cls.is_signed else None])

    @property
    def callee(self) -> str:
        """Return the contract that is called."""
        return self.contract

    def arguments(self, now: int) -> tuple[Value, ...]:
        """Return the call's arguments in a block of time ``now``, without a signature."""
        arguments = type(self)._sent(self)
        return arguments[:-1] if arguments and arguments[-1] == self.unlimited else arguments


class Open(VaultAction, kind=rf.OPENS, returns="id"):
    """Open a position: a long when ``size`` is positive, a short when negative."""

    account: rf.Trader
    size: rf.Size
    margin: rf.Assets
    limit_price_wad: rf.LimitPrice
    deadline: rf.Deadline


class Increase(VaultAction, kind=rf.INCREASES):
    """Trade more on the position's own side, adding ``margin`` that may be 0."""

    account: rf.Trader
    position: rf.Position
    size_delta: rf.SizeDelta
    margin: rf.Assets
    limit_price_wad: rf.LimitPrice
    deadline: rf.Deadline


class Decrease(VaultAction, kind=rf.DECREASES):
    """Realise ``size_delta`` of a position."""

    account: rf.Trader
    position: rf.Position
    size_delta: rf.SizeDelta
    limit_price_wad: rf.LimitPrice
    deadline: rf.Deadline


class Close(VaultAction, kind=rf.CLOSES):
    """Realise all of a position."""

    account: rf.Trader
    position: rf.Position
    limit_price_wad: rf.LimitPrice
    deadline: rf.Deadline


class AddMargin(VaultAction, kind=rf.ADDS_MARGIN):
    """Add to the margin of any position of ``owner``."""

    account: rf.Anyone
    position: rf.Position
    assets: rf.Assets
    owner: rf.Trader


class RemoveMargin(VaultAction, kind=rf.REMOVES_MARGIN):
    """Return margin to the position's owner."""

    account: rf.Trader
    position: rf.Position
    assets: rf.Assets


class Claim(VaultAction, kind=rf.CLAIMS, returns="assets"):
    """Take out what liquidations left to ``account``."""

    account: rf.Officer
    to: rf.Recipient


class CollectOwed(VaultAction, kind=rf.COLLECTS, returns="assets"):
    """Have the pool pay a delayed profit to ``beneficiary``."""

    account: rf.Officer
    beneficiary: rf.Beneficiary


class SetOperator(VaultAction, kind=rf.GRANTS):
    """Permit ``operator`` to act for ``account``, or no longer."""

    account: rf.Officer
    operator: rf.Operator
    permissions: Permissions
    expiry: ExpiryTime


class SetOperatorWithSig(VaultAction, kind=rf.GRANTS_SIGNED):
    """Hand in ``owner``'s signed permission, which ``signer`` really signed, with a flaw perhaps."""

    account: rf.Officer
    owner: rf.ShareOwner
    operator: rf.Operator
    permissions: Permissions
    expiry: ExpiryTime
    nonce: rf.Count
    deadline: rf.Deadline
    signer: rf.Signer
    flaw: AnyFlaw


class OpenWithPermit(VaultAction, kind=rf.OPENS, returns="id"):
    """Open a position with a token permit, which ``signer`` really signed, with a flaw perhaps."""

    account: rf.Trader
    size: rf.Size
    margin: rf.Assets
    limit_price_wad: rf.LimitPrice
    deadline: rf.Deadline
    signer: rf.Signer
    flaw: AnyFlaw


class Liquidate(VaultAction, kind=rf.LIQUIDATES):
    """Reduce a position that is below maintenance margin."""

    account: rf.Liquidator
    position: rf.Position


class Deleverage(VaultAction, kind=rf.DELEVERAGES):
    """Realise a winner's profit that the pool could not pay otherwise."""

    account: rf.Liquidator
    position: rf.Position


class SettleMarket(VaultAction, kind=rf.SETTLES):
    """Report that the feed is dead, or alive; settle the market of one that has been dead for long enough."""

    account: rf.Officer


class FundInsurance(VaultAction, kind=rf.FUNDS_INSURANCE):
    """Give to the insurance fund."""

    account: rf.Officer
    assets: rf.Assets


class Pause(VaultAction, kind=rf.PAUSES):
    """Stop new risk."""

    account: rf.Officer


class Unpause(VaultAction, kind=rf.LEAVES_POSITIONS):
    """Allow new risk again."""

    account: rf.Officer


class SetGuardian(VaultAction, kind=rf.LEAVES_POSITIONS):
    """Name who else may pause."""

    account: rf.Officer
    guardian: rf.Anyone


class TransferOwnership(VaultAction, kind=rf.LEAVES_POSITIONS):
    """Offer the ownership to ``new_owner``."""

    account: rf.Officer
    new_owner: rf.Anyone


class AcceptOwnership(VaultAction, kind=rf.LEAVES_POSITIONS):
    """Take the ownership that was offered."""

    account: rf.Officer


class RenounceOwnership(VaultAction, kind=rf.LEAVES_POSITIONS):
    """Leave the vault without an owner."""

    account: rf.Officer


class Deposit(VaultAction, kind=rf.PROVIDES, contract=POOL, returns="shares", unlimited=0):
    """Bring ``assets`` to the pool, for no fewer than ``min_shares``."""

    account: rf.Provider
    assets: rf.Assets
    receiver: rf.ShareReceiver
    min_shares: AtLeast = 0


class Mint(VaultAction, kind=rf.PROVIDES_SHARES, contract=POOL, returns="assets", unlimited=UNLIMITED):
    """Buy ``shares`` of the pool, for no more than ``max_assets``."""

    account: rf.Provider
    shares: rf.Shares
    receiver: rf.ShareReceiver
    max_assets: AtMost = UNLIMITED


class Withdraw(VaultAction, kind=rf.WITHDRAWS, contract=POOL, returns="shares", unlimited=UNLIMITED):
    """Take ``assets`` out of the pool, for no more than ``max_shares`` of ``owner``."""

    account: rf.Provider
    assets: rf.Assets
    receiver: rf.ShareReceiver
    owner: rf.ShareOwner
    max_shares: AtMost = UNLIMITED


class Redeem(VaultAction, kind=rf.REDEEMS, contract=POOL, returns="assets", unlimited=0):
    """Give back ``owner``'s ``shares`` of the pool, for no less than ``min_assets``."""

    account: rf.Provider
    shares: rf.Shares
    receiver: rf.ShareReceiver
    owner: rf.ShareOwner
    min_assets: AtLeast = 0


class TransferShares(VaultAction, kind=rf.MOVES_SHARES, contract=POOL, function="transfer", returned=True):
    """Move shares of the pool to another account."""

    account: rf.Provider
    to: rf.Recipient
    shares: rf.Shares


class TransferSharesFrom(
    VaultAction, kind=rf.MOVES_SHARES, contract=POOL, function="transferFrom", returned=True
):
    """Move ``owner``'s shares of the pool to another account, spending what the owner allowed."""

    account: rf.Provider
    owner: rf.ShareOwner
    receiver: rf.ShareReceiver
    shares: rf.Shares


class Pay(VaultAction, kind=rf.FORBIDDEN, contract=POOL):
    """Have the pool send its assets to ``to``, as only its vault may."""

    account: rf.Officer
    to: rf.Recipient
    assets: rf.Assets


class Lock(VaultAction, kind=rf.FORBIDDEN):
    """Keep all other calls out of the vault, as only its pool may."""

    account: rf.Officer


class Unlock(VaultAction, kind=rf.FORBIDDEN):
    """Let other calls into the vault again, as only its pool may."""

    account: rf.Officer


class Approve(VaultAction, kind=rf.LEAVES_POSITIONS, contract=TOKEN, returned=True):
    """Allow ``spender`` to take ``amount`` of the account's collateral (``token``) or shares (``pool``)."""

    account: rf.Anyone
    token: rf.Collateral
    spender: rf.Spender
    amount: rf.Shares

    @property
    def callee(self) -> str:
        """Return the token, or the pool."""
        return self.token

    def arguments(self, now: int) -> tuple[Value, ...]:
        """Return all but which of the two it is."""
        return self.spender, self.amount


class Donate(VaultAction, kind=rf.DONATES, contract=TOKEN, function="transfer", returned=True):
    """Send collateral to ``to`` (``vault``, ``pool`` or an account) outside of any function of theirs."""

    account: rf.Officer
    to: rf.Recipient
    assets: rf.Assets


class SetPrice(VaultAction, kind=rf.MOVES_PRICE, contract=FEED, function="set"):
    """Make the feed answer ``answer``, in its own decimals, as of ``age`` seconds before this block."""

    account: rf.PriceSetter
    answer: rf.Price
    age: rf.Age

    def arguments(self, now: int) -> tuple[int, int]:
        """Return the answer and its time, which is never before 0."""
        return self.answer, max(0, now - self.age)


class BreakFeed(VaultAction, kind=rf.BREAKS_FEED, contract=FEED, function="setBroken"):
    """Make the feed revert, or answer again."""

    account: rf.PriceSetter
    broken: rf.Truth


ACTIONS: Final = tuple(VaultAction.__subclasses__())
ALPHABET: Final = rf.Alphabet(ACTIONS)
PRIVILEGED: Final = ALPHABET.of(rf.FORBIDDEN)  # between vault and pool: refused to every account
