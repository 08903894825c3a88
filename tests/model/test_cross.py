"""Cross margin: the same book, its accounts shared by owner; what isolation contains, as a number."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

import pytest
from isolated_margin import views
from isolated_margin.cross import compare
from isolated_margin.errors import OutOfDomain
from isolated_margin.margin import Position
from isolated_margin.scenario import ModelVenue, flash_crash, run_scenario, seeded_book, usual_parameters

from tests.model.worlds import FREE_OF_CARRY, TOKEN, UNIT, WAD

ENTRY = 2_000
TERMS = replace(FREE_OF_CARRY, liquidation_fee_ppm=0)


def position(owner: str, size: int, margin: int) -> Position:
    """Return a position opened at 2,000: a signed size in whole units, margin in whole tokens."""
    return Position(owner, size * UNIT, margin * TOKEN, 0, -size * ENTRY * TOKEN)


def prices(*whole: int) -> list[int]:
    """Return prices in WAD."""
    return [price * WAD for price in whole]


def test_compare__a_loss_beyond_its_margin__takes_the_winner_along_under_cross_margin() -> None:
    """By pencil, 2,000 to 1,700: the long loses 3,000 of its 1,000; the small short wins 300.

    Isolated, the long's owner loses 1,000 less the 300, and 2,000 are bad debt. Under cross margin the
    account has 1,100 + 300 - 3,000 < 0: the long goes, then the short, whose margin and profit pay 400 of the
    debt.
    """
    book = {1: position("trader_1", 10, 1_000), 2: position("trader_1", -1, 100)}
    outcome = compare(book, prices(2_000, 1_700), TERMS, 6)
    assert outcome.isolated.losses == {"trader_1": 700 * TOKEN}
    assert outcome.isolated.bad_debt == 2_000 * TOKEN
    assert outcome.cross.losses == {"trader_1": 1_100 * TOKEN}
    assert outcome.cross.bad_debt == 1_600 * TOKEN
    assert (outcome.isolated.closed, outcome.cross.closed) == ({1}, {1, 2})
    assert (outcome.dragged, outcome.spared) == ({2}, frozenset())


def test_compare__a_profit_elsewhere__spares_the_loser_under_cross_margin() -> None:
    """The long's 3,000 of loss are backed by the short's margin and profit: nothing is closed."""
    book = {1: position("trader_1", 10, 1_000), 2: position("trader_1", -10, 5_000)}
    outcome = compare(book, prices(1_700), TERMS, 6)
    assert outcome.isolated.losses == {"trader_1": (1_000 - 3_000) * TOKEN}
    assert outcome.cross.losses == {"trader_1": 0}
    assert (outcome.dragged, outcome.spared) == (frozenset(), {1})


def test_compare__owners_apart__are_the_same_under_both_regimes() -> None:
    sizes = {1: 10, 2: -10, 3: 7}
    book = {number: position(f"trader_{number}", size, 2_000) for number, size in sizes.items()}
    outcome = compare(book, prices(2_000, 1_800, 1_500, 2_400), TERMS, 6)
    assert outcome.isolated == outcome.cross


def test_compare__a_part_that_is_enough__reduces_the_greatest_loser_alone() -> None:
    """At 1,905 an account of 2,000 less 1,425 misses 1,428.75 of maintenance: the larger long shrinks."""
    book = {1: position("trader_1", 5, 1_000), 2: position("trader_1", 10, 1_000)}
    outcome = compare(book, prices(1_905), TERMS, 6)
    assert outcome.cross.reduced == {2}
    assert outcome.cross.closed == frozenset()


def test_compare__reduced_and_then_closed__counts_as_closed_alone() -> None:
    book = {1: position("trader_1", 10, 1_500)}
    outcome = compare(book, prices(1_940, 1_000), TERMS, 6)
    assert compare(book, prices(1_940), TERMS, 6).isolated.reduced == {1}
    assert (outcome.isolated.closed, outcome.isolated.reduced) == ({1}, frozenset())


def test_compare__a_rest_too_small_to_stay__is_closed_whole() -> None:
    """A reduction that would leave less than the smallest notional closes everything, as the vault does."""
    terms = replace(TERMS, min_notional=17_000 * TOKEN)
    book = {1: position("trader_1", 10, 1_500)}
    outcome = compare(book, prices(1_940), terms, 6)
    assert outcome.isolated.closed == {1}


def test_compare__the_fee__is_taken_from_collateral_as_far_as_it_goes() -> None:
    """1 % of 17,000 is 170: from a collateral of 100 only 100, from a debt nothing."""
    terms = replace(TERMS, liquidation_fee_ppm=10_000)
    book = {1: position("trader_1", 10, 3_100), 2: position("trader_2", 10, 2_000)}
    outcome = compare(book, prices(1_700), terms, 6)
    assert outcome.isolated.losses == {"trader_1": 3_100 * TOKEN, "trader_2": 2_000 * TOKEN}
    assert outcome.isolated.bad_debt == 1_000 * TOKEN


@pytest.mark.parametrize("seed", range(6))
def test_compare__isolated__is_what_the_vault_does(seed: int) -> None:
    """Without carry, from a pool that need not deleverage: the vault's own closes, debts and losses."""
    bars = flash_crash(seed, 60)
    usual = usual_parameters(bars[0].open_wad)
    parameters = replace(
        usual, max_funding_rate_wad=0, borrow_rate_wad=0, adl_trigger_ppm=1, adl_target_ppm=2
    )
    book = seeded_book(seed, 60, ("trader_1", "trader_2", "trader_3"), bars[0].open_wad, parameters)
    start = replace(book, pool_assets=100 * book.pool_assets)
    venue = ModelVenue(parameters, start)
    result = run_scenario(venue, start, bars)

    regime = compare(result.positions, result.prices, parameters, 6).isolated

    vault = venue.market.vault
    assert regime.closed == result.positions.keys() - vault.positions.keys()
    assert regime.bad_debt == result.totals.deficit > 0
    for owner in regime.losses:
        put_in = sum(held.margin for held in result.positions.values() if held.owner == owner)
        worth = vault.claimable(owner) + sum(equities(venue, owner))
        assert regime.losses[owner] == put_in - worth


def equities(venue: ModelVenue, owner: str) -> Iterable[int]:
    """Yield what the owner's live positions are worth."""
    vault = venue.market.vault
    for number, held in vault.positions.items():
        if held.owner == owner:
            yield views.equity(vault, number)


@pytest.mark.parametrize("seed", range(20))
def test_compare__any_book__keeps_every_owner_within_what_was_put_in(seed: int) -> None:
    """No regime takes more than an owner's collateral; what is lost beyond is bad debt."""
    random = Random(seed)
    book = {
        number: position(
            random.choice(["trader_1", "trader_2"]),
            random.choice([-1, 1]) * random.randint(1, 20),
            random.randint(100, 9_000),
        )
        for number in range(1, 13)
    }
    path = [random.randint(800, 4_000) * WAD for _ in range(20)]

    outcome = compare(book, path, FREE_OF_CARRY, 6)

    for regime in (outcome.isolated, outcome.cross):
        for owner, loss in regime.losses.items():
            assert loss <= sum(held.margin for held in book.values() if held.owner == owner)
        assert regime.bad_debt >= 0
        assert not regime.closed & regime.reduced


@pytest.mark.parametrize(
    ("path", "decimals", "error"),
    [([0], 6, OutOfDomain), ([10**32 + 1], 6, OutOfDomain), ([WAD], 19, OutOfDomain), ([], 6, ValueError)],
)
def test_compare__bad_arguments__are_rejected(path: list[int], decimals: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        compare({1: position("trader_1", 1, 1_000)}, path, TERMS, decimals)
