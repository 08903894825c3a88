"""Where an action is only just accepted, guessed and then found by trying it and going back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from ringfence.engine.generators.aims import Aim, Goal, goals_of
from ringfence.engine.generators.boundary import about_largest, interpolated, last_holding
from ringfence.engine.guard import ValidatedVault
from ringfence.properties.abilities import Ability
from ringfence.properties.book import ValuedState
from ringfence.types.actions import Action, CallSequence, Step, first_parameter, parameters_of
from ringfence.types.kinds import Kind
from ringfence.types.moment import Moment
from ringfence.types.outcome import Done, Outcome
from ringfence.types.parameter_kinds import AssetAmount, Bound, FeedAnswer, Seconds, SmallNumber
from ringfence.types.parameters import Number, Parameter
from ringfence.types.state import AccountState, VaultState

NUDGES: Final = (0, 0, -1, 1)
AMPLE: Final = 4  # times the usual margin
HAVE_EDGES: Final = (Kind.OPENS, Kind.REMOVES_MARGIN, Kind.LIQUIDATES, Kind.MOVES_PRICE)
FOR_LARGEST: Final = 4  # edges of an open, for each that is the largest size
TRIES_EACH: Final = 4  # what an edge may take in the mean: a known one takes two
TRIES_SAVED: Final = 256  # at most, for edges of which nothing is known
REMEMBERED: Final = 4_096  # prices at which something happens to positions
SCALE: Final = 10**12
PLAIN: Final = (Bound, FeedAnswer, Seconds, SmallNumber)  # numbers, not amounts
GIVEN: Final = (Kind.ADDS_MARGIN, Kind.DONATES, Kind.FUNDS_INSURANCE)  # as much as one has


@dataclass(slots=True)
class Ratio:
    """A margin that was needed for a size, and whether it grew with the price: what others are guessed by."""

    needed: int = 0
    size: int = 0
    answer: int = 0
    by_price: int = 0

    def guess(self, size: int, answer: int) -> int | None:
        """Return the margin needed for a size at a price; None before one is known."""
        if not self.size:
            return None
        return self._scaled(size, answer if self.by_price > 0 else self.answer)

    def learn(self, needed: int, size: int, answer: int) -> None:
        """Take in a margin that was needed: that of the largest size, as long as it says the others."""
        if self.size and answer != self.answer:
            with_price, without = self._scaled(size, answer), self._scaled(size, self.answer)
            closer = abs(with_price - needed) < abs(without - needed)
            self.by_price = max(-8, min(8, self.by_price + (1 if closer else -1)))
        if size >= self.size or self.guess(size, answer) != needed:
            self.needed, self.size, self.answer = needed, size, answer

    def _scaled(self, size: int, answer: int) -> int:
        return -(-self.needed * size * answer // (self.size * self.answer))


class Edges:
    """Tries actions on a vault, and undoes them. What it finds is where the next search begins."""

    def __init__(self, vault: ValidatedVault) -> None:
        self._vault, self._goals = vault, goals_of(vault)
        self._has_book = Ability.VALUATION in vault.abilities
        self._opened = {True: Ratio(), False: Ratio()}
        self._least: dict[Kind | Goal, int] = {}  # equity at an edge, for a notional of SCALE
        self._answers: dict[tuple[Any, ...], int] = {}
        self._allowed = TRIES_SAVED

    def near(self, action: Action, state: VaultState, moment: Moment, which: int) -> Action:
        """Return the action with a value at its edge or one unit next to it; without an edge, unchanged.

        ``which`` chooses among the edges that there are, and the units next to them.
        """
        self._allowed = min(self._allowed + TRIES_EACH, TRIES_SAVED)
        which, nudge = divmod(which, len(NUDGES))
        name = amount_parameter(type(action))
        is_opened_large = action.kind is Kind.OPENS and which % FOR_LARGEST == FOR_LARGEST - 1
        if name and (action.kind not in HAVE_EDGES or is_opened_large):
            return self._largest(action, name, state)
        match action.kind:
            case Kind.OPENS:
                return _at(action, AssetAmount, self._opening(action, moment), NUDGES[nudge])
            case Kind.REMOVES_MARGIN if action.position_named in state.positions:
                return _at(action, AssetAmount, self._removal(action, state, moment), NUDGES[nudge])
            case Kind.LIQUIDATES if state.positions:
                return self._due(action, state, moment, which)
            case Kind.MOVES_PRICE if state.positions and self._goals:
                return _at(action, FeedAnswer, self._answer(action, state, moment, which), NUDGES[nudge])
            case _:
                return action

    def _largest(self, action: Action, name: str, state: VaultState) -> Action:
        """Return the action with about the largest amount that is accepted, or with all that is observed."""
        facts, drawn = self._vault.facts, getattr(action, name)
        margin = first_parameter(type(action), (AssetAmount,)) if action.kind is Kind.OPENS else None

        def of(amount: int) -> Action:
            amounts = {name: amount if drawn > 0 else -amount}
            if margin:
                amounts[margin] = AMPLE * facts.margin * amount // facts.size
            return action.replaced(**amounts)

        accepts = self._accepts(lambda amount: Step(of(amount), 1))
        found = about_largest(accepts, abs(drawn)) if drawn and self._allowed > 0 else None
        if found is None:
            return action
        own = state.accounts.get(action.account)
        observed = {*state.totals.values(), *(numbers_of(own) if own else ())}
        within = sorted((each for each in observed if found[0] < each < found[1]), reverse=True)
        return of(next((each for each in within if accepts(each)), found[0]))

    def _opening(self, action: Action, moment: Moment) -> int | None:
        """Return the least margin that an open takes."""
        facts, size, answer = self._vault.facts, abs(action.size_traded), moment.answer or 1
        most = AMPLE * max(1, facts.margin * size // facts.size)
        known = self._opened[action.size_traded > 0]
        guess = known.guess(size, answer)
        opens = self._accepts(lambda less: Step(_at(action, AssetAmount, most - less), 1))
        less = self._last(opens, most, None if guess is None else most - guess)
        if less is None:
            return None
        known.learn(most - less, size, answer)
        return most - less

    def _removal(self, action: Action, state: VaultState, moment: Moment) -> int | None:
        """Return the most margin that can be taken from a position."""
        position = action.position_named or 0
        held, book = state.positions[position], self._valued(state, moment)
        worth, notional = held.margin, abs(held.size)
        if book:
            worth, notional = book.equity(position), book.notional(position)
        least = self._least.get(action.kind)
        guess = None if least is None else worth - least * notional // SCALE
        removes = self._accepts(lambda assets: Step(_at(action, AssetAmount, assets), 1))
        edge = self._last(removes, held.margin, guess)
        if edge is not None and notional:
            self._least[action.kind] = -(-(worth - edge) * SCALE // notional)
        return edge

    def _due(self, action: Action, state: VaultState, moment: Moment, which: int) -> Action:
        """Return the action with a position that can be liquidated, if there is one."""
        book = self._valued(state, moment)
        liquidates = self._accepts(lambda position: Step(action.renamed(position), 0))
        due = [
            each
            for each in state.positions
            if (book.equity(each) < book.maintenance_margin(each) if book else liquidates(each))
        ]
        return action.renamed(due[which % len(due)]) if due else action

    def _answer(self, action: Action, state: VaultState, moment: Moment, which: int) -> int | None:
        """Return the last answer, from the worst for a position on, at which one of the goals is reached."""
        which, goal = divmod(which, len(self._goals))
        position = list(state.positions)[which % len(state.positions)]
        aim = Aim(self._vault, action, self._goals[goal], position, state)
        known = self._answers.get(aim.key)
        valued = self._values(aim, state, moment)
        guess = self._by_book(aim, valued) if known is None else aim.distance(known)
        mark = self._vault.snapshot()

        def reaches(away: int) -> bool:
            return self._tried(mark, aim.steps(away), aim.is_reached)

        if known is not None and guess is not None and reaches(guess):
            return known  # where it was: one try is enough
        edge = self._last(reaches, aim.span, guess)
        if edge is None:
            return None
        if known is None:
            self._learn(aim, edge, valued(edge))
        return aim.answer(edge)

    def _learn(self, aim: Aim, edge: int, book: ValuedState | None) -> None:
        if len(self._answers) == REMEMBERED:
            self._answers.clear()
        self._answers[aim.key] = aim.answer(edge)
        notional = book.notional(aim.position) if book else 0
        if book and notional:
            self._least[aim.goal] = book.equity(aim.position) * SCALE // notional

    def _by_book(self, aim: Aim, valued: Callable[[int], ValuedState | None]) -> int | None:
        """Return how far from the worst answer the adapter's own valuation puts the edge."""
        least = self._least.get(aim.goal)

        def short(away: int) -> int:
            book = valued(away)
            if book is None:
                return -1
            if least is not None:
                needed = least * book.notional(aim.position) // SCALE
            else:
                needed = book.maintenance_margin(aim.position) if aim.goal is Goal.LIQUIDATED else 0
            return needed - 1 - book.equity(aim.position)

        return interpolated(short, aim.span) if self._has_book else None

    def _values(self, aim: Aim, state: VaultState, moment: Moment) -> Callable[[int], ValuedState | None]:
        """Return what values the position alone, at an answer so far from the worst."""
        alone = replace(state, positions={aim.position: aim.held})

        def valued(away: int) -> ValuedState | None:
            first, second = aim.steps(away)
            return self._valued(alone, moment.at(first, done=True).at(second, done=False))

        return valued

    def _valued(self, state: VaultState, moment: Moment) -> ValuedState | None:
        return self._vault.book(state, moment) if self._has_book else None

    def _accepts(self, step: Callable[[int], Step]) -> Callable[[int], bool]:
        mark = self._vault.snapshot()
        return lambda value: self._tried(mark, (step(value),), _all_done)

    def _tried(self, mark: object, steps: CallSequence, is_reached: Callable[[list[Outcome]], bool]) -> bool:
        self._allowed -= 1
        try:
            return is_reached([self._vault.apply(step) for step in steps])
        finally:
            self._vault.restore(mark)

    def _last(self, holds: Callable[[int], bool], span: int, guess: int | None) -> int | None:
        """Return the edge; as guessed, untried, where too much was tried lately."""
        return last_holding(holds, span, guess) if self._allowed > 0 else guess


def has_edges(declared: type[Action]) -> bool:
    """Return whether an action has an edge of its own kind, or an amount that can't be any."""
    return declared.kind in HAVE_EDGES or bool(declared.kind not in GIVEN and amount_parameter(declared))


def amount_parameter(declared: type[Action]) -> str | None:
    """Return the parameter of an action that is an amount: a size, assets, a number of the adapter's own."""
    kinds = parameters_of(declared).items()
    return next(
        (name for name, kind in kinds if isinstance(kind, Number) and not isinstance(kind, PLAIN)), None
    )


def numbers_of(account: AccountState) -> list[int]:
    """Return all that an account has."""
    return [account.tokens, account.claimable, account.owed, account.shares, *account.amounts.values()]


def _all_done(outcomes: list[Outcome]) -> bool:
    return all(isinstance(each, Done) for each in outcomes)


def _at(action: Action, kind: type[Parameter], edge: int | None, nudge: int = 0) -> Action:
    """Return the action with the first parameter of a kind at an edge, or ``nudge`` next to it."""
    name = first_parameter(type(action), (kind,))
    assert name is not None
    least = 1 if kind is FeedAnswer else 0
    return action if edge is None else action.replaced(**{name: max(least, edge + nudge)})
