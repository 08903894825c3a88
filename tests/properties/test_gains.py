"""VAL-4: what accounts gain together by one step, of states that are made for it."""

from dataclasses import replace

import pytest
from ringfence.properties import BY_ID, Ability, Checker
from ringfence.properties.transition import Transition
from ringfence.properties.valuation import SimpleBook, Valued
from ringfence.properties.worth import VIRTUAL_SHARES, covered, fortunes, written_down
from ringfence.types.actions import Action, Step
from ringfence.types.moment import Moment
from ringfence.types.outcome import Done
from ringfence.types.roles import LIQUIDATORS, PROVIDERS, TRADERS
from ringfence.types.state import AccountState, PositionState, VaultState
from ringfence.types.totals import Total
from ringfence.vaults.isolated_margin.actions import ALPHABET, Close, Deleverage, Liquidate, Redeem

pytestmark = pytest.mark.property("VAL-4")

NOW = Moment(2_000_000_000, 100, 2_000_000_000, broken=False)
OFFERED = {Ability.VALUATION, Ability.BALANCES, Total.POOL_TOKENS, Total.POOL_SHARES}
WINNER, KEEPER, STAYING, LEAVING = TRADERS[0], LIQUIDATORS[0], *PROVIDERS
PROFIT, MARGIN, POOL, FUND, AMOUNT = 4_000, 1_000, 100_000, 500, 100
STATE = VaultState(
    positions={1: PositionState(WINNER, 10, MARGIN)},
    totals={
        Total.POOL_TOKENS: POOL + PROFIT,
        Total.POOL_SHARES: POOL * VIRTUAL_SHARES,
        Total.INSURANCE: FUND,
        Total.TOTAL_OWED: 0,
    },
    accounts={
        WINNER: AccountState(0),
        KEEPER: AccountState(0),
        STAYING: AccountState(0, shares=POOL // 2 * VIRTUAL_SHARES),
        LEAVING: AccountState(0, shares=POOL // 2 * VIRTUAL_SHARES),
    },
)


class Fixed:
    """Values every position at its margin and a profit or loss."""

    def __init__(self, pnl: int) -> None:
        self._pnl = pnl

    def book(self, state: VaultState, moment: Moment) -> SimpleBook:
        """Return the book."""
        values = {each: Valued(held.margin, 100, self._pnl, 1) for each, held in state.positions.items()}
        return SimpleBook(moment.answer, values)


def after(margin: int, totals: dict[str, int], **tokens: int) -> VaultState:
    """Return the state with another margin, totals that have changed, and what accounts have got."""
    accounts = {
        each: replace(account, tokens=tokens.get(each, 0)) for each, account in STATE.accounts.items()
    }
    changed = STATE.totals | {each: STATE.totals[each] + change for each, change in totals.items()}
    return VaultState({1: replace(STATE.positions[1], margin=margin)}, changed, accounts)


def looked_at(action: Action, state: VaultState, pnl: int = PROFIT) -> tuple[list[str], int]:
    """Return what is violated by a step that leaves a state behind, and how often that was looked at."""
    checker = Checker([BY_ID["VAL-4"]], frozenset(OFFERED), ALPHABET)
    step = Transition(STATE, Step(action, 0), Done(None, ()), state, NOW, Fixed(pnl))
    return [each.message for each in checker.check_step(step)], checker.tested["VAL-4"]


@pytest.mark.parametrize("account", [KEEPER, WINNER])
def test_reward__paid_by_insurance__is_a_gain_of_deleveraging(account: str) -> None:
    """Of a margin it is none: who is called has less."""
    rewarded = {account: AMOUNT}
    paid = after(MARGIN - AMOUNT, {}, **rewarded)
    assert looked_at(Deleverage(account, 1), paid) == ([], 1)
    (told,), _ = looked_at(Deleverage(account, 1), after(MARGIN, {Total.INSURANCE: -AMOUNT}, **rewarded))
    assert told.startswith(f"what accounts gained by Deleverage is {AMOUNT}, more than ")


def test_reward__of_a_liquidation__may_be_paid_by_insurance() -> None:
    state = after(MARGIN, {Total.INSURANCE: -AMOUNT}, **{KEEPER: AMOUNT})
    assert looked_at(Liquidate(KEEPER, 1), state) == ([], 1)


def test_fee__paid_by_insurance__is_a_gain_of_who_provides() -> None:
    """Who closes has lost nothing, and the providers have won; from a margin the fee is nobody's gain."""
    of_margin = after(MARGIN - AMOUNT, {Total.POOL_TOKENS: AMOUNT})
    assert looked_at(Close(WINNER, 1, 0, 0), of_margin) == ([], 1)
    of_insurance = after(MARGIN, {Total.POOL_TOKENS: AMOUNT, Total.INSURANCE: -AMOUNT})
    found, _ = looked_at(Close(WINNER, 1, 0, 0), of_insurance)
    assert len(found) == 1


@pytest.mark.parametrize(("paid", "is_gain"), [(POOL // 2, False), ((POOL + PROFIT) // 2, True)])
def test_redemption__at_more_than_a_share_of_what_is_left__takes_from_who_stays(
    paid: int, is_gain: bool
) -> None:
    """The pool's balance holds a profit that has to be paid yet."""
    totals = {Total.POOL_TOKENS: -paid, Total.POOL_SHARES: -STATE.accounts[LEAVING].shares}
    state = after(MARGIN, dict(totals), **{LEAVING: paid})
    state.accounts[LEAVING] = AccountState(paid)
    found, tested = looked_at(Redeem(LEAVING, STATE.accounts[LEAVING].shares, LEAVING, LEAVING), state)
    assert (bool(found), tested) == (is_gain, 1)


def test_gain__beside_a_bankrupt_position__is_not_looked_at() -> None:
    state = after(MARGIN, {Total.INSURANCE: -AMOUNT}, **{KEEPER: AMOUNT})
    assert looked_at(Deleverage(KEEPER, 1), state, pnl=-MARGIN) != ([], 0)
    assert looked_at(Deleverage(KEEPER, 1), state, pnl=-MARGIN - 1) == ([], 0)


def test_fortunes__of_a_winner_and_providers__are_all_that_there_is() -> None:
    """A profit that the pool has not paid yet is the winner's, and what is left of it the providers'."""
    book = Fixed(PROFIT).book(STATE, NOW)
    assert written_down(book, STATE) == covered(book, STATE) == POOL
    assert fortunes(book, STATE) == {
        WINNER: MARGIN + PROFIT,
        KEEPER: 0,
        STAYING: POOL // 2,
        LEAVING: POOL // 2,
    }


def test_worth__of_a_pool_beside_a_debt__counts_what_insurance_covers() -> None:
    """Of a loss of 1,200 the margin pays 1,000, insurance the other 200; of one of 2,000 no more than 500."""
    for loss, paid_by_insurance in ((MARGIN + 200, 200), (2 * MARGIN, FUND)):
        book = Fixed(-loss).book(STATE, NOW)
        assert written_down(book, STATE) == POOL + PROFIT + MARGIN
        assert covered(book, STATE) == POOL + PROFIT + MARGIN + paid_by_insurance
