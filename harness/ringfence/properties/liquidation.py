"""Liquidation: exactly when it is due, no more than it takes, and every amount accounted for."""

from typing import Final, cast

from ringfence.properties.abilities import Ability, AbleVault
from ringfence.properties.book import RulesBook, ValuedState
from ringfence.properties.branch import Branch, Trial
from ringfence.properties.claims import Claims, at_least, at_most, broken, equal, that
from ringfence.properties.receipt import LiquidationAmounts, receipt_of
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition, funds
from ringfence.types.kinds import Kind
from ringfence.types.roles import LIQUIDATORS
from ringfence.types.totals import Total

TRADES: Final = frozenset({Kind.OPENS, Kind.INCREASES, Kind.DECREASES, Kind.REMOVES_MARGIN, Kind.EXECUTES})


@property_("LIQ-1", needs={Kind.LIQUIDATES, Ability.VALUATION})
def liquidates_when_due(t: Transition) -> Claims:
    """Liquidate succeeds exactly when the model says liquidatable, whatever insurance, pool, pause, owner's
    token status.
    """
    if t.action.kind is not Kind.LIQUIDATES or t.named not in t.before.positions:
        return
    if t.earlier:
        yield _succeeds_when_due(t.earlier, t.named, t.done)
    else:
        yield from broken(that(not t.done, f"position {t.named} was liquidated without a price"))


@property_("LIQ-1", needs={Kind.LIQUIDATES, Ability.VALUATION, Ability.SAME_BLOCK})
def liquidation_can_always_be_had(branch: Branch) -> Claims:
    """Every position can be liquidated when it is due, now and while paused."""
    for position in branch.state.positions if branch.book else ():
        with branch.trial() as trial:
            yield _liquidates(branch, trial, position)
        with branch.trial() as trial:
            if trial.pauses():
                yield _liquidates(branch, trial, position)


@property_("LIQ-1", needs={Kind.LIQUIDATES, Ability.VALUATION, Ability.SAME_BLOCK, Ability.BLACKLIST})
def owner_cannot_block_liquidation(branch: Branch) -> Claims:
    """An owner who can't receive tokens can't block a liquidation."""
    for position, held in branch.state.positions.items() if branch.book else ():
        with branch.trial() as trial:
            cast(AbleVault, trial.vault).blacklist(held.owner)
            yield _liquidates(branch, trial, position)


def _liquidates(branch: Branch, trial: Trial, position: int) -> str | None:
    assert branch.book is not None
    liquidation = branch.actions.make(Kind.LIQUIDATES, LIQUIDATORS[0], position=position)
    return _succeeds_when_due(branch.book, position, trial.does(liquidation))


def _succeeds_when_due(book: ValuedState, position: int, done: bool) -> str | None:
    equity, required = book.equity(position), book.maintenance_margin(position)
    what = "was liquidated" if done else "was not liquidated"
    return that(
        done == (equity < required),
        f"position {position} {what} with equity {equity}, maintenance {required}",
    )


@property_("LIQ-3", needs={Ability.RULES, Ability.PARTIAL_LIQUIDATION})
def liquidation_restores_the_target(t: Transition) -> Claims:
    """After a partial liquidation equity is at least the target."""
    position = _partly_liquidated(t)
    if position is not None:
        later = cast(RulesBook, t.later)
        yield at_least(f"the equity of position {position}", later.equity(position), later.target(position))


@property_("LIQ-4", needs={Ability.RULES, Ability.PARTIAL_LIQUIDATION})
def liquidation_closes_no_more_than_needed(t: Transition) -> Claims:
    """Closing less, by more than 16 * PPM^2 / (a_t - liquidationFeePpm * PPM) of notional plus one unit of
    size, would leave equity below target (partial only).
    """
    position = _partly_liquidated(t)
    if position is None:
        return
    earlier = cast(RulesBook, t.earlier)
    closed = abs(t.before.positions[position].size - t.after.positions[position].size)
    less = closed - earlier.size_within_tolerance(position) - 1
    if less > 0:
        short = earlier.shortfall_after_liquidating(position, less)
        yield at_least(f"what {less} instead of {closed} would leave missing to the target", short, 1)


def _partly_liquidated(t: Transition) -> int | None:
    partial = t.action.kind is Kind.LIQUIDATES and t.done and not t.closed and t.earlier and t.later
    return t.named if partial else None


@property_("LIQ-5", needs={Ability.RECEIPTS, Ability.INSURANCE})
def liquidation_accounts_for_every_amount(t: Transition) -> Claims:
    """What left margin as fee = to the liquidator + to insurance; what insurance adds to the reward is
    separate; deficit = covered + pool's loss.
    """
    receipt = receipt_of(t)
    if receipt:
        claims = _fee_claims(t, receipt)
        yield from claims if receipt.fill.deficit else broken(*claims)


def _fee_claims(t: Transition, receipt: LiquidationAmounts) -> Claims:
    position = cast(int, t.named)
    fill = receipt.fill
    margin = t.before.positions[position].margin
    left = t.after.positions[position].margin if position in t.after.positions else 0
    into_margin = fill.paid if fill.realised >= 0 else -fill.paid
    insured = receipt.to_insurance - receipt.reward_from_insurance - receipt.covered
    paid = receipt.reward_from_margin + receipt.reward_from_insurance
    pooled = t.after.totals["pool_tokens"] - t.before.totals["pool_tokens"]
    claimable = t.after.accounts[t.owner].claimable - t.before.accounts[t.owner].claimable
    yield equal("the fee", receipt.fee, receipt.reward_from_margin + receipt.to_insurance)
    yield equal("the deficit", fill.deficit, max(0, -fill.realised - fill.paid))
    yield equal("covered plus the pool's loss", receipt.covered + receipt.pool_loss, fill.deficit)
    yield equal("the margin left", left, margin + into_margin - receipt.fee - receipt.to_claimable)
    released = insured - (t.after.totals["insurance"] - t.before.totals["insurance"])
    yield that(not released or _may_release(t), f"insurance's change is {insured - released}, not {insured}")
    yield equal("the liquidator's gain", t.gain(t.action.account), paid)
    yield equal("the pool's change", pooled, receipt.covered - into_margin + released)
    yield equal("what became claimable", claimable, receipt.to_claimable)


def _may_release(t: Transition) -> bool:
    """Return whether insurance may pay what the pool owes: SET-2 looks at how much."""
    return bool(t.after.totals.get(Total.SETTLED)) and not t.after.positions


@property_("LIQ-5", needs={Ability.VALUATION, Total.LIQUIDITY})
def deficit_is_booked_in_the_vault(t: Transition) -> Claims:
    """A deficit is the loss of a fund that the vault keeps: together they gain no more than the margin."""
    yield from _deficit_is_booked(t)


@property_("LIQ-5", needs={Ability.VALUATION, Total.POOL_TOKENS})
def deficit_is_booked_in_the_pool(t: Transition) -> Claims:
    """A deficit is the loss of the pool or of a fund: together they gain no more than the margin."""
    yield from _deficit_is_booked(t)


def _deficit_is_booked(t: Transition) -> Claims:
    if not (t.closed and t.named is not None and t.earlier and t.earlier.equity(t.named) < 0):
        return
    paid_in = max(0, -t.gain(t.action.account))
    most = t.before.positions[t.named].margin + paid_in
    yield at_most(f"what the funds gained of position {t.named}", funds(t.after) - funds(t.before), most)


@property_("LIQ-6", needs={Kind.LIQUIDATES, Ability.SAME_BLOCK}, after={Kind.LIQUIDATES})
def nothing_is_liquidated_twice(branch: Branch) -> Claims:
    """Nothing is liquidated twice in one state."""
    assert branch.last, "it follows an action"
    position = branch.last.position_named
    with branch.trial() as trial:
        again = trial.does(branch.last)
        yield that(not again, f"position {position} was liquidated twice at one price and time")


@property_("LIQ-7", needs={Ability.VALUATION})
def trading_leaves_it_safe(t: Transition) -> Claims:
    """After a successful open, increase, decrease or removeMargin the position is not liquidatable at the
    same price and time; reducing one that was before does not make it lack more.
    """
    if t.action.kind in TRADES and t.done and t.named in t.after.positions and t.later:
        if _rescues(t):
            lacking = _lacks(cast(ValuedState, t.earlier), t.named)
            yield at_most(f"what position {t.named} lacks", _lacks(t.later, t.named), lacking)
        else:
            yield _is_safe(t.later, t.named)


@property_("LIQ-7", needs={Ability.RULES})
def reducing_makes_it_safe(t: Transition) -> Claims:
    """By the isolated-margin rules a position that is liquidatable can be reduced only to one that is not."""
    if t.action.kind in TRADES and t.done and t.named in t.after.positions and t.later and _rescues(t):
        yield _is_safe(t.later, t.named)


def _rescues(t: Transition) -> bool:
    """Return whether a step reduces a position that was liquidatable."""
    if t.earlier is None or t.named not in t.before.positions:
        return False
    had, has = t.before.positions[t.named], t.after.positions[t.named]
    return abs(has.size) < abs(had.size) and _lacks(t.earlier, t.named) > 0


def _lacks(book: ValuedState, position: int) -> int:
    return book.maintenance_margin(position) - book.equity(position)


def _is_safe(book: ValuedState, position: int) -> str | None:
    required = book.maintenance_margin(position)
    return at_least(f"the equity of position {position}", book.equity(position), required)
