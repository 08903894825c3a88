"""Carry: what funding and borrowing move goes from traders to the pool, never out of it."""

from typing import Final

from ringfence.properties.abilities import Ability
from ringfence.properties.branch import Branch
from ringfence.properties.claims import Claims, at_least
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition
from ringfence.types.kinds import Kind
from ringfence.types.roles import OWNER

MINUTE: Final = 60
INDICES: Final = ("carry_long", "carry_short")


@property_("CAR-1", needs={Ability.CARRY})
def the_pool_never_pays_carry(t: Transition) -> Claims:
    """Every accrual moves longSize * step_long + shortSize * step_short >= 0 to the pool; splitting an
    accrual at one price and book never lowers an index.
    """
    long_step, short_step = (t.after.totals[name] - t.before.totals[name] for name in INDICES)
    if long_step or short_step:
        moved = t.before.totals["long_size"] * long_step + t.before.totals["short_size"] * short_step
        yield at_least("what the accrual moved to the pool", moved, 0)


@property_("CAR-1", needs={Ability.CARRY, Ability.SAME_BLOCK, Kind.MOVES_PRICE, Kind.REMOVES_MARGIN})
def splitting_an_accrual_lowers_nothing(branch: Branch) -> Claims:
    """Splitting an accrual at one price and book never lowers an index."""
    at_once, in_parts = _indices_after(branch, [2 * MINUTE]), _indices_after(branch, [MINUTE, MINUTE])
    if at_once and in_parts:
        for name, whole, parts in zip(INDICES, at_once, in_parts, strict=True):
            yield at_least(f"{name} accrued in parts", parts, whole)


def _indices_after(branch: Branch, waits: list[int]) -> list[int] | None:
    """Return both indices after accruing once at the end of each wait; None where nothing accrues."""
    make, positions = branch.actions.make, branch.state.positions
    price = make(Kind.MOVES_PRICE, OWNER, answer=branch.moment.answer)
    with branch.trial() as trial:
        for seconds in waits:
            trial.apply(price, seconds)
            removals = (
                make(Kind.REMOVES_MARGIN, held.owner, position=position, assets=1)
                for position, held in positions.items()
            )
            if not any(trial.does(removal) for removal in removals):
                return None
        return [trial.observe().totals[name] for name in INDICES]
