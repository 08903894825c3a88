"""The actions of our vault, each declared once: its kind, its parameters, and the function that it calls.

A function is called as the action is named, by the arguments after ``account`` in their order; so is the
model's method. Where that is not so, the class says what is called.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from ringfence.evm.signing import Flaw
from ringfence.types.actions import Action, Alphabet
from ringfence.types.kinds import Kind
from ringfence.types.parameter_kinds import (
    Age,
    Anyone,
    Assets,
    Beneficiary,
    Choice,
    Collateral,
    Count,
    Deadline,
    LimitPrice,
    Liquidator,
    Officer,
    Operator,
    Position,
    Price,
    PriceSetter,
    Provider,
    Recipient,
    ShareOwner,
    ShareReceiver,
    Shares,
    Signer,
    Size,
    SizeDelta,
    Spender,
    Trader,
    Truth,
)
from ringfence.types.roles import FEED, POOL, TOKEN, VAULT

AnyFlaw = Annotated[Flaw, Choice(*Flaw, unsaid=Flaw.NONE)]


@dataclass(frozen=True, slots=True)
class VaultAction(Action):
    """An action of our vault; ``contract`` and ``function`` are what it calls."""

    contract: ClassVar[str] = VAULT
    function: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super(VaultAction, cls).__init_subclass__()
        if "function" not in vars(cls):
            cls.function = cls.__name__[0].lower() + cls.__name__[1:]


@dataclass(frozen=True, slots=True)
class Open(VaultAction):
    """Open a position: a long when ``size`` is positive, a short when negative."""

    kind = Kind.OPENS
    account: Trader
    size: Size
    margin: Assets
    limit_price_wad: LimitPrice
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class Increase(VaultAction):
    """Trade more on the position's own side, adding ``margin`` that may be 0."""

    kind = Kind.INCREASES
    account: Trader
    position: Position
    size_delta: SizeDelta
    margin: Assets
    limit_price_wad: LimitPrice
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class Decrease(VaultAction):
    """Realise ``size_delta`` of a position."""

    kind = Kind.DECREASES
    account: Trader
    position: Position
    size_delta: SizeDelta
    limit_price_wad: LimitPrice
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class Close(VaultAction):
    """Realise all of a position."""

    kind = Kind.CLOSES
    account: Trader
    position: Position
    limit_price_wad: LimitPrice
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class AddMargin(VaultAction):
    """Add to any position's margin."""

    kind = Kind.ADDS_MARGIN
    account: Anyone
    position: Position
    assets: Assets


@dataclass(frozen=True, slots=True)
class RemoveMargin(VaultAction):
    """Return margin to the position's owner."""

    kind = Kind.REMOVES_MARGIN
    account: Trader
    position: Position
    assets: Assets


@dataclass(frozen=True, slots=True)
class Claim(VaultAction):
    """Take out what liquidations left to ``account``."""

    kind = Kind.CLAIMS
    account: Officer
    to: Recipient


@dataclass(frozen=True, slots=True)
class CollectOwed(VaultAction):
    """Have the pool pay a delayed profit to ``beneficiary``."""

    kind = Kind.COLLECTS
    account: Officer
    beneficiary: Beneficiary


@dataclass(frozen=True, slots=True)
class SetOperator(VaultAction):
    """Allow or forbid ``operator`` to act for ``account``."""

    kind = Kind.GRANTS
    account: Officer
    operator: Operator
    allowed: Truth


@dataclass(frozen=True, slots=True)
class SetOperatorWithSig(VaultAction):
    """Hand in ``owner``'s signed permission, which ``signer`` really signed, with a flaw perhaps."""

    kind = Kind.GRANTS_SIGNED
    account: Officer
    owner: ShareOwner
    operator: Operator
    allowed: Truth
    nonce: Count
    deadline: Deadline
    signer: Signer
    flaw: AnyFlaw


@dataclass(frozen=True, slots=True)
class OpenWithPermit(VaultAction):
    """Open a position with a token permit, which ``signer`` really signed, with a flaw perhaps."""

    kind = Kind.OPENS
    account: Trader
    size: Size
    margin: Assets
    limit_price_wad: LimitPrice
    deadline: Deadline
    signer: Signer
    flaw: AnyFlaw


@dataclass(frozen=True, slots=True)
class Liquidate(VaultAction):
    """Reduce a position that is below maintenance margin."""

    kind = Kind.LIQUIDATES
    account: Liquidator
    position: Position


@dataclass(frozen=True, slots=True)
class Deleverage(VaultAction):
    """Realise a winner's profit that the pool could not pay otherwise."""

    kind = Kind.DELEVERAGES
    account: Liquidator
    position: Position


@dataclass(frozen=True, slots=True)
class FundInsurance(VaultAction):
    """Give to the insurance fund."""

    kind = Kind.FUNDS_INSURANCE
    account: Officer
    assets: Assets


@dataclass(frozen=True, slots=True)
class Pause(VaultAction):
    """Stop new risk."""

    kind = Kind.PAUSES
    account: Officer


@dataclass(frozen=True, slots=True)
class Unpause(VaultAction):
    """Allow new risk again."""

    kind = Kind.LEAVES_POSITIONS
    account: Officer


@dataclass(frozen=True, slots=True)
class SetGuardian(VaultAction):
    """Name who else may pause."""

    kind = Kind.LEAVES_POSITIONS
    account: Officer
    guardian: Anyone


@dataclass(frozen=True, slots=True)
class TransferOwnership(VaultAction):
    """Offer the ownership to ``new_owner``."""

    kind = Kind.LEAVES_POSITIONS
    account: Officer
    new_owner: Anyone


@dataclass(frozen=True, slots=True)
class AcceptOwnership(VaultAction):
    """Take the ownership that was offered."""

    kind = Kind.LEAVES_POSITIONS
    account: Officer


@dataclass(frozen=True, slots=True)
class RenounceOwnership(VaultAction):
    """Leave the vault without an owner."""

    kind = Kind.LEAVES_POSITIONS
    account: Officer


@dataclass(frozen=True, slots=True)
class Deposit(VaultAction):
    """Bring ``assets`` to the pool, for shares."""

    kind, contract = Kind.PROVIDES, POOL
    account: Provider
    assets: Assets
    receiver: ShareReceiver


@dataclass(frozen=True, slots=True)
class Mint(VaultAction):
    """Buy ``shares`` of the pool."""

    kind, contract = Kind.PROVIDES_SHARES, POOL
    account: Provider
    shares: Shares
    receiver: ShareReceiver


@dataclass(frozen=True, slots=True)
class Withdraw(VaultAction):
    """Take ``assets`` out of the pool, for ``owner``'s shares."""

    kind, contract = Kind.WITHDRAWS, POOL
    account: Provider
    assets: Assets
    receiver: ShareReceiver
    owner: ShareOwner


@dataclass(frozen=True, slots=True)
class Redeem(VaultAction):
    """Give back ``owner``'s ``shares`` of the pool."""

    kind, contract = Kind.REDEEMS, POOL
    account: Provider
    shares: Shares
    receiver: ShareReceiver
    owner: ShareOwner


@dataclass(frozen=True, slots=True)
class TransferShares(VaultAction):
    """Move shares of the pool to another account."""

    kind, contract, function = Kind.LEAVES_POSITIONS, POOL, "transfer"
    account: Provider
    to: Recipient
    shares: Shares


@dataclass(frozen=True, slots=True)
class TransferSharesFrom(VaultAction):
    """Move ``owner``'s shares of the pool to another account, spending what the owner allowed."""

    kind, contract, function = Kind.LEAVES_POSITIONS, POOL, "transferFrom"
    account: Provider
    owner: ShareOwner
    receiver: ShareReceiver
    shares: Shares


@dataclass(frozen=True, slots=True)
class Pay(VaultAction):
    """Have the pool send its assets to ``to``, as only its vault may."""

    kind, contract = Kind.FORBIDDEN, POOL
    account: Officer
    to: Recipient
    assets: Assets


@dataclass(frozen=True, slots=True)
class Lock(VaultAction):
    """Keep all other calls out of the vault, as only its pool may."""

    kind = Kind.FORBIDDEN
    account: Officer


@dataclass(frozen=True, slots=True)
class Unlock(VaultAction):
    """Let other calls into the vault again, as only its pool may."""

    kind = Kind.FORBIDDEN
    account: Officer


@dataclass(frozen=True, slots=True)
class Approve(VaultAction):
    """Allow ``spender`` to take ``amount`` of the account's collateral (``token``) or shares (``pool``)."""

    kind = Kind.LEAVES_POSITIONS
    contract = TOKEN  # or POOL, as ``token`` says
    account: Anyone
    token: Collateral
    spender: Spender
    amount: Shares


@dataclass(frozen=True, slots=True)
class Donate(VaultAction):
    """Send collateral to ``to`` (``vault``, ``pool`` or an account) outside of any function of theirs."""

    kind, contract, function = Kind.DONATES, TOKEN, "transfer"
    account: Officer
    to: Recipient
    assets: Assets


@dataclass(frozen=True, slots=True)
class SetPrice(VaultAction):
    """Make the feed answer ``answer``, in its own decimals, as of ``age`` seconds before this block."""

    kind, contract, function = Kind.MOVES_PRICE, FEED, "set"
    account: PriceSetter
    answer: Price
    age: Age


@dataclass(frozen=True, slots=True)
class BreakFeed(VaultAction):
    """Make the feed revert, or answer again."""

    kind, contract, function = Kind.BREAKS_FEED, FEED, "setBroken"
    account: PriceSetter
    broken: Truth


# By name, the last wins: ``slots=True`` makes each class a second time, and the first may live on.
ACTIONS: Final = tuple({each.__name__: each for each in VaultAction.__subclasses__()}.values())
ALPHABET: Final = Alphabet(ACTIONS)
PRIVILEGED: Final = ALPHABET.of(Kind.FORBIDDEN)  # between vault and pool: refused to every account
