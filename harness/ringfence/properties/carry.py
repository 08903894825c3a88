"""Carry: what funding and borrowing move goes from traders to the pool, never out of it, and all of it."""

from typing import Final

from ringfence.properties.abilities import Ability
from ringfence.properties.branch import Branch
from ringfence.properties.claims import Claims, at_least, at_most, equal
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition, funds
from ringfence.types.kinds import Kind
from ringfence.types.roles import OWNER
from ringfence.types.totals import Total

MINUTE: Final = 60
ROUNDINGS: Final = 4  # of a position and of its part, against the owner
INDICES: Final = (Total.CARRY_LONG, Total.CARRY_SHORT)
TRADES: Final = frozenset({Kind.INCREASES, Kind.DECREASES, Kind.CLOSES, Kind.REMOVES_MARGIN, Kind.EXECUTES})
ADDING: Final = frozenset({Kind.INCREASES, Kind.EXECUTES})


@property_("CAR-1", needs={Ability.CARRY})
def the_pool_never_pays_carry(t: Transition) -> Claims:
    """Every accrual moves longSize * step_long + shortSize * step_short >= 0 to the pool; splitting an
    accrual at one price and book never lowers an index; an accrual doesn't depend on the price that ends
    it, where the vault keeps the price that it began at. What a position pays of it, or loses, the funds get,
    but for fees and rounding.
    """
    long_step, short_step = (t.after.totals[name] - t.before.totals[name] for name in INDICES)
    if long_step or short_step:
        moved = t.before.totals["long_size"] * long_step + t.before.totals["short_size"] * short_step
        yield at_least("what the accrual moved to the pool", moved, 0)


@property_("CAR-1", needs={Ability.CARRY, Ability.SAME_BLOCK, Kind.MOVES_PRICE, Kind.REMOVES_MARGIN})
def splitting_an_accrual_lowers_nothing(branch: Branch) -> Claims:
    """Splitting an accrual at one price and book never lowers an index."""
    answer = branch.moment.answer
    splits = [0, 2 * MINUTE], [0, MINUTE, MINUTE]  # from the price that they go on with
    at_once, in_parts = (_indices_after(branch, answer, waits) for waits in splits)
    if at_once and in_parts:
        for name, whole, parts in zip(INDICES, at_once, in_parts, strict=True):
            yield at_least(f"{name} accrued in parts", parts, whole)


@property_("CAR-1", needs={Total.CARRY_PRICE, Ability.SAME_BLOCK, Kind.MOVES_PRICE, Kind.REMOVES_MARGIN})
def accrual_ignores_the_price_that_ends_it(branch: Branch) -> Claims:
    """An accrual doesn't depend on the price that ends it, where the vault keeps that of the last."""
    answer = branch.moment.answer
    answers = answer, answer - answer // 50
    usual, other = (_indices_after(branch, answer, [MINUTE]) for answer in answers)
    if usual and other:
        for name, before, moved in zip(INDICES, usual, other, strict=True):
            yield equal(f"{name} accrued when the price moved", moved, before)


def _indices_after(branch: Branch, answer: int, waits: list[int]) -> list[int] | None:
    """Return both indices after accruing once at the end of each wait; None where nothing accrues."""
    make, positions = branch.actions.make, branch.state.positions
    price = make(Kind.MOVES_PRICE, OWNER, answer=answer)
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


@property_("CAR-1", needs={Ability.VALUATION, Ability.BALANCES, Total.LIQUIDITY})
def vault_gets_what_positions_pay(t: Transition) -> Claims:
    """Funding paid is funding received plus what the vault's own liquidity and insurance keep."""
    yield from _is_received(t)


@property_("CAR-1", needs={Ability.VALUATION, Ability.BALANCES, Total.POOL_TOKENS})
def pool_gets_what_positions_pay(t: Transition) -> Claims:
    """Funding paid is funding received plus what pool and insurance keep."""
    yield from _is_received(t)


def _is_received(t: Transition) -> Claims:
    """Claim that what a trade realises for a position, less fees, goes from or to the funds."""
    position, earlier, later = t.named, t.earlier, t.later
    if not (t.done and t.action.kind in TRADES and position in t.before.positions and earlier and later):
        return
    assert position is not None, "it is in a state"
    is_open = position in t.after.positions
    if not is_open and earlier.equity(position) < 0:
        return  # it can't pay all: LIQ-5 looks at what is missing
    realised = earlier.pnl(position) - (later.pnl(position) if is_open else 0)
    gained = funds(t.after) - funds(t.before) + realised
    yield at_least(f"what the funds gained by position {position}'s trade", gained, -ROUNDINGS)
    if t.action.kind not in ADDING or not is_open:
        most = earlier.closing_fee(position) + ROUNDINGS
        yield at_most(f"what the funds gained by position {position}'s trade", gained, most)
