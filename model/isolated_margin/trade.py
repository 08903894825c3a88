"""Trading: what it costs, and what realising a part of a position moves.

Positions come settled: carry is in ``quote`` already. Costs round up, proceeds round down. Source
of the formulas: docs/rules.md.
"""

from dataclasses import dataclass, replace

from isolated_margin.arguments import check_maximum
from isolated_margin.errors import (
    Bankrupt,
    BelowInitialMargin,
    InsufficientLiquidity,
    InsufficientMargin,
    Liquidatable,
    OpenInterestExceeded,
    PositionTooSmall,
)
from isolated_margin.events import DecreaseResult, Fill
from isolated_margin.fixed import PPM, ceil_div, floor_div, int256, uint256, within
from isolated_margin.margin import EMPTY, Position, notional, settled_equity, settled_pnl
from isolated_margin.parameters import RiskParameters


def cost(size: int, price_wad: int, scale: int) -> int:
    """Return the assets that buying a signed ``size`` takes, rounded up; negative is a credit."""
    return ceil_div(int256(size) * uint256(price_wad), scale)


def trading_fee(size: int, price_wad: int, scale: int, parameters: RiskParameters) -> int:
    """Return the fee in assets on trading ``size``, rounded up."""
    return ceil_div(notional(size, price_wad, scale) * parameters.trading_fee_ppm, PPM)


def insurance_part(fee: int, parameters: RiskParameters) -> int:
    """Return what insurance gets of a trading fee, in assets, rounded down; the pool gets the rest."""
    return floor_div(uint256(fee) * parameters.insurance_share_ppm, PPM)


@dataclass(frozen=True, slots=True)
class Room:
    """What a market has room for. ``open_interest``: size of the side that would grow; ``nav``: what
    the pool is worth, in assets; ``insurance``: assets of the fund;
    ``gap``: the side's loss that its margins can't pay, in assets.
    """

    open_interest: int
    nav: int
    insurance: int
    gap: int = 0

    def __post_init__(self) -> None:
        uint256(self.open_interest)
        uint256(self.nav)
        uint256(self.insurance)
        uint256(self.gap)


@dataclass(frozen=True, slots=True)
class Fee:
    """A trading fee in assets, by who gets it."""

    to_pool: int
    to_insurance: int


def increase(
    position: Position,
    size: int,
    margin: int,
    price_wad: int,
    scale: int,
    parameters: RiskParameters,
    room: Room,
) -> tuple[Position, Fee, int]:
    """Return the position after adding ``margin`` and buying a signed ``size``, the fee it paid, and what of
    its margin is fresh: what no initial margin holds, or all that came in beside a gap of its side.

    ``size`` has the position's sign, or starts it.

    Raises:
        OpenInterestExceeded: the side would be above its cap.
        InsufficientLiquidity: the pool's worth backs less than the side would be worth.
        PositionTooSmall: the position would be below the smallest notional.
        InsufficientMargin: all its margin cannot pay the fee.
        AmountTooLarge: the fee would bring the insurance fund above ``MAX_ASSETS``.
        BelowInitialMargin: after the fee, margin and loss do not back the position.
    """
    int256(size), uint256(margin)
    _check_room(abs(size), price_wad, scale, parameters, room)
    total_size = position.size + size
    total_notional = notional(total_size, price_wad, scale)
    if total_notional < parameters.min_notional:
        raise PositionTooSmall(total_notional, parameters.min_notional)
    fee = trading_fee(size, price_wad, scale, parameters)
    total_margin = position.margin + margin
    if total_margin < fee:
        raise InsufficientMargin(total_margin, fee)
    to_insurance = insurance_part(fee, parameters)
    check_maximum(room.insurance + to_insurance)
    quote = position.quote - cost(size, price_wad, scale)
    rate_bp = parameters.rate_bp(room.open_interest + abs(size))
    bought = replace(position, size=total_size, margin=total_margin - fee, quote=quote, rate_bp=rate_bp)
    spare = check_backed(bought, total_notional, price_wad, scale, parameters)
    growth = max(0, bought.margin - position.margin)
    return bought, Fee(fee - to_insurance, to_insurance), growth if room.gap else min(growth, spare)


def check_backed(
    position: Position, its_notional: int, price_wad: int, scale: int, parameters: RiskParameters
) -> int:
    """Return what guarded equity is above initial margin, in assets; refuse a position where it is below.

    Raises:
        BelowInitialMargin: guarded equity is below initial margin.
    """
    guarded = position.margin + min(settled_pnl(position, price_wad, scale), 0)
    required = parameters.initial_margin(its_notional, position.rate_bp)
    if guarded < required:
        raise BelowInitialMargin(guarded, required)
    return guarded - required


def realise(position: Position, size: int, price_wad: int, scale: int, free: int) -> tuple[Position, Fill]:
    """Return the position without ``size`` (a magnitude) of it, and what that moved.

    The pool pays a profit as far as its ``free`` assets go, those that it does not owe; the rest stays in
    ``quote`` while the position lives, and is owed when it is closed whole. Margin pays a loss as far as it
    goes.

    Raises:
        NotAnInteger: ``size`` or ``free`` is not an ``int``.
        OutOfDomain: ``size`` is not above zero and at most the position's; ``free`` is no ``uint256``.
    """
    stays, margin, quote, fill = _realised(position, size, price_wad, scale, free)
    return replace(position, size=stays, margin=margin, quote=quote), fill


def _realised(
    position: Position, size: int, price_wad: int, scale: int, free: int
) -> tuple[int, int, int, Fill]:
    """Return size, margin and quote as they are once ``size`` is realised, and what that moved."""
    whole = position.size
    held = abs(whole)
    within(size, 1, held)
    uint256(price_wad), uint256(free)
    signed = size if whole > 0 else -size
    rest = floor_div(position.quote * (held - size), held)
    realised = position.quote - rest + floor_div(signed * price_wad, scale)
    if realised < 0:
        paid = min(-realised, position.margin)
        return (
            whole - signed,
            position.margin - paid,
            rest,
            Fill(size, realised, paid, 0, -realised - paid),
        )
    paid = min(realised, free)
    margin, unpaid = position.margin + paid, realised - paid
    if size == held:
        return 0, margin, 0, Fill(size, realised, paid, unpaid, 0)
    return whole - signed, margin, rest + unpaid, Fill(size, realised, paid, 0, 0)


def decrease(
    position: Position,
    size: int,
    price_wad: int,
    scale: int,
    parameters: RiskParameters,
    free: int,
) -> tuple[Position, DecreaseResult]:
    """Return what is left of the position after its owner closes ``size`` of it, and what moved.

    The fee is at most the margin left after realising. A whole close leaves an empty position:
    ``payout`` is its margin. With equity not negative margin bears every part's loss: a part loses
    its share of pnl and less than one unit of rounding, so there is no deficit.

    Raises:
        Bankrupt: equity is negative.
        PositionTooSmall: what would stay is below the smallest notional.
        Liquidatable: what would stay is below maintenance margin.
    """
    before = settled_equity(position, price_wad, scale)
    if before < 0:
        raise Bankrupt(before)
    stays, margin, quote, fill = _realised(position, size, price_wad, scale, free)
    fee = min(trading_fee(size, price_wad, scale, parameters), margin)
    insurance_fee = insurance_part(fee, parameters)
    margin -= fee
    if stays == 0:
        return EMPTY, DecreaseResult(fill, fee - insurance_fee, insurance_fee, margin)
    left = replace(position, size=stays, margin=margin, quote=quote)
    check_stays(left, price_wad, scale, parameters)
    return left, DecreaseResult(fill, fee - insurance_fee, insurance_fee, 0)


def check_stays(position: Position, price_wad: int, scale: int, parameters: RiskParameters) -> None:
    """Refuse to leave a position that is too small or could be liquidated at once.

    Raises:
        PositionTooSmall: it is below the smallest notional.
        Liquidatable: its equity is below maintenance margin.
    """
    its_notional = notional(position.size, price_wad, scale)
    if its_notional < parameters.min_notional:
        raise PositionTooSmall(its_notional, parameters.min_notional)
    its_equity = settled_equity(position, price_wad, scale)
    required = parameters.maintenance_margin(its_notional)
    if its_equity < required:
        raise Liquidatable(its_equity, required)


def _check_room(size: int, price_wad: int, scale: int, parameters: RiskParameters, room: Room) -> None:
    open_interest = room.open_interest + size
    if open_interest > parameters.max_open_interest:
        raise OpenInterestExceeded(open_interest, parameters.max_open_interest)
    side_notional = notional(open_interest, price_wad, scale)
    if side_notional * PPM > room.nav * parameters.reserve_ppm:
        raise InsufficientLiquidity(side_notional, room.nav)
