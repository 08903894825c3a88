"""What each quantity says of call sequences that are known."""

from dataclasses import replace
from typing import Any

import pytest
from ringfence.engine.maximise.bounds import Bounds
from ringfence.engine.maximise.maximum import CannotMaximise, MaximumSearch
from ringfence.engine.maximise.quantities import QUANTITIES
from ringfence.engine.proposals import Proposal, repeated
from ringfence.engine.target import Target
from ringfence.types.actions import CallSequence, Step
from ringfence.types.kinds import Kind
from ringfence.types.roles import LIQUIDATORS, OWNER, PROVIDERS, TRADERS
from ringfence.vaults.isolated_margin.actions import (
    AddMargin,
    Close,
    Deposit,
    Donate,
    FundInsurance,
    Liquidate,
    Open,
    SetPrice,
)
from ringfence.vaults.isolated_margin.adapter import IsolatedMargin
from ringfence.vaults.isolated_margin.markets import STANDARD

MOST, USD, SIZE, ANSWER = 2**256 - 1, 10**6, 10**18, STANDARD.answer
ANY_MOVE = 10**6  # ppm
OPENED = Step(Open(TRADERS[0], SIZE, 200 * USD, MOST, MOST), 0)
FALLEN = Step(SetPrice(OWNER, ANSWER // 2, 0), 0)
LIQUIDATED = Step(Liquidate(LIQUIDATORS[0], 1), 0)


class Uninsured(IsolatedMargin):
    """Our vault in a market without insurance."""

    markets = (replace(STANDARD, insurance=0),)


class Silent(IsolatedMargin):
    """Our vault, which does not offer what quantities need."""

    abilities = frozenset()


class Steps:
    """Steps on our vault without insurance, one after the other, as a search for a quantity allows them."""

    def __init__(
        self, name: str, most_ppm: int = ANY_MOVE, vault: type[IsolatedMargin] = Uninsured, **bounds: Any
    ) -> None:
        self.search = MaximumSearch.of(
            Target(vault), STANDARD.name, QUANTITIES[name], Bounds(most_ppm, **bounds), 1
        )
        self.quantity = self.search.quantity
        self.sequence: CallSequence = ()

    def do(self, step: Step) -> bool:
        """Do all steps again and this one; return whether it was allowed at all."""
        executor = self.search.search.fixtures.executor(STANDARD.name, is_compared=False)
        proposal = Proposal(STANDARD.name, repeated((*self.sequence, step)))
        before = len(self.sequence)
        self.sequence = self.search.search.perform(proposal, executor, is_compared=False).sequence
        return len(self.sequence) > before

    @property
    def worst(self) -> tuple[int, int]:
        """Return the quantity at its largest, and after how many steps."""
        return self.quantity.worst(self.search.system.transitions)


def test_bad_debt__of_a_loss_beyond_the_margin__is_the_excess_before_and_after_liquidation() -> None:
    """2,000 fall to 1,000 on 199 of margin: 801 are missing, and nobody's any less once it is liquidated."""
    made = Steps("bad-debt")
    made.do(OPENED)
    assert made.worst == (0, 0)
    made.do(FALLEN)
    assert made.worst == (801 * USD, 2)
    made.do(LIQUIDATED)
    assert made.worst == (801 * USD, 2)


def test_bad_debt__with_a_limit_on_moves__is_that_of_the_limit() -> None:
    made = Steps("bad-debt", most_ppm=100_000)
    made.do(OPENED)
    made.do(FALLEN)
    assert made.sequence[-1].action == SetPrice(OWNER, ANSWER * 9 // 10, 0)
    assert made.worst == (1 * USD, 2)
    limited = made.sequence
    assert made.search.value_of((OPENED, FALLEN)) == 0
    assert made.search.value_of(limited) == 1 * USD


def falling(made: Steps, times: int) -> Steps:
    """Let the price fall by what is allowed, some times, with a day before each fall."""
    made.do(OPENED)
    for _ in range(times):
        made.do(replace(FALLEN, seconds=86_400))
    return made


def test_bad_debt__with_keepers__is_only_that_of_the_last_move() -> None:
    """They liquidate as soon as it can be done, and a day does not pass unseen."""
    alone, kept = (
        falling(Steps("bad-debt", most_ppm=50_000, keepers=each), times=4) for each in (None, 3_600)
    )
    assert alone.worst[0] > 0
    assert kept.worst[0] == 0
    kinds = [each.action.kind for each in kept.sequence]
    assert kinds[kinds.index(Kind.LIQUIDATES) - 1] is Kind.MOVES_PRICE
    assert max(each.seconds for each in kept.sequence) == 3_600
    assert kept.search.value_of(kept.sequence) == 0
    assert not kept.do(LIQUIDATED)
    before = kept.sequence
    kept.do(OPENED)
    assert kept.sequence[: len(before)] == before, "repeated, it is the same"


def test_bad_debt__with_a_limit_on_how_often__is_that_of_the_limit() -> None:
    twice = falling(Steps("bad-debt", most_ppm=50_000, moves=2), times=4)
    assert [each.action.kind for each in twice.sequence].count(Kind.MOVES_PRICE) == 2
    assert twice.worst == falling(Steps("bad-debt", most_ppm=50_000), times=2).worst


def test_trader_gain__of_a_round_trip__is_nothing_and_nobody_else_acts() -> None:
    """Prices, donations and time are no part of it; opening and closing costs two fees."""
    made = Steps("trader-gain")
    assert not made.do(FALLEN)
    assert not made.do(Step(Donate(OWNER, TRADERS[0], USD), 0))
    made.do(replace(OPENED, seconds=60))
    made.do(Step(Close(TRADERS[0], 1, 0, MOST), 60))
    assert [step.seconds for step in made.sequence] == [0, 0]
    assert list(QUANTITIES["trader-gain"].values(made.search.system.transitions)) == [-1 * USD, -2 * USD]


def test_liquidator_take__is_what_one_liquidation_pays() -> None:
    """Half of 1 % of the notional that was closed."""
    made = Steps("liquidator-take")
    for step in (OPENED, Step(SetPrice(OWNER, ANSWER * 92 // 100, 0), 0), LIQUIDATED):
        made.do(step)
    closed = made.search.system.transitions[-1]
    worth = closed.gain(LIQUIDATORS[0])
    assert worth > 0
    assert made.worst == (worth, 3)


def test_moved_value__of_a_margin_added_to_ones_own__is_none() -> None:
    made = Steps("moved-value")
    for step in (OPENED, OPENED, Step(AddMargin(TRADERS[0], 1, USD, TRADERS[0]), 0)):
        made.do(step)
    assert made.worst == (0, 0)


def test_search__on_a_vault_that_offers_too_little__is_refused() -> None:
    with pytest.raises(CannotMaximise, match="does not offer a valuation of positions"):
        MaximumSearch.of(Target(Silent), STANDARD.name, QUANTITIES["bad-debt"], Bounds(ANY_MOVE), 1)


COALITION, STAYING = PROVIDERS[1], PROVIDERS[0]
SHORT = Step(Open(TRADERS[0], -100 * SIZE, 20_000 * USD, 0, MOST), 0)


def priced(answer: int) -> Step:
    """Return the step in which the feed answers."""
    return Step(SetPrice(OWNER, answer, 0), 0)


def values(made: Steps) -> list[int]:
    """Return the quantity after each step, in whole tokens, rounded down."""
    return [value // USD for value in made.quantity.values(made.search.system.transitions)]


def test_coalition_gain__of_a_round_trip__is_the_two_fees_lost_and_no_price_counts() -> None:
    """Fees of 100 each, and then the gain of a price that nobody knew is not counted: 20,000."""
    made = Steps("coalition-gain")
    for step in (SHORT, priced(ANSWER * 9 // 10), Step(Close(TRADERS[0], 1, MOST, MOST), 0)):
        made.do(step)
    assert values(made) == [-200, -200, -200]


def test_coalition_gain__of_a_known_price__is_what_the_price_brings_after_two_fees() -> None:
    made = Steps("coalition-gain", is_next_price_known=True)
    for step in (SHORT, priced(ANSWER * 99 // 100)):
        made.do(step)
    assert values(made) == [-200, -200 + 2_000 + 1], "the fee of closing is a hundredth less"


def test_coalition_gain__of_liquidating_a_stranger__is_not_counted() -> None:
    made = Steps("coalition-gain")
    for step in (replace(SHORT, action=SHORT.action.replaced(account=TRADERS[1])), priced(ANSWER * 11 // 10)):
        made.do(step)
    made.do(LIQUIDATED)
    assert values(made) == [0, 0, 0]


def test_coalition_gain__of_ones_own_bankrupt_short__is_the_reward_above_the_fees() -> None:
    """Insurance pays a trading fee at the price of the liquidation, which is thrice that of the opening."""
    made = Steps("coalition-gain", 2 * ANY_MOVE)
    for step in (SHORT, Step(FundInsurance(OWNER, 1_000 * USD), 0), priced(3 * ANSWER), LIQUIDATED):
        made.do(step)
    assert not any(isinstance(step.action, FundInsurance) for step in made.sequence), (
        "a gift is no part of it"
    )
    assert values(made) == [-200, -200, -180], "insurance had its share of the fee alone"


def test_coalition_gain__of_ones_own_bankrupt_short__with_insurance__is_above_the_fees() -> None:
    """A reward of 300 from insurance, for 100 of opening and 100 that closing would have cost."""
    made = Steps("coalition-gain", 2 * ANY_MOVE, IsolatedMargin)
    for step in (SHORT, priced(3 * ANSWER), LIQUIDATED):
        made.do(step)
    assert values(made) == [-200, -200, 100]


def test_provider_loss__of_others_who_come_and_go__is_none() -> None:
    made = Steps("provider-loss")
    for step in (OPENED, Step(Deposit(COALITION, 1_000 * USD, COALITION), 0), FALLEN, LIQUIDATED):
        made.do(step)
    assert made.worst == (0, 0)
    assert values(made)[-1] < 0, "fees are its gain"


def test_provider_loss__of_a_known_price__is_what_traders_win() -> None:
    made = Steps("provider-loss", is_next_price_known=True)
    for step in (SHORT, priced(ANSWER * 99 // 100)):
        made.do(step)
    assert values(made)[-1] == 1_919, "2,000 less the fee that is the pool's, rounded down"


def test_search__with_a_known_price_for_what_is_the_same_without__is_refused() -> None:
    bounds = Bounds(ANY_MOVE, is_next_price_known=True)
    with pytest.raises(CannotMaximise, match="bad-debt is the same whether the next price is known or not"):
        MaximumSearch.of(Target(Uninsured), STANDARD.name, QUANTITIES["bad-debt"], bounds, 1)
