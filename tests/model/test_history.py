"""Whatever happens, in whatever order: sums, custody, isolation, and refusals that change nothing."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from isolated_margin.book import EMPTY_BOOK, NO_ROUND
from isolated_margin.errors import Refusal
from isolated_margin.margin import EMPTY

from tests.model.histories import act, histories
from tests.model.worlds import FUNDED, TOKEN, World


def check_sums(market: World) -> None:
    """CUS-1, CUS-2, CUS-3: custody, conservation, sums."""
    vault, token = market.vault, market.token
    sums = EMPTY_BOOK
    for position in vault.positions.values():
        sums = sums.replaced(EMPTY, position)
    kept = vault.book.as_of(vault.clock.timestamp + 1)
    assert [replace(side, round=NO_ROUND) for side in (kept.long, kept.short)] == [sums.long, sums.short]
    margins = sum(position.margin for position in vault.positions.values())
    claimable = sum(vault.claimable(account) for account in FUNDED)
    assert token.balance_of("vault") == margins + vault.insurance + claimable
    assert vault.total_owed == sum(vault.owed(account) for account in FUNDED)
    assert token.total_supply == sum(token.balance_of(a) for a in (*FUNDED, "vault", "pool"))


@settings(max_examples=150, deadline=None)
@given(histories)
def test_history__of_anything__keeps_sums_custody_and_the_others_positions(steps: list[Any]) -> None:
    """ISO-1, CUS-1, CUS-2, CUS-3; and a refused step changes nothing."""
    market = World(pool_assets=50_000 * TOKEN)
    for kind, who, number, which in steps:
        before, logged = market.copy(), len(market.log)
        try:
            moved = act(market, kind, who, number, which)
        except Refusal:
            assert market == before
            assert len(market.log) == logged
            continue
        check_sums(market)
        old, new = before.vault.positions, market.vault.positions
        assert {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)} <= moved
