"""Corners of the rules, recognised by what came of an action, so that a run can say where it has been."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from ringfence.types.outcome import Done, Outcome, Refused


class RareEvent(StrEnum):
    """Something that blind draws hardly ever reach."""

    PARTIAL_LIQUIDATION = "partial liquidation"
    FULL_LIQUIDATION = "full liquidation"
    TIER_CROSSING = "liquidation into a lower tier"
    CLAIMABLE_LEFT = "liquidation that leaves margin to claim"
    REWARD_TOPPED_UP = "reward topped up by insurance"
    DEFICIT_COVERED = "deficit covered by insurance"
    DEFICIT_NOT_COVERED = "deficit left to the pool"
    ONE_NOT_COVERED = "one unit of a deficit left to the pool"
    PARTIAL_DELEVERAGING = "partial deleveraging"
    WHOLE_DELEVERAGING = "whole deleveraging"
    OWED_PROFIT = "profit owed after a close"
    DELAYED_PROFIT = "profit left in a living position"
    OPERATOR_ACTED = "action of an operator"
    EXACT_MAINTENANCE = "equity exactly at the maintenance margin"
    MARKET_SETTLED = "market settled"
    ONE_BELOW_INITIAL = "one unit short of the initial margin"


TierOf = Callable[[int, int], int]  # a size (18 decimals) and a price (WAD), to the tier's index


def rare_events(outcome: Outcome, tier_of: TierOf) -> list[RareEvent]:
    """Return the rare events that an outcome shows."""
    if isinstance(outcome, Refused):
        return list(_refused(outcome)) if outcome.error in AT_THE_EDGE else []
    return [
        found
        for event in outcome.events
        if event.name in READERS
        for found in READERS[event.name](event.args, tier_of)
    ]


def is_by_operator(account: str, outcome: Outcome) -> bool:
    """Return whether an account changed a position that is not its own."""
    return isinstance(outcome, Done) and any(
        event.name in OWN_EVENTS and event.args[1] != account for event in outcome.events
    )


def _refused(outcome: Refused) -> Iterator[RareEvent]:
    match outcome.error, outcome.args:
        case "NotLiquidatable", (equity, maintenance_margin) if equity == maintenance_margin:
            yield RareEvent.EXACT_MAINTENANCE
        case "BelowInitialMargin", (int(equity), int(required)) if equity == required - 1:
            yield RareEvent.ONE_BELOW_INITIAL


def _liquidated(args: tuple[Any, ...], tier_of: TierOf) -> Iterator[RareEvent]:
    _, _, _, (_, size, *_), price_wad, liquidation = args
    (size_closed, *_), _, _, _, from_insurance, covered, pool_loss, to_claimable = liquidation
    yield RareEvent.PARTIAL_LIQUIDATION if size else RareEvent.FULL_LIQUIDATION
    if size and tier_of(size, price_wad) < tier_of(abs(size) + size_closed, price_wad):
        yield RareEvent.TIER_CROSSING
    if to_claimable:
        yield RareEvent.CLAIMABLE_LEFT
    if from_insurance:
        yield RareEvent.REWARD_TOPPED_UP
    if covered:
        yield RareEvent.DEFICIT_COVERED
    if pool_loss:
        yield RareEvent.DEFICIT_NOT_COVERED
    if pool_loss == 1:
        yield RareEvent.ONE_NOT_COVERED


def _deleveraged(args: tuple[Any, ...], _: TierOf) -> Iterator[RareEvent]:
    _, _, _, (_, size, *_), _, (fill, *_) = args
    yield RareEvent.PARTIAL_DELEVERAGING if size else RareEvent.WHOLE_DELEVERAGING
    yield from _delayed(size, fill)


def _decreased(args: tuple[Any, ...], _: TierOf) -> Iterator[RareEvent]:
    _, _, (_, size, *_), _, (fill, *_) = args
    yield from _delayed(size, fill)


def _settled(args: tuple[Any, ...], _: TierOf) -> Iterator[RareEvent]:
    yield RareEvent.MARKET_SETTLED


def _delayed(size: int, fill: tuple[int, ...]) -> Iterator[RareEvent]:
    _, realised, paid, owed, _ = fill
    if owed:
        yield RareEvent.OWED_PROFIT
    if size and realised > paid:
        yield RareEvent.DELAYED_PROFIT


AT_THE_EDGE: Final = ("NotLiquidatable", "BelowInitialMargin")  # errors whose numbers tell how close it was
OWN_EVENTS: Final = frozenset(
    {"Increased", "Decreased", "MarginRemoved"}
)  # their second argument is the owner
READERS: Final[Mapping[str, Callable[[tuple[Any, ...], TierOf], Iterator[RareEvent]]]] = {
    "Liquidated": _liquidated,
    "Deleveraged": _deleveraged,
    "Decreased": _decreased,
    "Settled": _settled,
}
