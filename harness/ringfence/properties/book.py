"""The rules by which positions are valued. They look at what was observed, and never ask the vault under
test.
"""

from typing import Protocol

from ringfence.types.moment import Moment
from ringfence.types.state import VaultState


class ValuedState(Protocol):
    """Positions valued at one price and time, carry accrued up to then."""

    @property
    def price_wad(self) -> int:
        """Return the price, in WAD."""
        ...

    def notional(self, position: int) -> int:
        """Return a position's worth at the price, in assets, rounded up."""
        ...

    def pnl(self, position: int) -> int:
        """Return the unrealised profit in assets, rounded down; carry taken off."""
        ...

    def equity(self, position: int) -> int:
        """Return margin plus unrealised profit, in assets."""
        ...

    def maintenance_margin(self, position: int) -> int:
        """Return the equity below which a position is liquidatable, in assets."""
        ...

    def closing_fee(self, position: int) -> int:
        """Return the most that closing all of a position costs, in assets."""
        ...


class DebtBook(ValuedState, Protocol):
    """Ability.DEBT."""

    def debt(self, position: int) -> int:
        """Return what a position owes of the lent token, with interest, rounded up."""
        ...


class RulesBook(ValuedState, Protocol):
    """A book of a vault that follows all of the isolated-margin rules."""

    def at_price(self, price_wad: int) -> "RulesBook":
        """Return the book at another price, carry held as it is."""
        ...

    def target(self, position: int) -> int:
        """Return the equity that a partial liquidation restores, in assets."""
        ...

    def trading_fee(self, size: int) -> int:
        """Return the trading fee on ``size``, in assets, rounded up."""
        ...

    def reward(self, size: int) -> int:
        """Return what closing ``size`` by liquidation is worth to the liquidator, in assets, rounded down."""
        ...

    def held_back(self) -> int:
        """Return what of insurance is held back for the rewards of all open positions, in assets."""
        ...

    def shortfall_after_liquidating(self, position: int, size: int) -> int:
        """Return how far below the target a position would be if ``size`` of it were liquidated; 0 or less:
        not below.
        """
        ...

    def size_within_tolerance(self, position: int) -> int:
        """Return by how much of its size a partial liquidation may exceed the least that would do."""
        ...

    def is_dust(self, size: int) -> bool:
        """Return whether a position of ``size`` would be too small to be left open."""
        ...

    @property
    def is_free_of_carry(self) -> bool:
        """Return whether no carry has ever accrued, up to now."""
        ...

    @property
    def free(self) -> int:
        """Return the pool's assets that it does not owe."""
        ...

    def is_due(self, size: int, worth: int) -> bool:
        """Return whether beside a pool of this worth the side of a signed ``size`` is deleveraged."""
        ...

    def size_to_keep(self, worth: int) -> int:
        """Return the size that a side may keep beside a pool of this worth, rounded down."""
        ...

    def fair_value(self) -> int:
        """Return what is the providers' if every side paid and got what it can, in assets."""
        ...

    def fresh(self) -> int:
        """Return the margin that came in this second, which counts from the next one on, in assets."""
        ...

    def gap(self) -> int:
        """Return the losses of the sides that their margins can't pay, in assets."""
        ...

    def most_paid(self) -> int:
        """Return what would be the providers' if each side's positions paid for each other, in assets."""
        ...

    def rate_bp(self, size: int) -> int:
        """Return the initial margin that the side of a signed size asks of what grows there, of the notional,
        1e-4.
        """
        ...

    def removable(self, position: int, rate_bp: int) -> int:
        """Return the most that may be removed from a position of which its side has asked ``rate_bp``, in
        assets; negative when it is below its initial margin.
        """
        ...

    @property
    def oi_scale_ppm(self) -> int:
        """Return the initial margin, of the notional, that a side at its cap asks for."""
        ...

    @property
    def liquidity_fee_ppm(self) -> int:
        """Return the share that entering or leaving the pool costs, and that stays in it."""
        ...


class Valuation(Protocol):
    """Values a book; all that a vault must offer for properties about margin."""

    def book(self, state: VaultState, moment: Moment) -> ValuedState | None:
        """Return ``state`` valued at ``moment``; None where the feed gives no usable price."""
        ...
