"""What accounts of one hand gain, and what a provider who stays loses, by actions at one price and time."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from ringfence.properties.book import ValuedState
from ringfence.properties.transition import Transition, wealth
from ringfence.properties.worth import covered, shares_worth
from ringfence.types.kinds import Kind
from ringfence.types.roles import LIQUIDATORS, OPERATOR, PROVIDERS, TRADERS
from ringfence.types.state import VaultState

STAYING: Final = PROVIDERS[0]  # who does nothing
COALITION: Final = frozenset({TRADERS[0], OPERATOR, LIQUIDATORS[0], PROVIDERS[1]})

Run: TypeAlias = Sequence[Transition]
Worth: TypeAlias = Callable[[ValuedState, VaultState], int]


def coalition_gain(run: Run, *, is_next_price_known: bool = False) -> Iterator[int]:
    """Yield what a trader, an operator, a liquidator and a provider of one hand have made of what they had.

    What others, time and prices do to them is not counted, nor what they are paid for liquidating others or
    for deleveraging.
    """
    yield from _summed(run, _of_coalition, is_next_price_known, _is_theirs)


def provider_loss(run: Run, *, is_next_price_known: bool = False) -> Iterator[int]:
    """Yield what the shares of a provider who stays have lost by what others did.

    A debt that nobody can pay is a loss of the price that made it, not of what is done about it.
    """
    for change in _summed(run, _of_staying, is_next_price_known, _is_others):
        yield -change


def _summed(
    run: Run, worth: Worth, is_next_price_known: bool, counts: Callable[[Transition], bool]
) -> Iterator[int]:
    """Yield the sum of what ``worth`` changed by in the steps that count, each at its own price and time.

    A price that is known before counts too: what it, and the time until it, does to the state that it finds.
    """
    total, last = 0, None
    for t in run:
        is_counted, then = counts(t), t.earlier
        if is_next_price_known and t.action.kind is Kind.MOVES_PRICE:
            is_counted, then = True, last
        if is_counted and t.done and then and t.later:
            total += worth(t.later, t.after) - worth(then, t.before)
        last = t.later
        yield total


def _is_theirs(t: Transition) -> bool:
    is_work = t.action.kind is Kind.LIQUIDATES and _owner(t) not in COALITION
    return t.action.account in COALITION and not is_work and t.action.kind is not Kind.DELEVERAGES


def _is_others(t: Transition) -> bool:
    return t.action.account != STAYING and t.action.kind is not Kind.MOVES_PRICE


def _owner(t: Transition) -> str:
    held = t.before.positions.get(t.named) if t.named is not None else None
    return held.owner if held else ""


def _of_coalition(book: ValuedState, state: VaultState) -> int:
    """Return wallets, what is due to them, what closing their positions would pay, and shares."""
    have = [account for name, account in state.accounts.items() if name in COALITION]
    held = [each for each, position in state.positions.items() if position.owner in COALITION]
    positions = sum(max(0, book.equity(each) - book.closing_fee(each)) for each in held)
    pool = covered(book, state)
    return positions + sum(wealth(account) + shares_worth(pool, state, account) for account in have)


def _of_staying(book: ValuedState, state: VaultState) -> int:
    return shares_worth(covered(book, state), state, state.accounts[STAYING])
