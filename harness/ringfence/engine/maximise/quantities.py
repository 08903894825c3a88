"""What a search can make as large as possible, computed from what was observed of any vault."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from ringfence.engine.maximise.one_hand import Run, coalition_gain, provider_loss
from ringfence.properties.abilities import Ability, Need
from ringfence.properties.book import ValuedState
from ringfence.properties.transition import wealth
from ringfence.types.actions import Action
from ringfence.types.kinds import Kind
from ringfence.types.state import VaultState
from ringfence.types.totals import Total

TRADING: Final = frozenset(
    {
        Kind.OPENS,
        Kind.INCREASES,
        Kind.DECREASES,
        Kind.CLOSES,
        Kind.ADDS_MARGIN,
        Kind.REMOVES_MARGIN,
        Kind.CLAIMS,
        Kind.COLLECTS,
    }
)
BY_RULES: Final = TRADING | {
    Kind.MOVES_PRICE,
    Kind.LIQUIDATES,
    Kind.DELEVERAGES,
    Kind.PROVIDES,
    Kind.PROVIDES_SHARES,
    Kind.WITHDRAWS,
    Kind.REDEEMS,
}  # nothing that hands over what one has
OF_SHARES: Final[frozenset[Need]] = frozenset(
    {Ability.VALUATION, Ability.BALANCES, Total.POOL_TOKENS, Total.POOL_SHARES}
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of assets that should stay small. ``values`` yields it after each step of a course.

    ``needs`` is what a vault must be able to tell for it. Nobody does anything but ``kinds``,
    where these are stated; with ``is_still``, time stands still. ``informed`` yields it for who knows the
    next price.
    """

    name: str
    sentence: str
    needs: frozenset[Need]
    values: Callable[[Run], Iterator[int]]
    kinds: frozenset[Kind] = frozenset()
    is_still: bool = False
    informed: Callable[[Run], Iterator[int]] | None = None

    def admits(self, action: Action) -> bool:
        """Return whether an action may be part of a course."""
        return not self.kinds or action.kind in self.kinds

    def worst(self, run: Run) -> tuple[int, int]:
        """Return the largest value of a course, 0 at least, and after how many steps it is first met."""
        worst, steps = 0, 0
        for number, value in enumerate(self.values(run), start=1):
            if value > worst:
                worst, steps = value, number
        return worst, steps


def _bad_debt(run: Run) -> Iterator[int]:
    """What losses exceed margins by: of live positions, and what liquidations left to liquidity to bear."""
    borne = 0
    for t in run:
        if t.done and t.action.kind is not Kind.MOVES_PRICE and t.earlier and t.later:
            covered = t.before.totals.get(Total.INSURANCE, 0) - t.after.totals.get(Total.INSURANCE, 0)
            gone = _shortfall(t.earlier, t.before) - _shortfall(t.later, t.after)
            borne += max(0, gone - max(0, covered)) if t.action.kind is Kind.LIQUIDATES else 0
        yield borne + (_shortfall(t.later, t.after) if t.later else 0)


def _shortfall(book: ValuedState, state: VaultState) -> int:
    return sum(max(0, -book.equity(position)) for position in state.positions)


def _moved_value(run: Run) -> Iterator[int]:
    """Margin that positions lost or got by actions that were about another position."""
    moved = 0
    for t in run:
        for position, held in t.before.positions.items() if t.done else ():
            if position != t.named:
                now = t.after.positions.get(position)
                moved += abs((now.margin if now else 0) - held.margin)
        yield moved


def _trader_gain(run: Run) -> Iterator[int]:
    """What all accounts together have more than at first, their positions at what these are worth."""
    if not run:
        return
    first = run[0]
    had = _worth(first.earlier, first.before)
    for t in run:
        yield _worth(t.later, t.after) - had if t.later else 0


def _worth(book: ValuedState | None, state: VaultState) -> int:
    outside = sum(wealth(account) for account in state.accounts.values())
    return outside + sum(book.equity(position) for position in state.positions if book)


def _liquidator_take(run: Run) -> Iterator[int]:
    """What one liquidation has put into the wallet of its caller."""
    for t in run:
        yield t.gain(t.action.account) if t.done and t.action.kind is Kind.LIQUIDATES else 0


QUANTITIES: Final[Mapping[str, Quantity]] = {
    each.name: each
    for each in (
        Quantity(
            "bad-debt",
            "Losses beyond margins that insurance does not cover: what liquidity bears, or would.",
            frozenset({Ability.VALUATION}),
            _bad_debt,
        ),
        Quantity(
            "moved-value",
            "Margin that positions lost or got by actions that were about other positions.",
            frozenset(),
            _moved_value,
        ),
        Quantity(
            "trader-gain",
            "What accounts get out of trading while neither price nor time moves: by rounding, or worse.",
            frozenset({Ability.VALUATION, Ability.BALANCES}),
            _trader_gain,
            kinds=TRADING,
            is_still=True,
        ),
        Quantity(
            "liquidator-take",
            "The most that one liquidation puts into the liquidator's wallet.",
            frozenset({Ability.BALANCES, Kind.LIQUIDATES}),
            _liquidator_take,
        ),
        Quantity(
            "coalition-gain",
            "What a trader, operator, liquidator and provider of one hand gain while prices stand still.",
            OF_SHARES,
            coalition_gain,
            kinds=BY_RULES,
            informed=partial(coalition_gain, is_next_price_known=True),
        ),
        Quantity(
            "provider-loss",
            "What the shares of a provider who stays lose by what others do while prices stand still.",
            OF_SHARES,
            provider_loss,
            kinds=BY_RULES,
            informed=partial(provider_loss, is_next_price_known=True),
        ),
    )
}
