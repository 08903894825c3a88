"""Rare events are read off outcomes."""

import pytest
from ringfence.types.outcome import Done, Event, Outcome, Refused
from ringfence.vaults.isolated_margin.rare_events import RareEvent as Rare
from ringfence.vaults.isolated_margin.rare_events import is_by_operator, rare_events

TRADER, STRANGER = "trader_1", "stranger"
GONE = ("", 0, 0, 0, 0)


def tier_of(size: int, price_wad: int) -> int:
    """Return 1 from a size of 10 on, at any price."""
    return int(abs(size) >= 10)


def liquidated(left: int, closed: int, *amounts: int) -> Done:
    """Return a liquidation that leaves a size; the amounts are those after the fill."""
    position = ("trader_1", left, 0, 0, 0) if left else GONE
    event = Event(
        "vault", "Liquidated", (1, "trader_1", "stranger", position, 1, ((closed, 0, 0, 0, 0), *amounts))
    )
    return Done(None, (event,))


def decreased(left: int, realised: int, paid: int, owed: int) -> Done:
    """Return a decrease that leaves a size."""
    position = ("trader_1", left, 0, 0, 0) if left else GONE
    fill = (5, realised, paid, owed, 0)
    return Done(None, (Event("vault", "Decreased", (1, "trader_1", position, 1, (fill, 0, 0, 0))),))


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [
        (liquidated(-9, 1, 0, 0, 0, 0, 0, 0, 0), [Rare.PARTIAL_LIQUIDATION, Rare.TIER_CROSSING]),
        (liquidated(10, 1, 0, 0, 0, 0, 0, 0, 0), [Rare.PARTIAL_LIQUIDATION]),
        (
            liquidated(0, 10, 0, 0, 0, 3, 2, 1, 0),
            [
                Rare.FULL_LIQUIDATION,
                Rare.REWARD_TOPPED_UP,
                Rare.DEFICIT_COVERED,
                Rare.DEFICIT_NOT_COVERED,
                Rare.ONE_NOT_COVERED,
            ],
        ),
        (liquidated(0, 10, 0, 0, 0, 0, 0, 0, 4), [Rare.FULL_LIQUIDATION, Rare.CLAIMABLE_LEFT]),
        (decreased(5, 10, 4, 0), [Rare.DELAYED_PROFIT]),
        (decreased(0, 10, 4, 6), [Rare.OWED_PROFIT]),
        (decreased(0, 10, 10, 0), []),
        (Refused("NotLiquidatable", (7, 7)), [Rare.EXACT_MAINTENANCE]),
        (Refused("NotLiquidatable", (8, 7)), []),
        (Refused("BelowInitialMargin", (6, 7)), [Rare.ONE_BELOW_INITIAL]),
    ],
)
def test_rare_events__of_an_outcome(outcome: Outcome, shown: list[Rare]) -> None:
    assert rare_events(outcome, tier_of) == shown


def test_decrease__not_by_its_owner__is_by_an_operator() -> None:
    assert is_by_operator(STRANGER, decreased(0, 10, 10, 0))
    assert not is_by_operator(TRADER, decreased(0, 10, 10, 0))
    assert not is_by_operator(STRANGER, liquidated(0, 10, 0, 0, 0, 0, 0, 0, 0))
