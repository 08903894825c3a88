"""Auto-deleveraging: only winners, only when needed, only as much as needed."""

from typing import Final, cast

from ringfence.properties.abilities import Ability
from ringfence.properties.book import RulesBook
from ringfence.properties.claims import Claims, at_least, that
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition
from ringfence.types.kinds import Kind

PPM: Final = 10**6
ROUNDINGS: Final = 3  # the profit to realise and its share of the size round up, what is realised rounds down


@property_("ADL-1", needs={Kind.DELEVERAGES, Ability.RULES})
def deleveraging_is_measured(t: Transition) -> Claims:
    """Deleverage touches only profitable positions, only while triggered, no further than the target by more
    than one unit of size and the roundings (unless minNotional closes the rest).
    """
    if not (t.action.kind is Kind.DELEVERAGES and t.done and t.earlier and t.later):
        return
    position = cast(int, t.named)
    earlier, later = cast(RulesBook, t.earlier), cast(RulesBook, t.later)
    pnl, size = earlier.pnl(position), abs(t.before.positions[position].size)
    yield at_least(f"the profit of position {position}", pnl, 1)
    yield at_least(
        "the traders' profit above the trigger, times PPM", earlier.excess_profit(earlier.adl_trigger_ppm), 1
    )
    unit = -(-pnl // size) + ROUNDINGS
    overshot = later.excess_profit(later.adl_target_ppm) + unit * PPM < 0
    yield that(
        not overshot or _may_close_all(t, earlier), f"position {position} was reduced further than the target"
    )


def _may_close_all(t: Transition, earlier: RulesBook) -> bool:
    """Return whether the position is gone because less than the smallest one would have stayed."""
    position = cast(int, t.named)
    size = abs(t.before.positions[position].size)
    excess = earlier.excess_profit(earlier.adl_target_ppm)
    needed = -(-excess // (PPM - earlier.adl_target_ppm))
    return t.closed and earlier.is_dust(size - -(-size * needed // earlier.pnl(position)))
