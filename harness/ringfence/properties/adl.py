"""Auto-deleveraging: only winners, only of a side that is due, each by the side's share, in rounds."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, cast

from ringfence.properties.abilities import Ability
from ringfence.properties.book import RulesBook
from ringfence.properties.claims import Claims, at_least, at_most, that
from ringfence.properties.history import History
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition, wealth
from ringfence.properties.worth import written_down
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Refused

ROUND: Final = 30  # seconds
ROUND_LEAVES: Final = 100  # one part in 100 of what has to go may stay when a round ends early
WAD: Final = 10**18
ROUNDINGS: Final = 2  # assets: what settling, or realising, a position may take off what its side is worth
LONG, SHORT = 1, -1


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round of deleveraging of a side as it has to be: when it began, the most that it takes of a position
    and the size, at most and at least, at which it ends early. ``called``: the positions that lost something.
    """

    began: int
    cut_wad: int
    most_left: int
    least_left: int
    called: set[int] = field(default_factory=set)

    def is_open(self, side: int, timestamp: int) -> bool | None:
        """Return whether it goes on for a side of that size; None where a rounding decides."""
        if timestamp == self.began or timestamp - self.began >= ROUND:
            return timestamp == self.began
        return None if self.least_left < side <= self.most_left else side > self.most_left


@dataclass(frozen=True, slots=True)
class DeleverageCall:
    """A deleveraging: the position's size before, its side's, and the round that it had to be a part of."""

    t: Transition
    position: int
    size: int
    side: int
    goes_on: bool
    its_round: OpenRound

    @property
    def book(self) -> RulesBook:
        """Return the state before."""
        return cast(RulesBook, self.t.earlier)

    @property
    def is_timely(self) -> bool:
        """Return whether the side is due, or its round began in this second."""
        begun_now = self.goes_on and self.its_round.began == self.t.moment.timestamp
        return begun_now or self.book.is_due(self.size, self.book.fair_value() - ROUNDINGS)

    @property
    def share(self) -> int:
        """Return the most of its size that may go."""
        size, stays = abs(self.size), self.book.size_to_keep(self.book.fair_value() - ROUNDINGS)
        return min(size, -(-size * self.its_round.cut_wad // WAD), max(0, self.side - stays))


@property_("ADL-1", needs={Kind.DELEVERAGES, Ability.RULES})
def deleveraging_is_measured(history: History) -> Claims:
    """Deleverage touches only profitable positions, only while their side is due or in the second in which
    its round began, and neither a position beyond its round's share nor a side below what it may keep (unless
    minNotional closes the rest).
    """
    for each in _deleveragings(history):
        t, position, book = each.t, each.position, each.book
        yield at_least(f"the profit of position {position}", book.pnl(position), 1)
        yield that(each.is_timely, f"position {position} was deleveraged though its side is not due")
        left = abs(t.after.positions[position].size) if position in t.after.positions else 0
        if not (t.closed and book.is_dust(abs(each.size) - each.share)):
            yield at_most(f"what was closed of position {position}", abs(each.size) - left, each.share)


@property_("ADL-2", needs={Kind.DELEVERAGES, Ability.RULES})
def nobody_is_called_twice(history: History) -> Claims:
    """At one state no action on a position, no coming or going of liquidity makes a side due (but for losses
    that were uncollectable already); no position is deleveraged twice in a round.
    """
    for each in _deleveragings(history):
        yield that(
            each.is_timely, f"the side of position {each.position} was made due, and is not by its worth"
        )
        is_again = each.goes_on and each.position in each.its_round.called
        yield that(not is_again, f"position {each.position} was deleveraged twice in a round")


@property_("ADL-2", needs={Kind.DELEVERAGES, Ability.RULES})
def nothing_done_makes_a_side_due(t: Transition) -> Claims:
    """Nothing that is done at one price and time makes a side due that is not so if every position pays what
    it can.
    """
    if not (t.done and t.earlier and t.later):
        return
    earlier, later = cast(RulesBook, t.earlier), cast(RulesBook, t.later)
    slack = ROUNDINGS * (len(t.before.positions) + 1)
    for size in (LONG, SHORT):
        is_due = later.is_due(size, later.fair_value() + slack)
        least = min(earlier.fair_value(), written_down(earlier, t.before) - earlier.fresh()) if is_due else 0
        holds = not is_due or earlier.is_due(size, least - slack)
        yield that(holds, f"{t.action.name} made the {'longs' if size == LONG else 'shorts'} due")


@property_("ADL-3", needs={Kind.DELEVERAGES, Ability.RULES})
def cash_limits_nothing_but_an_empty_pool(t: Transition) -> Claims:
    """While the pool is worth nothing deleveraging takes nothing that it doesn't pay (unless minNotional
    closes the rest); otherwise a lack of cash refuses none, and what is not paid stays in the position or is
    owed.
    """
    if t.action.kind is not Kind.DELEVERAGES or t.earlier is None or t.named not in t.before.positions:
        return
    book, position = cast(RulesBook, t.earlier), t.named
    if isinstance(t.outcome, Refused):
        lacks_cash = t.outcome.error == "PoolEmpty" and book.fair_value() > ROUNDINGS
        yield that(not lacks_cash, f"position {position} was not deleveraged for want of cash")
        return
    yield from _keeps_its_worth(t, book, position)
    size, pnl = abs(t.before.positions[position].size), book.pnl(position)
    left = abs(t.after.positions[position].size) if position in t.after.positions else 0
    is_dust = t.closed and book.is_dust(size - size * book.free // max(1, pnl))
    if book.fair_value() < -ROUNDINGS and not is_dust:
        paid = t.before.totals["pool_tokens"] - t.after.totals["pool_tokens"]
        least = pnl * (size - left) // size - ROUNDINGS - 1
        yield at_least(f"what was paid of the profit of position {position}", paid, least)


def _keeps_its_worth(t: Transition, book: RulesBook, position: int) -> Claims:
    """Claim that equity, claims and reward are together what equity was."""
    if t.owner not in t.before.accounts or t.action.account not in t.before.accounts:
        return
    left = cast(RulesBook, t.later).equity(position) if position in t.after.positions else 0
    accounts = {t.owner, t.action.account}
    gained = sum(wealth(t.after.accounts[each]) - wealth(t.before.accounts[each]) for each in accounts)
    yield at_least(f"what became of position {position}", left + gained, book.equity(position) - ROUNDINGS)


@property_("ADL-3", needs={Kind.DELEVERAGES, Ability.RULES})
def a_whole_side_comes_down_at_once(history: History) -> Claims:
    """If every position of a due side is called in one second, no older round being open, and all are
    profitable, the side is no larger than what it may keep, but for roundings.
    """
    first: dict[int, DeleverageCall] = {}
    for each in _deleveragings(history):
        sign = LONG if each.size > 0 else SHORT
        if not each.goes_on:
            first[sign] = each
        begun, after = first.get(sign), cast(RulesBook | None, each.t.later)
        if begun is None or after is None or each.its_round.began != each.t.moment.timestamp:
            continue
        of_side = {number for number, held in begun.t.before.positions.items() if held.size * sign > 0}
        is_same = begun.book.price_wad == after.price_wad and begun.book.fair_value() > ROUNDINGS * len(
            of_side
        )
        if is_same and of_side == each.its_round.called | {each.position}:
            slack = ROUNDINGS * len(of_side) + ROUNDINGS
            side = sum(abs(held.size) for held in each.t.after.positions.values() if held.size * sign > 0)
            stays = after.size_to_keep(after.fair_value() + slack) + len(of_side)
            yield at_most("the size of a side that was called whole", side, stays)


def _deleveragings(history: History) -> Iterator[DeleverageCall]:
    """Yield what was deleveraged, with the rounds as they follow from it; a side no longer where a rounding
    decides which.
    """
    rounds: dict[bool, OpenRound | None] = {}
    for t in history.transitions:
        held = t.before.positions.get(t.named or 0)
        if t.action.kind is not Kind.DELEVERAGES or not (t.done and t.earlier and held):
            continue
        position, is_long = cast(int, t.named), held.size > 0
        side = sum(abs(each.size) for each in t.before.positions.values() if (each.size > 0) == is_long)
        last = rounds.get(is_long)
        if last is None and is_long in rounds:
            continue
        goes_on = last.is_open(side, t.moment.timestamp) if last else False
        if goes_on is None:
            rounds[is_long] = None
            continue
        its_round = last if last and goes_on else _begun(cast(RulesBook, t.earlier), side, t.moment.timestamp)
        yield DeleverageCall(t, position, held.size, side, goes_on, its_round)
        its_round.called.add(position)
        rounds[is_long] = its_round


def _begun(book: RulesBook, side: int, timestamp: int) -> OpenRound:
    worth = book.fair_value()
    most, least = (book.size_to_keep(worth + off) for off in (ROUNDINGS, -ROUNDINGS))
    cut_wad = -(-max(0, side - least) * WAD // side)
    most, least = (keep - (keep - side) // ROUND_LEAVES for keep in (most, least))
    return OpenRound(timestamp, cut_wad, most, least)
