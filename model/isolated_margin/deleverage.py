"""Auto-deleveraging: closing winners while their side is more than the pool can carry; pro rata, in rounds.

Pure functions. Positions come settled: carry is in ``quote`` already. Source of the formulas: docs/rules.md.
"""

from dataclasses import replace
from typing import Final

from isolated_margin.book import BookSide, Round
from isolated_margin.errors import AlreadyDeleveraged, DeleverageNotNeeded, NotProfitable, PoolEmpty
from isolated_margin.events import DeleverageResult
from isolated_margin.exposure import is_due
from isolated_margin.fixed import MAX_UINT256, PPM, WAD, ceil_div, floor_div, uint256, within
from isolated_margin.margin import EMPTY, Position, notional, settled_pnl
from isolated_margin.parameters import RiskParameters
from isolated_margin.trade import realise, trading_fee

ROUND: Final = 30  # seconds in which a position is deleveraged once
ROUND_LEAVES: Final = 100  # one part in 100 of what has to go may stay when a round ends early


def size_to_keep(nav: int, price_wad: int, scale: int, parameters: RiskParameters) -> int:
    """Return the size that a side may keep beside a pool worth ``nav``, rounded down."""
    worth = uint256(nav) * PPM * within(scale, 1, MAX_UINT256)
    return floor_div(worth, parameters.adl_target_ppm * uint256(price_wad))


def is_open(its_round: Round, side_size: int, timestamp: int) -> bool:
    """Return whether a side's round goes on: in the second in which it began, and until the side is down to
    what it was begun for, but for a rest, or ``ROUND`` is over.
    """
    seconds = uint256(timestamp) - its_round.round_at
    return seconds == 0 or (uint256(side_size) > its_round.round_keep and seconds < ROUND)


def begun(side_size: int, keep: int, timestamp: int) -> Round:
    """Return the round of a side that has to come down to ``keep``: the share of it that goes, and the size
    at which the round ends early, both rounded up.
    """
    excess = uint256(side_size) - uint256(keep)
    its_keep = keep + ceil_div(excess, ROUND_LEAVES)
    return Round(timestamp, ceil_div(excess * WAD, side_size), its_keep)


def size_to_close(
    position: Position,
    cut_wad: int,
    excess: int,
    free: int,
    profit: int,
    price_wad: int,
    scale: int,
    parameters: RiskParameters,
) -> int:
    """Return the size (a magnitude) that a round takes of a position: its share, rounded up, at most the
    ``excess`` of its side, and of a ``profit`` no more than ``free`` assets pay. Everything when dust would
    stay.

    Raises:
        PoolEmpty: that is nothing.
    """
    held = abs(position.size)
    size = min(held, ceil_div(held * uint256(cut_wad), WAD), uint256(excess))
    if uint256(profit) > uint256(free):
        size = min(size, floor_div(held * free, profit))
    if size == 0:
        raise PoolEmpty
    dust = notional(held - size, price_wad, scale) < parameters.min_notional
    return held if dust else size


def deleverage(
    number: int,
    position: Position,
    side: BookSide,
    nav: int,
    free: int,
    price_wad: int,
    scale: int,
    parameters: RiskParameters,
    timestamp: int,
) -> tuple[Position, DeleverageResult]:
    """Return what is left of the position, of this ``number``, after deleveraging it, and what moved.

    ``side``: what it is a part of. ``nav``: what the pool is worth; ``free``: its assets that aren't owed.
    The reward is a trading fee on what was closed, at most the margin. A whole close leaves an empty
    position: ``to_claimable`` is its margin.

    Raises:
        DeleverageNotNeeded: the side is no larger than what it may keep, or is neither due nor in the second
            in which its round began.
        NotProfitable: the position has no profit.
        AlreadyDeleveraged: it was deleveraged in this round, or in this second.
        PoolEmpty: the pool, worth nothing, has nothing to pay with.
    """
    uint256(number), uint256(free), uint256(timestamp)
    keep = size_to_keep(nav, price_wad, scale, parameters)
    its_notional, last = notional(side.size, price_wad, scale), side.round
    may_go_on = last.round_at == timestamp or is_due(its_notional, nav, parameters)
    if side.size <= keep or not may_go_on:
        raise DeleverageNotNeeded(nav, its_notional)
    its_pnl = settled_pnl(position, price_wad, scale)
    if its_pnl <= 0:
        raise NotProfitable(its_pnl)
    goes_on = is_open(last, side.size, timestamp)
    if position.deleveraged_at == timestamp or (goes_on and position.deleveraged_at >= last.round_at):
        raise AlreadyDeleveraged(number)

    excess = side.size - keep
    its_round = last if goes_on else begun(side.size, keep, timestamp)
    to_pay = its_pnl if nav == 0 else 0  # else a lack of cash is no reason to wait
    size = size_to_close(position, its_round.cut_wad, excess, free, to_pay, price_wad, scale, parameters)
    left, fill = realise(position, size, price_wad, scale, free)
    reward = min(trading_fee(size, price_wad, scale, parameters), left.margin)
    margin = left.margin - reward
    if left.size == 0:
        return EMPTY, DeleverageResult(fill, its_round, reward, to_claimable=margin)
    left = replace(left, margin=margin, deleveraged_at=timestamp)
    return left, DeleverageResult(fill, its_round, reward, to_claimable=0)
