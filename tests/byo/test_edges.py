"""Edges: found from a good guess by a try or two, from a bad one all the same, and never by too many."""

from collections.abc import Callable

import pytest
import ringfence as rf
from hypothesis import given
from hypothesis import strategies as st
from ringfence.engine.generators.boundary import (
    CLOSE,
    FACTOR,
    GROWTHS,
    about_largest,
    interpolated,
    last_holding,
)
from ringfence.engine.generators.edges import FOR_LARGEST, NUDGES, TRIES_EACH, TRIES_SAVED, Edges
from ringfence.engine.guard import ValidatedVault
from ringfence.engine.system import System
from ringfence.engine.target import Target
from ringfence.types.actions import Action, Step
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Done

NOTIONAL = "examples/notional-vault/adapter.py:NotionalVault"
WIDE = 2**80
EXACT = 0  # the first of the nudges


def counted(holds: Callable[[int], bool]) -> tuple[Callable[[int], bool], list[int]]:
    """Return a condition that notes what it is asked."""
    asked: list[int] = []

    def counting(number: int) -> bool:
        asked.append(number)
        return holds(number)

    return counting, asked


@given(st.integers(0, WIDE - 1), st.none() | st.integers(-5, WIDE + 5))
def test_last_holding__of_a_limit__is_the_limit_from_any_guess(limit: int, guess: int | None) -> None:
    assert last_holding(lambda number: number <= limit, WIDE, guess) == limit


@given(st.integers(1, WIDE - 1))
def test_last_holding__guess_is_right__asks_twice(limit: int) -> None:
    holds, asked = counted(lambda number: number <= limit)
    assert last_holding(holds, WIDE, limit) == limit
    assert sorted(asked) == [limit, limit + 1]


@pytest.mark.parametrize("guess", [None, 0, 5, WIDE])
@pytest.mark.parametrize("always", [True, False])
def test_last_holding__no_limit__is_none(guess: int | None, always: bool) -> None:
    holds, asked = counted(lambda number: always)
    assert last_holding(holds, WIDE, guess) is None
    assert len(asked) < 40


@given(st.integers(1, WIDE), st.integers(-9, 9))
def test_about_largest__of_a_limit_near_the_start__is_close_to_it(limit: int, growth: int) -> None:
    """The start may be some hundred times as large as the limit, or as small."""
    start = max(1, limit * 2**growth if growth > 0 else limit // 2**-growth)
    holds, asked = counted(lambda number: number <= limit)
    found = about_largest(holds, start)
    if found is not None:
        good, bad = found
        assert good <= limit < bad or good == bad == start * FACTOR**GROWTHS <= limit
        assert bad - good <= max(1, good // CLOSE)
    else:
        assert start // FACTOR**GROWTHS > limit or limit < FACTOR
    assert len(asked) <= 16


def test_about_largest__of_what_always_holds__is_some_hundred_times_the_start() -> None:
    assert about_largest(lambda number: True, 5) == (5 * FACTOR**GROWTHS,) * 2
    assert about_largest(lambda number: False, 5) is None


@given(st.integers(1, 10**6), st.integers(1, WIDE - 1))
def test_interpolated__of_a_line__takes_a_few_looks(slope: int, limit: int) -> None:
    _, asked = counted(bool)

    def spare(number: int) -> int:
        asked.append(number)
        return (limit - number) * slope // 1_000

    found = interpolated(spare, WIDE)
    assert found is None or (spare(found) >= 0 > spare(found + 1))
    assert found is not None or spare(WIDE) >= 0
    assert len(asked) < 60


@pytest.fixture(scope="module")
def system() -> System:
    """Return the notional vault, with a long and a short position."""
    target = Target.named(NOTIONAL)
    return target.system(next(iter(target.markets)))


@pytest.fixture
def positions(system: System) -> System:
    """Return it with a long and a short position."""
    system.restart()
    for account, size in (("trader_1", 1_000), ("trader_2", -2_500)):
        margin = 120 * 10**6 * abs(size) // 1_000
        action = system.actions.make(Kind.OPENS, account, buys=size > 0, size=size * 10**18, assets=margin)
        assert isinstance(system.apply(Step(action, 1)).outcome, Done)
    return system


def vault_of(system: System) -> ValidatedVault:
    """Return the vault behind the guard."""
    assert isinstance(system.vault, ValidatedVault)
    return system.vault


def moved(system: System, edges: Edges, goal: int, position: int) -> Action:
    """Return a move of the price to the edge of one goal of one position."""
    move = system.actions.make(Kind.MOVES_PRICE, "owner", answer=2_000 * 10**18)
    which = len(NUDGES) * (goal + 3 * position) + EXACT
    return edges.near(move, system.state, system.moment, which)


def outcomes(system: System, *actions: Action) -> list[bool]:
    """Return which of some actions are carried out one after the other; nothing stays."""
    mark = system.vault.snapshot()
    try:
        return [isinstance(system.vault.apply(Step(each, 1)), Done) for each in actions]
    finally:
        system.vault.restore(mark)


@pytest.mark.parametrize("position", [0, 1])
def test_edges__of_a_price__is_where_a_liquidation_is_just_accepted(positions: System, position: int) -> None:
    number = list(positions.state.positions)[position]
    is_long = positions.state.positions[number].size > 0
    move = moved(positions, Edges(vault_of(positions)), 0, position)
    liquidation = positions.actions.make(Kind.LIQUIDATES, "liquidator_1", position=number)
    further = move.replaced(price=move.answer_set + (1 if is_long else -1))
    assert outcomes(positions, move, liquidation) == [True, True]
    assert outcomes(positions, further, liquidation) == [True, False]


def test_edges__of_a_price__is_where_an_owner_just_gets_nothing(positions: System) -> None:
    number = next(iter(positions.state.positions))
    owner = positions.state.positions[number].owner
    move = moved(positions, Edges(vault_of(positions)), 1, 0)
    liquidation = positions.actions.make(Kind.LIQUIDATES, "liquidator_1", position=number)
    gains = []
    for away in (0, 1, 10**14):
        mark = positions.vault.snapshot()
        before = positions.vault.observe().accounts[owner].tokens
        for action in (move.replaced(price=move.answer_set + away), liquidation):
            assert isinstance(positions.vault.apply(Step(action, 1)), Done)
        gains.append(positions.vault.observe().accounts[owner].tokens - before)
        positions.vault.restore(mark)
    assert gains[0] == 0
    assert gains[1] > 0 or gains[2] > 0


def test_edges__known_already__take_one_try(positions: System) -> None:
    edges, vault = Edges(vault_of(positions)), vault_of(positions)
    moved(positions, edges, 0, 0)
    before = vault.messages
    moved(positions, edges, 0, 0)
    assert vault.messages - before == 2  # the price and the liquidation


def test_edges__too_much_tried__are_guessed(positions: System) -> None:
    """What an edge takes is bounded in the mean, whatever a vault accepts."""
    edges, vault = Edges(vault_of(positions)), vault_of(positions)
    turns, before = 200, vault.messages
    for turn in range(turns):
        moved(positions, edges, turn % 3, turn % 2)
    tries = TRIES_SAVED + turns * TRIES_EACH + 100
    assert vault.messages - before < 2 * tries


def test_edges__of_a_margin__is_the_least_that_opens(positions: System) -> None:
    edges = Edges(vault_of(positions))
    for size in (700 * 10**18, 1_300 * 10**18):
        action = positions.actions.make(Kind.OPENS, "trader_3", buys=True, size=size, assets=10**9)
        near = edges.near(action, positions.state, positions.moment, EXACT)
        less = near.replaced(margin=near.assets_moved - 1)
        assert outcomes(positions, near) == [True]
        assert outcomes(positions, less) == [False]


def test_edges__of_a_size__is_about_the_largest_that_opens(positions: System) -> None:
    edges, largest = Edges(vault_of(positions)), len(NUDGES) * (FOR_LARGEST - 1)
    action = positions.actions.make(Kind.OPENS, "trader_3", buys=True, size=100 * 10**18, assets=10**9)
    near = edges.near(action, positions.state, positions.moment, largest)
    more = near.replaced(size=near.size_traded * (CLOSE + 1) // CLOSE, margin=2 * near.assets_moved)
    assert near.size_traded > 50 * action.size_traded
    assert outcomes(positions, near) == [True]
    assert outcomes(positions, more) == [False]


def test_edges__of_an_amount__may_be_all_that_is_observed(positions: System) -> None:
    """An account gives all that it has, to the last unit."""
    deposit = next(each for each in positions.actions if each.name == "Deposit")
    action = deposit("trader_3", 2 * 10**9)
    near = Edges(vault_of(positions)).near(action, positions.state, positions.moment, EXACT)
    assert near.assets_moved == positions.state.accounts["trader_3"].tokens


def test_foresee__a_step_that_is_sent_next__is_sent_once(positions: System) -> None:
    vault = vault_of(positions)
    step = Step(positions.actions.make(Kind.OPENS, "trader_3", buys=True, size=10**21, assets=10**9), 1)
    before, sent = vault.observe(), vault.messages
    assert isinstance(vault.foresee(step), Done)
    assert vault.messages == sent + 1
    assert vault.observe() == before
    outcome = vault.foresee(step)
    sent = vault.messages
    assert vault.apply(step) is outcome
    assert vault.messages == sent
    assert len(vault.observe().positions) == len(before.positions) + 1


@pytest.mark.parametrize("size", [10**21, 10**30])
def test_foresee__a_step_that_is_not_sent_next__is_undone(positions: System, size: int) -> None:
    """Also one that is refused."""
    vault = vault_of(positions)
    opening = positions.actions.make(Kind.OPENS, "trader_3", buys=True, size=size, assets=10**9)
    other = positions.actions.make(Kind.MOVES_PRICE, "owner", answer=2_000 * 10**18)
    mark = vault.snapshot()
    expected = vault.apply(Step(other, 1)), vault.observe(), vault.timestamp
    vault.restore(mark)
    vault.foresee(Step(opening, 5))
    assert (vault.apply(Step(other, 1)), vault.observe(), vault.timestamp) == expected


def test_edges__without_valuation__are_found(positions: System, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = vault_of(positions)
    monkeypatch.setattr(vault, "abilities", vault.abilities - {rf.Ability.VALUATION})
    with_it = moved(positions, Edges(vault), 0, 0)
    monkeypatch.undo()
    assert with_it == moved(positions, Edges(vault), 0, 0)
