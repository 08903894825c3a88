"""Non-interference: what others do makes no difference to a position."""

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from typing import Final, cast

from ringfence.properties.abilities import Ability
from ringfence.properties.book import RulesBook
from ringfence.properties.claims import Claims, equal
from ringfence.properties.history import History, opened_by, without
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Refused
from ringfence.types.totals import Total

CAPS: Final = frozenset({"OpenInterestExceeded", "InsufficientLiquidity"})
SHORT_OF_TOKENS: Final = frozenset({"ERC20InsufficientBalance", "ERC20InsufficientAllowance"})
EXAMPLES: Final = 2  # positions of a run that are looked at


@property_("ISO-2", needs={Ability.RULES})
def others_make_no_difference(history: History) -> Claims:
    """Non-interference: run a history with the others' actions removed; a position's margin, payouts and
    refusals are the same, when carry and oiScalePpm are zero, the pool stays solvent, no cap binds,
    deleveraging is not due and the market is not settled, at a price that others may have used (ids apart).
    """
    crowd = list(takewhile(_undisturbed, history.transitions))
    opened = opened_by(crowd)
    for position in _busiest(crowd, opened):
        others = {index for index, t in enumerate(crowd) if _is_about_another(t, opened[index], position)}
        sequence = tuple(t.step for t in crowd)
        alone = history.rerun(without(sequence, opened, others, keep_time=True))
        remaining = [t for index, t in enumerate(crowd) if index not in others]
        if all(map(_undisturbed, alone)):
            yield from _same_fate(remaining, alone, position)


def _busiest(crowd: Sequence[Transition], opened: Sequence[int | None]) -> list[int]:
    """Return the positions that most was done to; none where there are no others."""
    named = Counter(t.action.position_named for t in crowd)
    positions = [position for position in opened if position is not None]
    busiest = sorted(positions, key=lambda position: named[position], reverse=True)
    return busiest[:EXAMPLES] if len(positions) > 1 else []


def _undisturbed(t: Transition) -> bool:
    """Return whether none of the property's exceptions holds after a step."""
    capped = isinstance(t.outcome, Refused) and t.outcome.error in CAPS
    totals = t.after.totals
    solvent = totals["pool_tokens"] > 0 and totals["total_owed"] == 0
    is_known = t.action.kind is not Kind.OTHER
    is_settled = bool(totals.get(Total.SETTLED))
    return is_known and solvent and not (capped or is_settled) and _is_plain(cast(RulesBook | None, t.later))


def _is_plain(book: RulesBook | None) -> bool:
    if book is None:
        return True
    worth = book.fair_value()
    is_free = book.is_free_of_carry and book.oi_scale_ppm == 0
    return is_free and not any(book.is_due(size, worth) for size in (1, -1))


def _is_about_another(t: Transition, opened: int | None, position: int) -> bool:
    if t.action.kind is Kind.OPENS:
        return opened != position
    return t.action.position_named not in (None, position)


def _same_fate(crowd: Sequence[Transition], alone: Sequence[Transition], position: int) -> Claims:
    for among_others, by_itself in zip(crowd, alone, strict=True):
        if among_others.action.position_named != position and among_others.named != position:
            continue
        if any(_short_of_tokens(t) for t in (among_others, by_itself)):
            return
        what = f"what came of {among_others.action} without the others"
        yield equal(what, _fate(by_itself, 1), _fate(among_others, position))


def _short_of_tokens(t: Transition) -> bool:
    return isinstance(t.outcome, Refused) and t.outcome.error in SHORT_OF_TOKENS


def _fate(t: Transition, position: int) -> object:
    """Return what a step did to a position and to its owner's purse."""
    if isinstance(t.outcome, Refused):
        return t.outcome.error
    held = t.after.positions.get(position)
    owner = t.owner
    had, has = t.before.accounts[owner], t.after.accounts[owner]
    payout = t.gain(owner) if t.action.account != owner or not t.closed else None
    return held, payout, has.claimable - had.claimable, has.owed - had.owed
