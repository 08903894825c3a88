"""Rare events are read off outcomes."""

from ringfence.types.outcome import Done, Event, Refused
from ringfence.vaults.isolated_margin.rare_events import RareEvent, is_by_operator, rare_events

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


def test_liquidation__in_part_across_a_floor() -> None:
    """A partial liquidation may end in a lower tier."""
    found = rare_events(liquidated(-9, 1, 0, 0, 0, 0, 0, 0, 0), tier_of)
    assert found == [RareEvent.PARTIAL_LIQUIDATION, RareEvent.TIER_CROSSING]


def test_liquidation__in_part_within_a_tier() -> None:
    """Most do not."""
    assert rare_events(liquidated(10, 1, 0, 0, 0, 0, 0, 0, 0), tier_of) == [RareEvent.PARTIAL_LIQUIDATION]


def test_liquidation__whole_with_a_deficit() -> None:
    """Insurance covers what it can, the pool bears the rest."""
    found = rare_events(liquidated(0, 10, 0, 0, 0, 3, 2, 1, 0), tier_of)
    assert found == [
        RareEvent.FULL_LIQUIDATION,
        RareEvent.REWARD_TOPPED_UP,
        RareEvent.DEFICIT_COVERED,
        RareEvent.DEFICIT_NOT_COVERED,
        RareEvent.ONE_NOT_COVERED,
    ]


def test_liquidation__whole_with_margin_left() -> None:
    """What is left is the owner's to claim."""
    found = rare_events(liquidated(0, 10, 0, 0, 0, 0, 0, 0, 4), tier_of)
    assert found == [RareEvent.FULL_LIQUIDATION, RareEvent.CLAIMABLE_LEFT]


def test_decrease__unpaid_profit() -> None:
    """Profit that the pool could not pay stays in the position, or is owed when there is none any more."""
    assert rare_events(decreased(5, 10, 4, 0), tier_of) == [RareEvent.DELAYED_PROFIT]
    assert rare_events(decreased(0, 10, 4, 6), tier_of) == [RareEvent.OWED_PROFIT]
    assert rare_events(decreased(0, 10, 10, 0), tier_of) == []


def test_decrease__not_by_its_owner() -> None:
    """Whoever else reduces a position is an operator."""
    assert is_by_operator(STRANGER, decreased(0, 10, 10, 0))
    assert not is_by_operator(TRADER, decreased(0, 10, 10, 0))
    assert not is_by_operator(STRANGER, liquidated(0, 10, 0, 0, 0, 0, 0, 0, 0))


def test_refusal__by_one_unit() -> None:
    """Refusals with the numbers at a limit show that the limit was met exactly."""
    assert rare_events(Refused("NotLiquidatable", (7, 7)), tier_of) == [RareEvent.EXACT_MAINTENANCE]
    assert rare_events(Refused("NotLiquidatable", (8, 7)), tier_of) == []
    assert rare_events(Refused("BelowInitialMargin", (6, 7)), tier_of) == [RareEvent.ONE_BELOW_INITIAL]
