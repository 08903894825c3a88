"""What a pool's shares are worth: traders that only realise at the mark change nothing of it."""

from collections.abc import Iterator
from typing import Final, cast

from ringfence.properties.abilities import Ability, AbleVault
from ringfence.properties.book import RulesBook
from ringfence.properties.branch import Branch, Trial
from ringfence.properties.claims import Claims, at_least, at_most
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition
from ringfence.properties.worth import written_down
from ringfence.types.actions import Action
from ringfence.types.kinds import Kind
from ringfence.types.roles import LIQUIDATORS, POOL, TRADERS
from ringfence.types.totals import Total

ROUNDINGS: Final = 2  # of each position, against it
PPM: Final = 10**6
MOST_POSITIONS: Final = 4  # that are closed in turn at one state


@property_("LPS-3", needs={Ability.RULES, Ability.POOL_WORTH})
def worth_is_that_of_a_paid_book(branch: Branch) -> Claims:
    """What the pool's shares are worth lies between what they are if every position pays and gets what it
    can, and what they are if the positions of each side pay for each other; while none is bankrupt it is the
    first.
    """
    book, positions = cast(RulesBook | None, branch.book), branch.state.positions
    if book is None:
        return
    worth, slack = _worth(branch), ROUNDINGS * len(positions) + ROUNDINGS
    least, most = written_down(book, branch.state), book.most_paid()
    if any(book.equity(position) < 0 for position in positions):
        yield at_most("what the pool is worth", worth, max(0, most))
    else:
        yield at_most("what the pool is worth while nobody is bankrupt", worth, max(0, least))
    yield at_least("what the pool is worth", worth, max(0, least - book.fresh() - slack))


@property_(
    "LPS-2",
    needs={
        Ability.RULES,
        Ability.POOL_WORTH,
        Ability.SAME_BLOCK,
        Total.INSURANCE,
        Kind.CLOSES,
        Kind.LIQUIDATES,
        Kind.ADDS_MARGIN,
    },
    after={Kind.OPENS, Kind.MOVES_PRICE},
)
def trading_keeps_the_worth(branch: Branch) -> Claims:
    """At one state, nothing done to a position raises what the pool is worth by more than its fees, what
    insurance covers and what margin pays that came in this second, or lowers it below the lower of what it
    was and what is left if every position pays what it can, less the margin that came in this second.
    """
    book = cast(RulesBook | None, branch.book)
    if book is None:
        return
    worth, slack = _worth(branch), ROUNDINGS * len(branch.state.positions) + ROUNDINGS
    least = max(0, min(worth, written_down(book, branch.state) - book.fresh()) - slack)
    for position, action in _tried(branch, book):
        with branch.trial() as trial:
            if trial.does(action):
                claim = f"what the pool is worth after {action.name} of position {position}"
                paid = 0 if action.kind is Kind.ADDS_MARGIN else book.closing_fee(position) + book.fresh()
                after, covered = _worth(trial), _insurance(branch, trial)
                yield at_most(claim, after, worth + paid + covered + slack)
                yield at_least(claim, after, least)


@property_("LPS-4", needs={Ability.RULES, Ability.POOL_SHARES})
def nobody_enters_an_underwater_pool(t: Transition) -> Claims:
    """No deposit while the sides have losses that their margins can't pay, above the fee on what there is."""
    provides = t.action.kind in (Kind.PROVIDES, Kind.PROVIDES_SHARES)
    grows = t.after.totals[Total.POOL_TOKENS] > t.before.totals[Total.POOL_TOKENS]
    if t.done and provides and grows and t.earlier:
        book = cast(RulesBook, t.earlier)
        most = book.liquidity_fee_ppm * max(0, book.fair_value())
        yield at_most("what margins can't pay at a deposit, times PPM", book.gap() * PPM, most)


@property_("EXI-4", needs={Total.TOTAL_OWED, Total.POOL_TOKENS})
def what_is_owed_comes_first(t: Transition) -> Claims:
    """What is owed is paid before any profit realised later, and before any share."""
    owed, held = t.before.totals[Total.TOTAL_OWED], t.before.totals[Total.POOL_TOKENS]
    if t.done and owed and t.action.kind is not Kind.COLLECTS:
        yield at_least("what the pool has left", t.after.totals[Total.POOL_TOKENS], min(owed, held))


@property_(
    "EXI-4",
    needs={Total.TOTAL_OWED, Total.POOL_TOKENS, Ability.SAME_BLOCK, Kind.DONATES, Kind.CLOSES},
    after={Kind.CLOSES, Kind.DECREASES, Kind.MOVES_PRICE},
)
def new_money_is_for_what_is_owed(branch: Branch) -> Claims:
    """What comes into a pool that owes is not paid to who closes next."""
    make, totals, giver = branch.actions.make, branch.state.totals, TRADERS[0]
    gift = min(totals[Total.TOTAL_OWED], branch.state.accounts[giver].tokens)
    for position, held in list(branch.state.positions.items())[:MOST_POSITIONS] if gift else ():
        with branch.trial() as trial:
            is_given = trial.does(make(Kind.DONATES, giver, assets=gift, to=POOL))
            if is_given and trial.does(make(Kind.CLOSES, held.owner, position=position)):
                left = trial.observe().totals[Total.POOL_TOKENS]
                least = min(totals[Total.POOL_TOKENS] + gift, totals[Total.TOTAL_OWED])
                yield at_least(f"what the pool has left after closing position {position}", left, least)


def _tried(branch: Branch, book: RulesBook) -> Iterator[tuple[int, Action]]:
    """Yield what is done to each of some positions: liquidated, closed, and given what its side can't pay."""
    make, gap = branch.actions.make, book.gap()
    for position, held in list(branch.state.positions.items())[:MOST_POSITIONS]:
        owner = held.owner
        yield position, make(Kind.LIQUIDATES, LIQUIDATORS[0], position=position)
        yield position, make(Kind.CLOSES, owner, position=position)
        assets = min(gap, branch.state.accounts[owner].tokens) if owner in branch.state.accounts else 0
        if assets:
            yield position, make(Kind.ADDS_MARGIN, owner, position=position, assets=assets, to=owner)


def _worth(tried: Branch | Trial) -> int:
    return cast(AbleVault, tried.vault).pool_worth()


def _insurance(branch: Branch, trial: Trial) -> int:
    return max(0, branch.state.totals[Total.INSURANCE] - trial.observe().totals[Total.INSURANCE])
