"""A trader or a keeper against the winners: whose position is deleveraged, how much of it, and for what."""

from collections.abc import Iterator
from itertools import permutations
from typing import Final

import pytest
from ringfence.types.outcome import Done, Refused
from ringfence.types.roles import LIQUIDATORS, TRADERS
from ringfence.vaults.isolated_margin.actions import Close, Deleverage, Liquidate
from ringfence.vaults.isolated_margin.markets import SIZE

from tests.attacks.audited import STAYING, AuditedMarket
from tests.attacks.page import is_tabled
from tests.sequences import NO_DEADLINE, NO_LIMIT_BUYING, USD, at_price, long, short

KEEPER = LIQUIDATORS[0]
WINNERS: Final = ((1_000, 500_000), (600, 600_000), (300, 90_000))  # base, margin: one is leveraged most
FIRST_TO_LAST: Final = (1, 2, 3)
LOSS, FEES, SHARE = 480_000, 2_160, 79
MASKED_WORTH, MASKED_SHARE = 113_152, 69
PAID, UNPAID, STAYS = 1_001_520, 138_480, 230
GOES_ON = 107_337
ROUNDINGS: Final = SIZE // 10**8  # what a few assets of the pool's worth keep of a side


def won(price: int) -> AuditedMarket:
    """Return the market with three longs, at a price that pays them more than a side may win."""
    market = AuditedMarket()
    for trader, (size, margin) in zip(TRADERS, WINNERS, strict=True):
        market.done(long(trader, size * SIZE, margin * USD))
    market.done(at_price(price))
    return market


def sizes(market: AuditedMarket) -> dict[int, int]:
    """Return the size of every live position."""
    return {number: held.size for number, held in market.observe().positions.items()}


def deleveraged(market: AuditedMarket, order: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Deleverage positions in this order within one second; give what each realised, and was paid."""
    for number, position in enumerate(order):
        outcome = market.act(Deleverage(KEEPER, position), seconds=int(number == 0))
        if isinstance(outcome, Refused):
            assert outcome.error in ("PoolEmpty", "DeleverageNotNeeded"), outcome
            continue
        assert isinstance(outcome, Done)
        (_, realised, paid, *_), *_ = outcome.value  # type: ignore[misc, union-attr]  # by its ABI
        yield realised, paid


@pytest.mark.property("ADL-2")
def test_loser_closed__by_its_owner__makes_no_winner_due() -> None:
    """Edition 1 shut 2,400,000 of the winner for fees of 2,160: traders' net profit made it due."""
    market = AuditedMarket()
    before = market.tokens(TRADERS[1])
    market.done(
        long(TRADERS[0], 1_728 * SIZE, 700_000 * USD),
        short(TRADERS[1], 960 * SIZE, 800_000 * USD),
        at_price(2_500),
    )
    market.done(Close(TRADERS[1], 2, NO_LIMIT_BUYING, NO_DEADLINE))
    refused = market.act(Deleverage(KEEPER, 1))
    assert isinstance(refused, Refused)
    assert refused.error == "DeleverageNotNeeded"
    assert sizes(market) == {1: 1_728 * SIZE}
    assert before - market.tokens(TRADERS[1]) == (LOSS + FEES) * USD
    assert is_tabled("Close one's loser to have another's winner deleveraged", 0, FEES)


@pytest.mark.property("ADL-1")
def test_order_of_calls__in_a_round__changes_nobodys_share() -> None:
    """Neither the caller nor a margin chooses: the share is the side's, but for roundings."""
    least, most = dict.fromkeys(FIRST_TO_LAST, 2_000 * SIZE), dict.fromkeys(FIRST_TO_LAST, 0)
    for order in permutations(FIRST_TO_LAST):
        market = won(2_450)
        assert len(list(deleveraged(market, order))) == len(FIRST_TO_LAST)
        for number, size in sizes(market).items():
            least[number], most[number] = min(least[number], size), max(most[number], size)
    for number, (size, _) in zip(FIRST_TO_LAST, WINNERS, strict=True):
        assert most[number] - least[number] <= ROUNDINGS
        assert abs(most[1] * size // WINNERS[0][0] - most[number]) <= ROUNDINGS
        assert 100 * (size * SIZE - most[number]) // (size * SIZE) == SHARE
    assert is_tabled("Choose whom to deleverage", SHARE)


@pytest.mark.property("ADL-3")
@pytest.mark.parametrize("order", permutations(FIRST_TO_LAST))
def test_empty_pool__strips_no_size__without_paying_for_it(order: tuple[int, ...]) -> None:
    """The longs' profit is more than the pool: what it has is paid, and the rest keeps its size."""
    market = won(2_600)
    moved = list(deleveraged(market, order))
    assert moved
    assert all(realised - paid <= 1 for realised, paid in moved)
    assert sum(paid for _, paid in moved) == PAID * USD
    totals = market.observe().totals
    assert (totals["total_owed"], totals["pool_tokens"]) == (0, 0)
    left = sizes(market)
    assert set(left) == {order[-1]}
    assert left[order[-1]] // SIZE == STAYS
    assert totals["long_size"] * 2_600 // SIZE * USD + totals["long_quote"] == UNPAID * USD
    assert is_tabled("Deleverage on an empty pool", PAID, STAYS, UNPAID)


@pytest.mark.property("LPS-3")
@pytest.mark.parametrize("liquidated_first", [False, True])
def test_bad_debt__of_the_other_side__hides_no_winners_who_are_due(*, liquidated_first: bool) -> None:
    """Edition 1 set the losers' debts of 889,920 off against the winners' profit, and nobody was due."""
    market = AuditedMarket()
    losers = [long(trader, 640 * SIZE, 152_000 * USD) for trader in TRADERS]
    winners = [short(trader, 640 * SIZE, 152_000 * USD) for trader in TRADERS]
    market.done(*losers, *winners, at_price(1_300))
    if liquidated_first:
        market.done(*(Liquidate(KEEPER, number) for number in FIRST_TO_LAST))
    assert market.worth(STAYING) == MASKED_WORTH
    due = tuple(number + len(losers) for number in FIRST_TO_LAST)
    assert all(realised == paid for realised, paid in deleveraged(market, due))
    left = sizes(market)
    assert all(100 * (640 * SIZE - abs(left[number])) // (640 * SIZE) == MASKED_SHARE for number in due)
    assert is_tabled("Hide behind bad debt that winners are due", MASKED_WORTH, MASKED_SHARE)


@pytest.mark.property("ADL-3")
def test_price_that_goes_on__after_all_were_called__finds_them_again() -> None:
    """A round ends when the side has come down, so that the pool goes on from round to round."""
    market = won(2_300)
    for price in range(2_300, 2_701, 50):
        market.done(at_price(price))
        list(deleveraged(market, FIRST_TO_LAST))
    assert market.worth(STAYING) == GOES_ON
