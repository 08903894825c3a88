"""Shrinking: fewer steps, simpler numbers, the same failure."""

from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest
from ringfence.engine.executors import CheckedExecutor
from ringfence.engine.findings import reproduced, shrunk
from ringfence.engine.objective import Violations
from ringfence.engine.proposals import Proposal
from ringfence.engine.search import Search
from ringfence.engine.shrink import shrink
from ringfence.engine.system import MODEL, Checked, System
from ringfence.properties import BY_ID
from ringfence.properties.history import without
from ringfence.types.actions import CallSequence, Step
from ringfence.types.market import VaultMarket
from ringfence.types.roles import OPERATOR, OWNER, POOL, TRADERS
from ringfence.vaults.isolated_margin.actions import (
    AddMargin,
    Donate,
    Increase,
    Liquidate,
    Open,
    SetOperator,
    SetPrice,
)
from ringfence.vaults.isolated_margin.seeded_bugs import seeded_bug
from ringfence.vaults.isolated_margin.seeded_bugs.searching import target_of

MAX_UINT = 2**256 - 1
LONG = 100  # steps
MARKET = "standard"
TOKENS = 10**6
NONE = Violations(but={*BY_ID, MODEL})  # that would end a run
MOST_STEPS = 3_000


def opening(size: int = 1, margin: int = 1) -> Step:
    """Return an open by the first trader."""
    return Step(Open(TRADERS[0], size, margin, MAX_UINT, MAX_UINT), 0)


def opened_in_order(program: CallSequence) -> list[int | None]:
    """Return the positions that the opens of a call sequence make, if none is refused."""
    places: list[int | None] = []
    for step in program:
        count = sum(place is not None for place in places)
        places.append(count + 1 if isinstance(step.action, Open) else None)
    return places


def test_without__an_open__drops_what_names_its_position_and_renumbers_the_rest() -> None:
    """A call sequence that lost an open still means the positions that it meant."""
    program = (opening(), opening(), Step(Liquidate(OWNER, 1), 0), Step(Liquidate(OWNER, 2), 0))
    shorter = without(program, opened_in_order(program), {0}, keep_time=False)
    assert shorter == (opening(), Step(Liquidate(OWNER, 1), 0))


def test_shrink__of_what_an_operator_does__lets_the_owner_do_it() -> None:
    """The permission is not needed then."""
    permission, by_operator = (
        Step(SetOperator(TRADERS[1], OPERATOR, 7, 2**40), 0),
        Step(AddMargin(OPERATOR, 1, 1, TRADERS[0]), 0),
    )

    def attempt(candidate: CallSequence) -> Sequence[int | None] | None:
        allowed = {TRADERS[1]}
        for each in candidate:
            if isinstance(each.action, SetOperator):
                allowed.add(each.action.operator)
        added = [each.action.account for each in candidate if isinstance(each.action, AddMargin)]
        return [None] * len(candidate) if set(added) & allowed else None

    assert shrink((permission, by_operator), attempt) == (Step(AddMargin(TRADERS[1], 1, 0, TRADERS[0]), 0),)


@pytest.mark.parametrize(("keep_time", "seconds"), [(True, 7), (False, 2)])
def test_without__a_step_that_takes_time__leaves_the_time_where_it_is_wanted(
    keep_time: bool, seconds: int
) -> None:
    program = (Step(SetPrice(OWNER, 1, 0), 5), Step(SetPrice(OWNER, 2, 0), 2))
    assert without(program, [None, None], {0}, keep_time=keep_time) == (Step(SetPrice(OWNER, 2, 0), seconds),)


def test_shrink__of_a_sequence_that_does_not_fail__is_refused() -> None:
    with pytest.raises(ValueError, match="does not fail"):
        shrink((opening(),), lambda program: None)


def test_shrink__of_steps_that_matter_not__leaves_those_that_do() -> None:
    """Two of thirty steps are needed, and nothing of their numbers but that one is above another."""
    random = Random(1)
    noise = [Step(Donate(OWNER, POOL, random.randrange(10**9)), 0) for _ in range(28)]
    program = (*noise[:9], opening(123_457), *noise[9:], Step(SetPrice(OWNER, 97_531, 0), 12))

    def attempt(candidate: CallSequence) -> Sequence[int | None] | None:
        sizes = [step.action.size for step in candidate if isinstance(step.action, Open)]
        prices = [step.action.answer for step in candidate if isinstance(step.action, SetPrice)]
        return opened_in_order(candidate) if sizes and prices and sizes[0] > 1_000 else None

    shortest = shrink(program, attempt)
    assert [type(step.action) for step in shortest] == [Open, SetPrice]
    assert shortest[0].action == Open(TRADERS[0], 100_000, 0, MAX_UINT, MAX_UINT)
    assert shortest[1] == Step(SetPrice(OWNER, 0, 0), 0)


@pytest.mark.parametrize(
    ("first", "answer", "least", "expected"),
    [
        (2_000, 1_234, 200, 1_800),
        (2_000, 2_987, 200, 1_800),
        (2_000, 1_800, 200, 1_800),
        (2_000, 13, 1_000, 1_000),
        (0, 1_234, 0, 0),
    ],
)
def test_shrink__of_prices__takes_the_smallest_move_that_fails(
    first: int, answer: int, least: int, expected: int
) -> None:
    """A move of the first price that a person would write; round numbers where there is no first price."""

    def attempt(candidate: CallSequence) -> Sequence[int | None] | None:
        prices = [step.action.answer for step in candidate if isinstance(step.action, SetPrice)]
        return [None] * len(candidate) if prices and abs(prices[-1] - first) >= least else None

    (step,) = shrink(
        (Step(SetPrice(OWNER, answer, 0), 0),), attempt, VaultMarket("", 6, 8, first) if first else None
    )
    assert step.action == SetPrice(OWNER, expected, 0)


@pytest.mark.parametrize(
    ("margin", "least", "most", "expected"),
    [
        (7, 0, 10**12, 100 * TOKENS),
        (7, 0, 5 * TOKENS, TOKENS),
        (7, 0, 10, 0),
        (123_456_789, 120_000_001, 123_999_999, 123 * TOKENS),
        (123_456_789, 111_111_111, 10**12, 200 * TOKENS),
        (123_456_789, 110_000_000, 128_000_000, 120 * TOKENS),
        (MAX_UINT - 7, MAX_UINT - 9, MAX_UINT, MAX_UINT - 7),
    ],
)
def test_shrink__of_amounts__takes_what_a_person_would_write(
    margin: int, least: int, most: int, expected: int
) -> None:
    """Whole tokens rather than nothing or dust, and two digits, unless that loses the failure."""

    def attempt(candidate: CallSequence) -> Sequence[int | None] | None:
        fails = [step.action.assets_moved for step in candidate if least <= step.action.assets_moved <= most]
        return opened_in_order(candidate) if fails else None

    (step,) = shrink((opening(10**18, margin),), attempt, VaultMarket("", 6, 8, 1))
    assert step.action.assets_moved == expected
    assert step.action.size_traded == 100 * 10**18


def test_shrink__of_a_position_built_in_parts__opens_it_whole() -> None:
    program = (
        opening(3, 10),
        Step(Increase(TRADERS[0], 1, 4, 20, MAX_UINT, MAX_UINT), 0),
        Step(AddMargin(TRADERS[0], 1, 30, TRADERS[0]), 0),
    )

    def attempt(candidate: CallSequence) -> Sequence[int | None] | None:
        size = sum(getattr(step.action, "size", getattr(step.action, "size_delta", 0)) for step in candidate)
        margin = sum(getattr(step.action, "margin", getattr(step.action, "assets", 0)) for step in candidate)
        return opened_in_order(candidate) if (size, margin) == (7, 60) else None

    assert shrink(program, attempt) == (opening(7, 60),)


def test_shrink__of_a_price_set_first__goes_on_from_the_price_that_was() -> None:
    program = (Step(SetPrice(OWNER, 50, 0), 0), opening(40), Step(SetPrice(OWNER, 55, 0), 0))

    def attempt(candidate: CallSequence) -> Sequence[int | None] | None:
        price, rise, worth = 100, 0.0, 0
        for step in candidate:
            match step.action:
                case SetPrice(_, answer):
                    price, rise = answer, answer / price
                case Open(_, size):
                    worth = size * price
        return opened_in_order(candidate) if (worth, rise) == (2_000, 1.1) else None

    shorter = shrink(program, attempt, VaultMarket("", 6, 8, 100))
    assert [type(step.action) for step in shorter] == [Open, SetPrice]


def long_sequence(search: Search, property_id: str) -> CallSequence:
    """Return a sequence of many random steps that violates a property somewhere; tries until one does."""
    while True:
        executor = search.fixtures.executor(MARKET, is_compared=False)
        assert isinstance(executor, CheckedExecutor)
        run = search.perform(Proposal(MARKET, length=LONG), executor, is_compared=False)
        if property_id in executor.system.violated_at and len(run.steps) >= LONG:
            return run.sequence


@pytest.mark.parametrize("name", ["half at a time", "deficit shared by all margins"])
def test_shrink__of_a_hundred_random_steps__carries_out_few_steps(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bug = seeded_bug(name)
    search = Search(target_of(bug), 2, markets=(MARKET,), objective=NONE)
    sequence = long_sequence(search, bug.property_id)
    system, carried_out = search.system(MARKET), Counter[str]()
    cause = reproduced(system, sequence, bug.property_id)
    assert cause is not None
    apply = System.apply

    def counted(system: System, step: Step) -> Checked:
        carried_out["steps"] += 1
        return apply(system, step)

    monkeypatch.setattr(System, "apply", counted)
    shortest = shrunk(system, sequence, cause)
    assert carried_out["steps"] < MOST_STEPS
    assert len(shortest) <= bug.steps + 2
