"""The alphabet: what an account can do, as frozen data, so that a failing run is a program to keep.

Amounts are raw token units, sizes have 18 decimals, prices are WAD, deadlines are block timestamps in
seconds. Accounts are role names, ``""`` is the zero address. A position is named by the ordinal of the open
that made it, from 1.
"""

from dataclasses import dataclass
from enum import StrEnum


class Flaw(StrEnum):
    """What is wrong with a signature, its signer and its deadline apart."""

    NONE = "none"
    WRONG_CHAIN = "wrong chain"
    WRONG_NONCE = "wrong nonce"
    MALLEABLE = "malleable"
    TRUNCATED = "truncated"
    GARBAGE = "garbage"

    def __repr__(self) -> str:
        return f"Flaw.{self.name}"


@dataclass(frozen=True, slots=True)
class Action:
    """Something that ``account`` does."""

    account: str


@dataclass(frozen=True, slots=True)
class Open(Action):
    """Open a position: a long when ``size`` is positive, a short when negative."""

    size: int
    margin: int
    limit_price_wad: int
    deadline: int


@dataclass(frozen=True, slots=True)
class Increase(Action):
    """Trade more on the position's own side, adding ``margin`` that may be 0."""

    position: int
    size_delta: int
    margin: int
    limit_price_wad: int
    deadline: int


@dataclass(frozen=True, slots=True)
class Decrease(Action):
    """Realise ``size_delta`` of a position."""

    position: int
    size_delta: int
    limit_price_wad: int
    deadline: int


@dataclass(frozen=True, slots=True)
class Close(Action):
    """Realise all of a position."""

    position: int
    limit_price_wad: int
    deadline: int


@dataclass(frozen=True, slots=True)
class AddMargin(Action):
    """Add to any position's margin."""

    position: int
    assets: int


@dataclass(frozen=True, slots=True)
class RemoveMargin(Action):
    """Return margin to the position's owner."""

    position: int
    assets: int


@dataclass(frozen=True, slots=True)
class Claim(Action):
    """Take out what liquidations left to ``account``."""

    to: str


@dataclass(frozen=True, slots=True)
class CollectOwed(Action):
    """Have the pool pay a delayed profit to ``beneficiary``."""

    beneficiary: str


@dataclass(frozen=True, slots=True)
class SetOperator(Action):
    """Allow or forbid ``operator`` to act for ``account``."""

    operator: str
    allowed: bool


@dataclass(frozen=True, slots=True)
class SetOperatorWithSig(Action):
    """Hand in ``owner``'s signed permission, which ``signer`` really signed, with a flaw perhaps."""

    owner: str
    operator: str
    allowed: bool
    nonce: int
    deadline: int
    signer: str
    flaw: Flaw


@dataclass(frozen=True, slots=True)
class OpenWithPermit(Action):
    """Open a position with a token permit, which ``signer`` really signed, with a flaw perhaps."""

    size: int
    margin: int
    limit_price_wad: int
    deadline: int
    signer: str
    flaw: Flaw


@dataclass(frozen=True, slots=True)
class Liquidate(Action):
    """Reduce a position that is below maintenance margin."""

    position: int


@dataclass(frozen=True, slots=True)
class Deleverage(Action):
    """Realise a winner's profit that the pool could not pay otherwise."""

    position: int


@dataclass(frozen=True, slots=True)
class FundInsurance(Action):
    """Give to the insurance fund."""

    assets: int


@dataclass(frozen=True, slots=True)
class Pause(Action):
    """Stop new risk."""


@dataclass(frozen=True, slots=True)
class Unpause(Action):
    """Allow new risk again."""


@dataclass(frozen=True, slots=True)
class SetGuardian(Action):
    """Name who else may pause."""

    guardian: str


@dataclass(frozen=True, slots=True)
class TransferOwnership(Action):
    """Offer the ownership to ``new_owner``."""

    new_owner: str


@dataclass(frozen=True, slots=True)
class AcceptOwnership(Action):
    """Take the ownership that was offered."""


@dataclass(frozen=True, slots=True)
class RenounceOwnership(Action):
    """Leave the vault without an owner."""


@dataclass(frozen=True, slots=True)
class Deposit(Action):
    """Bring ``assets`` to the pool, for shares."""

    assets: int
    receiver: str


@dataclass(frozen=True, slots=True)
class Mint(Action):
    """Buy ``shares`` of the pool."""

    shares: int
    receiver: str


@dataclass(frozen=True, slots=True)
class Withdraw(Action):
    """Take ``assets`` out of the pool, for ``owner``'s shares."""

    assets: int
    receiver: str
    owner: str


@dataclass(frozen=True, slots=True)
class Redeem(Action):
    """Give back ``owner``'s ``shares`` of the pool."""

    shares: int
    receiver: str
    owner: str


@dataclass(frozen=True, slots=True)
class TransferShares(Action):
    """Move shares of the pool to another account."""

    to: str
    shares: int


@dataclass(frozen=True, slots=True)
class TransferSharesFrom(Action):
    """Move ``owner``'s shares of the pool to another account, spending what the owner allowed."""

    owner: str
    receiver: str
    shares: int


@dataclass(frozen=True, slots=True)
class Pay(Action):
    """Have the pool send its assets to ``to``, as only its vault may."""

    to: str
    assets: int


@dataclass(frozen=True, slots=True)
class Lock(Action):
    """Keep all other calls out of the vault, as only its pool may."""


@dataclass(frozen=True, slots=True)
class Unlock(Action):
    """Let other calls into the vault again, as only its pool may."""


@dataclass(frozen=True, slots=True)
class Approve(Action):
    """Allow ``spender`` to take ``amount`` of the account's collateral (``token``) or shares (``pool``)."""

    token: str
    spender: str
    amount: int


@dataclass(frozen=True, slots=True)
class Donate(Action):
    """Send collateral to ``to`` (``vault``, ``pool`` or an account) outside of any function of theirs."""

    to: str
    assets: int


@dataclass(frozen=True, slots=True)
class SetPrice(Action):
    """Make the feed answer ``answer``, in its own decimals, as of ``age`` seconds before this block."""

    answer: int
    age: int


@dataclass(frozen=True, slots=True)
class BreakFeed(Action):
    """Make the feed revert, or answer again."""

    broken: bool


# By name, the last wins: ``slots=True`` makes each class a second time, and the first may live on.
ALPHABET: tuple[type[Action], ...] = tuple({kind.__name__: kind for kind in Action.__subclasses__()}.values())

PRIVILEGED: tuple[type[Action], ...] = (Pay, Lock, Unlock)  # between vault and pool: refused to every account


@dataclass(frozen=True, slots=True)
class Execute(Action):
    """Carry out what was asked for a position before: for vaults that make every trade wait."""

    position: int


EVERY_ACTION: tuple[type[Action], ...] = (*ALPHABET, Execute)  # ours, and what only other vaults know


@dataclass(frozen=True, slots=True)
class Step:
    """An action in a new block, ``seconds`` after the last one; with 0 seconds, in that last block."""

    action: Action
    seconds: int


Program = tuple[Step, ...]
