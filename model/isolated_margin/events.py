"""What the vault, its pool and the token announce; the structs that the events carry.

Names and the order of fields are the ABI's. Amounts are in raw units of the collateral token unless
the name says otherwise: ``size...`` in size units, ``price_wad`` scaled by 1e18.
"""

from dataclasses import dataclass

from isolated_margin.book import Round
from isolated_margin.margin import Position


@dataclass(frozen=True, slots=True)
class Fill:
    """What realising a part of a position moved.

    ``realised``: profit (rounded down) or loss. ``paid``: pool to margin for a profit, margin to
    pool for a loss. ``owed``: profit of a whole close that the pool could not pay. ``deficit``: loss
    that margin could not pay.
    """

    size_closed: int
    realised: int
    paid: int
    owed: int
    deficit: int


@dataclass(frozen=True, slots=True)
class DecreaseResult:
    """A voluntary reduction; ``payout`` is the margin sent to the owner by a whole close, else 0."""

    fill: Fill
    pool_fee: int
    insurance_fee: int
    payout: int


@dataclass(frozen=True, slots=True)
class Liquidation:
    """A forced reduction.

    ``fee``: what left margin, ``reward_from_margin + to_insurance``. ``reward_from_insurance``: what
    insurance added to the liquidator's reward. ``covered``: what insurance gave the pool for the
    deficit. ``pool_loss``: the rest of it. ``to_claimable``: the margin left by a whole close.
    """

    fill: Fill
    fee: int
    reward_from_margin: int
    to_insurance: int
    reward_from_insurance: int
    covered: int
    pool_loss: int
    to_claimable: int


@dataclass(frozen=True, slots=True)
class DeleverageResult:
    """A forced realisation of profit in a ``round`` of its side. ``reward``: what left margin for the caller.
    ``to_claimable``: the margin left by a whole close.
    """

    fill: Fill
    round: Round
    reward: int
    to_claimable: int


class LoggedEvent:
    """Anything that a log can hold."""

    __slots__ = ()


# The vault


@dataclass(frozen=True, slots=True)
class Accrued(LoggedEvent):
    """The carry indices moved to this block's time at this price."""

    price_wad: int
    carry_long: int
    carry_short: int


@dataclass(frozen=True, slots=True)
class Opened(LoggedEvent):
    """A position began; ``fresh`` of its margin counts from the next second on."""

    id: int
    owner: str
    position: Position
    price_wad: int
    pool_fee: int
    insurance_fee: int
    fresh: int


@dataclass(frozen=True, slots=True)
class Increased(LoggedEvent):
    """A position grew by ``size_delta``, its owner adding ``margin``, ``fresh`` of it or of its profit."""

    id: int
    owner: str
    position: Position
    size_delta: int
    margin: int
    price_wad: int
    pool_fee: int
    insurance_fee: int
    fresh: int


@dataclass(frozen=True, slots=True)
class Decreased(LoggedEvent):
    """A position shrank or closed at its owner's wish."""

    id: int
    owner: str
    position: Position
    price_wad: int
    decrease: DecreaseResult


@dataclass(frozen=True, slots=True)
class MarginAdded(LoggedEvent):
    """Somebody added margin to a position."""

    id: int
    owner: str
    payer: str
    position: Position
    assets: int


@dataclass(frozen=True, slots=True)
class MarginRemoved(LoggedEvent):
    """Margin went back to the position's owner."""

    id: int
    owner: str
    position: Position
    price_wad: int
    assets: int


@dataclass(frozen=True, slots=True)
class Liquidated(LoggedEvent):
    """A position was reduced, or closed, for want of margin."""

    id: int
    owner: str
    liquidator: str
    position: Position
    price_wad: int
    liquidation: Liquidation


@dataclass(frozen=True, slots=True)
class Deleveraged(LoggedEvent):
    """A profit was realised because the pool could hardly pay all of them."""

    id: int
    owner: str
    caller: str
    position: Position
    price_wad: int
    deleverage: DeleverageResult


@dataclass(frozen=True, slots=True)
class Claimed(LoggedEvent):
    """An account took out what the vault kept for it."""

    account: str
    to: str
    assets: int


@dataclass(frozen=True, slots=True)
class OwedCollected(LoggedEvent):
    """The pool paid a profit that it owed."""

    account: str
    caller: str
    assets: int


@dataclass(frozen=True, slots=True)
class OperatorSet(LoggedEvent):
    """An owner permitted an operator something, or nothing; ``nonce`` is the owner's next one."""

    owner: str
    operator: str
    permissions: int
    expiry: int
    nonce: int


@dataclass(frozen=True, slots=True)
class InsuranceFunded(LoggedEvent):
    """Somebody gave to the insurance fund."""

    payer: str
    assets: int


@dataclass(frozen=True, slots=True)
class PausedSet(LoggedEvent):
    """Opening and increasing stopped, or may go on."""

    caller: str
    paused: bool


@dataclass(frozen=True, slots=True)
class FeedReported(LoggedEvent):
    """The clock of a dead feed started, or started again, at a time in seconds; with 0 it stopped."""

    dead_since: int


@dataclass(frozen=True, slots=True)
class Settled(LoggedEvent):
    """The market has one price for ever, and its indices stand."""

    price_wad: int
    last_accrual: int
    carry_long: int
    carry_short: int


@dataclass(frozen=True, slots=True)
class InsuranceReleased(LoggedEvent):
    """Insurance went to the pool of a settled market without positions, for what that owes."""

    assets: int


@dataclass(frozen=True, slots=True)
class GuardianSet(LoggedEvent):
    """The owner named a guardian."""

    guardian: str


@dataclass(frozen=True, slots=True)
class OwnershipTransferStarted(LoggedEvent):
    """The owner named a successor."""

    previous_owner: str
    new_owner: str


@dataclass(frozen=True, slots=True)
class OwnershipTransferred(LoggedEvent):
    """The successor accepted, or the owner renounced."""

    previous_owner: str
    new_owner: str


# Tokens: the collateral, and the pool's shares


@dataclass(frozen=True, slots=True)
class Transfer(LoggedEvent):
    """``assets`` (shares, when the pool says it) moved; nobody is ``""``: a mint or a burn."""

    sender: str
    receiver: str
    assets: int


@dataclass(frozen=True, slots=True)
class Approval(LoggedEvent):
    """``spender`` may move ``assets`` (shares, when the pool says it) of ``owner``."""

    owner: str
    spender: str
    assets: int


# The pool


@dataclass(frozen=True, slots=True)
class DepositEvent(LoggedEvent):
    """Assets came in for shares."""

    sender: str
    owner: str
    assets: int
    shares: int


@dataclass(frozen=True, slots=True)
class WithdrawEvent(LoggedEvent):
    """Shares went for assets."""

    sender: str
    receiver: str
    owner: str
    assets: int
    shares: int


@dataclass(frozen=True, slots=True)
class Paid(LoggedEvent):
    """The pool paid at the vault's word."""

    to: str
    assets: int
