"""Insurance: what it adds to a liquidator's reward, and what it covers for the pool."""

from collections.abc import Iterator
from typing import Final, cast

from ringfence.properties.abilities import Ability
from ringfence.properties.book import RulesBook, ValuedState
from ringfence.properties.branch import Branch
from ringfence.properties.claims import Claims, at_least, at_most, broken
from ringfence.properties.receipt import receipt_of
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition, wealth
from ringfence.types.kinds import Kind
from ringfence.types.state import VaultState
from ringfence.types.totals import Total

NEEDS: Final = frozenset({Ability.RULES, Ability.RECEIPTS, Ability.INSURANCE})


@property_("LIQ-8", needs=NEEDS)
def insurance_adds_one_trading_fee(t: Transition) -> Claims:
    """Insurance adds at most ceil(notional(k) * tradingFeePpm / PPM) to a reward; a long and a short of one
    account, one closed, one liquidated while its margin pays its loss, never gain together.
    """
    receipt = receipt_of(t)
    if receipt and t.earlier:
        most = cast(RulesBook, t.earlier).trading_fee(receipt.fill.size_closed)
        claim = at_most("what insurance added to the reward", receipt.reward_from_insurance, most)
        yield from [claim] if receipt.reward_from_insurance else broken(claim)


@property_("LIQ-8", needs={Ability.RULES, Ability.SAME_BLOCK, Kind.LIQUIDATES, Kind.CLOSES})
def a_hedged_pair_never_gains(branch: Branch) -> Claims:
    """Closing one of a hedged pair and liquidating the other gains its owner nothing at one price."""
    for loser, hedge in _hedged(branch):
        owner = branch.state.positions[loser].owner
        had = _worth(branch.state, branch.book, owner, loser, hedge)
        with branch.trial() as trial:
            liquidation = branch.actions.make(Kind.LIQUIDATES, owner, position=loser)
            if trial.does(branch.closing(hedge)) and trial.does(liquidation):
                state = trial.observe()
                has = _worth(state, trial.book_of(state), owner, loser)
                yield at_most(f"what {owner} has of positions {loser} and {hedge}", has, had)


def _hedged(branch: Branch) -> Iterator[tuple[int, int]]:
    """Yield positions whose margin pays their loss, but not more, each with a hedge of one owner.

    The hedge is at least as large, on the other side, and can pay its closing fee by its margin.
    """
    book, positions = branch.book, branch.state.positions
    for loser, held in positions.items() if book else ():
        assert book is not None
        if not 0 <= book.equity(loser) < book.maintenance_margin(loser):
            continue
        for hedge, other in positions.items():
            is_hedge = other.owner == held.owner and other.size * held.size < 0
            if is_hedge and abs(other.size) >= abs(held.size):
                guarded = other.margin + min(0, book.pnl(hedge))
                if guarded >= book.closing_fee(hedge):
                    yield loser, hedge


def _worth(state: VaultState, book: ValuedState | None, owner: str, *positions: int) -> int:
    """Return what an account has outside its positions, and the equity of those of these that live."""
    live = [position for position in positions if position in state.positions]
    return wealth(state.accounts[owner]) + (sum(map(book.equity, live)) if book else 0)


@property_("LIQ-9", needs=NEEDS)
def rewards_come_before_cover(t: Transition) -> Claims:
    """Cover never leaves insurance below what is kept back; while insurance holds that, every liquidation
    with a fee pays at least min(reward, ceil(notional(k) * tradingFeePpm / PPM)).
    """
    receipt = receipt_of(t)
    if not (receipt and t.earlier and t.later):
        return
    earlier, later = cast(RulesBook, t.earlier), cast(RulesBook, t.later)
    if receipt.covered:
        left = t.after.totals[Total.INSURANCE]
        yield at_least("the insurance that cover leaves", left, later.held_back())
    if t.before.totals[Total.INSURANCE] >= earlier.held_back():
        closed = receipt.fill.size_closed
        least = min(earlier.reward(closed), earlier.trading_fee(closed))
        paid = receipt.reward_from_margin + receipt.reward_from_insurance
        claim = at_least("the reward", paid, least)
        yield from [claim] if receipt.fill.deficit else broken(claim)
