"""What a position is worth and what it must hold. No state, no clock.

Rounds against the trader: what they own rounds down, what they owe or must hold rounds up. Source
of the formulas: docs/rules.md. ``scale`` is ``10**(36 - d)`` for a token of ``d`` decimals, so that
assets are ``size * price_wad / scale``.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from isolated_margin.fixed import BP, MAX_INT256, MAX_UINT256, ceil_div, floor_div, int256, uint256, within
from isolated_margin.parameters import RiskParameters

MAX_INT128: Final = 2**127 - 1
MAX_UINT128: Final = 2**128 - 1


@dataclass(frozen=True, slots=True)
class Position:
    """One isolated position.

    ``size``: base asset, 18 decimals, long above zero, short below. ``margin``: its own collateral,
    assets. ``carry_entry``: its side's carry index when last settled. ``quote``: its running
    balance against the pool, assets, credits minus debits. ``rate_bp``: the initial margin that its side's
    size asked for when it last grew, of the notional, 1e-4. ``deleveraged_at``: seconds; 0 if never.
    """

    owner: str
    size: int
    margin: int
    carry_entry: int
    quote: int
    rate_bp: int = 0
    deleveraged_at: int = 0

    def __post_init__(self) -> None:
        # One expression for what nearly always holds: positions are made in every action.
        size, margin, carry_entry, quote = self.size, self.margin, self.carry_entry, self.quote
        rate_bp, at = self.rate_bp, self.deleveraged_at
        if not (
            type(size) is type(margin) is type(carry_entry) is type(quote) is type(rate_bp) is type(at) is int
            and -MAX_INT128 <= size <= MAX_INT128
            and 0 <= margin <= MAX_UINT128
            and -MAX_INT128 <= carry_entry <= MAX_INT128
            and -MAX_INT256 <= quote <= MAX_INT256
            and 0 <= rate_bp <= BP
            and 0 <= at <= MAX_UINT256
        ):
            self._reject()

    def _reject(self) -> None:
        within(self.size, -MAX_INT128, MAX_INT128)
        within(self.margin, 0, MAX_UINT128)
        within(self.carry_entry, -MAX_INT128, MAX_INT128)
        within(self.quote, -MAX_INT256, MAX_INT256)
        within(self.rate_bp, 0, BP)
        uint256(self.deleveraged_at)


EMPTY: Final = Position(owner="", size=0, margin=0, carry_entry=0, quote=0)


class Status(IntEnum):
    """How a position stands, worst first."""

    BANKRUPT = 0
    LIQUIDATABLE = 1
    MARGIN_CALL = 2
    HEALTHY = 3


def scale_of(collateral_decimals: int) -> int:
    """Return what divides ``size * price_wad`` to give assets of a token with these decimals."""
    return int(10 ** (36 - within(collateral_decimals, 0, 36)))


def notional(size: int, price_wad: int, scale: int) -> int:
    """Return the assets that a signed ``size`` is worth in magnitude, rounded up."""
    return ceil_div(abs(int256(size)) * uint256(price_wad), scale)


def carry_owed(position: Position, carry_index: int, scale: int) -> int:
    """Return the assets of carry owed since the last settlement, rounded up; negative is a receipt."""
    return ceil_div(abs(position.size) * (int256(carry_index) - position.carry_entry), scale)


def settled_pnl(position: Position, price_wad: int, scale: int) -> int:
    """Return the profit or loss in assets of a position whose carry is settled: value rounded down,
    plus quote.
    """
    return floor_div(position.size * uint256(price_wad), scale) + position.quote


def settled_equity(position: Position, price_wad: int, scale: int) -> int:
    """Return margin plus pnl, in assets, of a position whose carry is settled."""
    return position.margin + floor_div(position.size * uint256(price_wad), scale) + position.quote


def pnl(position: Position, price_wad: int, carry_index: int, scale: int) -> int:
    """Return the profit or loss in assets: value rounded down, plus quote, less the carry owed."""
    return settled_pnl(position, price_wad, scale) - carry_owed(position, carry_index, scale)


def equity(position: Position, price_wad: int, carry_index: int, scale: int) -> int:
    """Return margin plus pnl, in assets."""
    return position.margin + pnl(position, price_wad, carry_index, scale)


def guarded_equity(position: Position, price_wad: int, carry_index: int, scale: int) -> int:
    """Return margin plus the loss alone: profit not realised backs no new risk, no withdrawal."""
    return position.margin + min(pnl(position, price_wad, carry_index, scale), 0)


def status(equity: int, notional: int, parameters: RiskParameters, *, is_settled: bool = False) -> Status:
    """Return how a position of this equity and notional (assets) stands: in a settled market liquidatable at
    best.
    """
    if int256(equity) < 0:
        return Status.BANKRUPT
    if equity < parameters.maintenance_margin(notional) or is_settled:
        return Status.LIQUIDATABLE
    if equity < parameters.target(notional):
        return Status.MARGIN_CALL
    return Status.HEALTHY
