"""The index of who is liquidatable gives the answer of checking all positions, whatever happened before."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from isolated_margin import liquidation_index as module
from isolated_margin.analysis import liquidatable
from isolated_margin.book import NO_ROUND
from isolated_margin.errors import NoPosition, OutOfDomain, Refusal
from isolated_margin.events import Deleveraged, DeleverageResult, Fill
from isolated_margin.fixed import MAX_PRICE
from isolated_margin.liquidation_index import LiquidationIndex
from isolated_margin.margin import EMPTY, Position, equity, notional
from isolated_margin.parameters import RiskParameters, Tier
from isolated_margin.views import liquidation_price

from tests.model.histories import PRICES, act, histories
from tests.model.small_terms import small_terms
from tests.model.worlds import PARAMETERS, TOKEN, UNIT, WAD, World, any_price, thorough

SCALE = 10**30
FOREVER = 2**40

sizes = st.integers(-30, 30).filter(bool)
entries = st.integers(-40, 40)
positions = st.builds(Position, st.just("trader_1"), sizes, st.integers(0, 40), entries, st.integers(-90, 90))
indices = st.integers(-60, 60)


def checking_all(
    held: Mapping[int, Position], price_wad: int, carries: tuple[int, int], scale: int, terms: RiskParameters
) -> list[int]:
    """Return who is liquidatable by the rule itself, worst first."""
    found = []
    for number, position in held.items():
        carry = carries[0] if position.size > 0 else carries[1]
        its_equity = equity(position, price_wad, carry, scale)
        required = terms.maintenance_margin(notional(position.size, price_wad, scale))
        if its_equity < required:
            found.append((its_equity * WAD // required, number))
    return [number for _, number in sorted(found)]


@thorough
@given(
    small_terms(),
    st.integers(1, 12),
    st.lists(positions, max_size=12),
    st.lists(st.tuples(st.integers(1, 150), indices, indices), min_size=1, max_size=6),
)
def test_index__of_a_small_world__agrees_with_checking_all(
    terms: RiskParameters, scale: int, book: list[Position], moments: list[tuple[int, int, int]]
) -> None:
    """Where every rounding shows: any tiers, either sign of carry, any path of prices."""
    held = dict(enumerate(book, start=1))
    index = LiquidationIndex(terms, scale, held)
    for price_wad, *carries in moments:
        expected = checking_all(held, price_wad, (carries[0], carries[1]), scale, terms)
        assert list(index.liquidatable(price_wad, *carries)) == expected


@thorough
@given(
    st.lists(
        st.tuples(
            st.integers(-(10**33), 10**33).filter(bool),
            st.integers(0, 2**127 - 1),
            st.integers(-(2**127) + 1, 2**127 - 1),
            st.integers(-(10**48), 10**48),
        ),
        max_size=8,
    ),
    st.sampled_from([10**18, 10**30, 10**36]),
    st.integers(1, MAX_PRICE),
    st.tuples(st.integers(-(2**127), 2**127), st.integers(-(2**127), 2**127)),
)
def test_index__anywhere_in_the_domain__agrees_with_checking_all(
    drawn: list[tuple[int, int, int, int]], scale: int, price_wad: int, carries: tuple[int, int]
) -> None:
    held = {number: Position("trader_1", *fields) for number, fields in enumerate(drawn)}
    index = LiquidationIndex(PARAMETERS, scale, held)
    expected = checking_all(held, price_wad, carries, scale, PARAMETERS)
    assert list(index.liquidatable(price_wad, *carries)) == expected


@thorough
@given(histories)
def test_index__that_follows_the_events_of_a_market__agrees_with_checking_all(history: list[Any]) -> None:
    """After every step, and again after a day of carry; nothing but events tells it of changes."""
    market = World(
        replace(PARAMETERS, max_funding_rate_wad=10**12, adl_trigger_ppm=500, adl_target_ppm=1_000)
    )
    for owner, size, margin in (("trader_1", 5, 1_200), ("trader_2", -5, 1_500), ("trader_3", 1, 250)):
        market.open_position(size * UNIT, margin * TOKEN, owner)
    index = LiquidationIndex(market.parameters, market.vault.scale, market.vault.positions)
    market.drain_log()
    for kind, who, number, which in history:
        market.move_price(PRICES[(kind + which) % len(PRICES)], seconds=which * 100)
        try:
            act(market, kind, who, number, which)
        except Refusal:
            event("refused")
        for _, announced in market.drain_log():
            index.apply(announced)
        assert_agrees(index, market)
    market.move_price(1_800, seconds=86_400)
    assert_agrees(index, market)


def assert_agrees(index: LiquidationIndex, market: World) -> None:
    """Check the answer at the market's own price and carry, and where each position becomes liquidatable."""
    vault = market.vault
    own_price = vault.price_wad()
    carry = vault.accrued(own_price)
    carries = (carry.carry_long, carry.carry_short)
    event(f"{min(len(index.liquidatable(own_price, *carries)), 3)} found")
    assert tuple(sorted(index.liquidatable(own_price, *carries))) == liquidatable(market)
    for level in filter(None, (liquidation_price(vault, number) for number in vault.positions)):
        for price_wad in (level - 1, level, level + 1):
            expected = checking_all(vault.positions, price_wad, carries, vault.scale, vault.parameters)
            assert list(index.liquidatable(price_wad, *carries)) == expected
    assert len(index) == len(vault.positions)


def crowd(size: int, count: int = 300) -> dict[int, Position]:
    """Return positions that become liquidatable one by one as the price moves against them."""
    quote = -2_000 * TOKEN if size > 0 else 2_000 * TOKEN
    return {number: Position("trader_1", size, number * TOKEN, 0, quote) for number in range(1, count + 1)}


@pytest.mark.parametrize(("size", "price"), [(UNIT, 1_500), (-UNIT, 2_500)])
def test_index__whose_worst_positions_come_and_go__forgets_them(size: int, price: int) -> None:
    """Neither positions that were liquidated nor those that changed a thousand times are kept or told of."""
    held = crowd(size)
    index = LiquidationIndex(PARAMETERS, SCALE, held)
    for round_ in range(1, 6):
        for number in held:
            index.put(number, replace(held[number], margin=(number + 100 * round_) * TOKEN))
        for number in held:
            index.put(number, held[number])
    for number in range(1, 281):
        index.drop(number)

    assert index.liquidatable(price * WAD, 0, 0) == tuple(range(281, 301))
    assert len(index) == 20
    heaps = index._long_heaps if size > 0 else index._short_heaps
    assert all(len(heap) < 200 for heap in heaps)


def test_index__asked_twice__answers_the_same() -> None:
    """Asking changes nothing, also when it tidies up."""
    index = LiquidationIndex(PARAMETERS, SCALE, crowd(UNIT))
    for number in range(1, 130):
        index.drop(number)
    first = index.liquidatable(1_950 * WAD, 0, 0)
    assert first == index.liquidatable(1_950 * WAD, 0, 0) == tuple(range(130, 148))
    assert index.liquidatable(2_000 * WAD, 0, 0) == ()


def test_index__with_less_room_for_roundings__misses_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The room is as small as it may be: here equity is 44 and its requirement 45 by roundings alone."""
    terms = replace(PARAMETERS, tiers=(Tier(0, 10**6, 978_463),))
    held = {1: Position("trader_1", -85, 2, -39, 220)}
    assert checking_all(held, 29, (0, 48), 56, terms) == [1]
    assert LiquidationIndex(terms, 56, held).liquidatable(29, 0, 48) == (1,)
    monkeypatch.setattr(module, "ROUNDING_SLACK", module.ROUNDING_SLACK - 1)
    assert LiquidationIndex(terms, 56, held).liquidatable(29, 0, 48) == ()


@pytest.mark.parametrize("size", [UNIT, -UNIT, 100 * UNIT, -100 * UNIT, 400 * UNIT, -400 * UNIT])
def test_index__of_a_book__looks_only_at_those_it_names(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    backing = notional(size, 2_000 * WAD, SCALE)
    held = {
        number: Position(
            "trader_1", size, backing * number // 500 + TOKEN, 0, -backing if size > 0 else backing
        )
        for number in range(1, 501)
    }
    looked_at = []

    def noted_equity(position: Position, *arguments: int) -> int:
        looked_at.append(position)
        return equity(position, *arguments)

    monkeypatch.setattr(module, "equity", noted_equity)
    found = LiquidationIndex(PARAMETERS, SCALE, held).liquidatable(2_000 * WAD, 0, 0)
    assert len(looked_at) == len(found) > 20


def test_index__of_a_position_within_the_roundings__leaves_the_word_to_the_rule() -> None:
    """What the index finds is not yet liquidatable: with an asset less of margin it is."""
    safe = crowd(UNIT, 100)[100]
    held = {1: safe, 2: replace(safe, margin=safe.margin - 1)}
    assert LiquidationIndex(PARAMETERS, SCALE, held).liquidatable(2_000 * WAD, 0, 0) == (2,)


def test_index__of_equals__names_the_older_first() -> None:
    """Worst first: by the share of the maintenance margin that is left, then by id."""
    held = crowd(UNIT, 3)
    index = LiquidationIndex(PARAMETERS, SCALE, {7: held[2], 3: held[1], 9: held[1], 5: held[3]})
    assert index.liquidatable(1_900 * WAD, 0, 0) == (3, 9, 7, 5)


def test_index__of_ids__tells_whom_it_holds() -> None:
    index = LiquidationIndex(PARAMETERS, SCALE)
    index.put(4, crowd(UNIT, 1)[1])
    assert 4 in index
    index.drop(4)
    assert 4 not in index


def test_index__of_an_empty_position__refuses_it() -> None:
    with pytest.raises(OutOfDomain, match="0"):
        LiquidationIndex(PARAMETERS, SCALE, {1: EMPTY})


def test_drop__of_an_unknown_id__is_refused() -> None:
    with pytest.raises(NoPosition, match="7"):
        LiquidationIndex(PARAMETERS, SCALE).drop(7)


@pytest.mark.parametrize("price_wad", [0, MAX_PRICE + 1])
def test_index__at_a_price_outside_of_the_domain__refuses(price_wad: int) -> None:
    with pytest.raises(OutOfDomain, match=str(price_wad)):
        LiquidationIndex(PARAMETERS, SCALE).liquidatable(price_wad, 0, 0)


def test_index__of_another_event__stays_as_it_is(market: World) -> None:
    index = LiquidationIndex(market.parameters, market.vault.scale)
    number = market.vault.open("trader_1", UNIT, 1_000 * TOKEN, any_price(UNIT), FOREVER)
    market.drain_log()
    market.set_price(2_000)
    market.vault.close("trader_1", number, 0, FOREVER)
    for _, announced in market.drain_log():
        index.apply(announced)
    assert len(index) == 0


def test_index__of_a_deleveraged_position__holds_what_is_left() -> None:
    """A part that realises its profit into margin is reached later; a whole one is gone."""
    index = LiquidationIndex(PARAMETERS, SCALE, {1: crowd(UNIT, 1)[1]})
    left, moved = crowd(UNIT, 300)[300], DeleverageResult(Fill(0, 0, 0, 0, 0), NO_ROUND, 0, 0)
    assert index.liquidatable(1_900 * WAD, 0, 0) == (1,)
    index.apply(Deleveraged(1, "trader_1", "stranger", left, 1_900 * WAD, moved))
    assert index.liquidatable(1_900 * WAD, 0, 0) == ()
    index.apply(Deleveraged(1, "trader_1", "stranger", EMPTY, 1_900 * WAD, moved))
    assert len(index) == 0
