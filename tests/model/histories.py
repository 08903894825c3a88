"""Histories of a market: drawn steps, each of which does one thing, whatever it is."""

from typing import Any, Final

from hypothesis import strategies as st

from tests.model.worlds import FOREVER, TOKEN, TRADERS, UNIT, World, any_price

PRICES = (1_500, 1_750, 1_790, 1_900, 2_000, 2_100, 2_220, 2_500, 3_500)
SIZES = (UNIT, -UNIT, 5 * UNIT, -5 * UNIT, 40 * UNIT, UNIT // 300)
Moved = set[int]


def act(market: World, kind: int, who: str, number: int, which: int) -> Moved:
    """Do one thing; return the ids of the positions it names."""
    vault, pool, token = market.vault, market.pool, market.token
    size = SIZES[which % len(SIZES)]
    if vault.positions and number < 6:  # the last number is left: mostly no position
        number = sorted(vault.positions)[number % len(vault.positions)]
        who = who if which == 9 else vault.position(number).owner
    held = vault.position(number).size
    match kind:
        case 0 | 1:
            margin = abs(size) * 250 * TOKEN // UNIT + 50 * TOKEN
            return {vault.open(who, size, margin, any_price(size), FOREVER)}
        case 2:
            vault.increase(who, number, abs(size), 300 * TOKEN, any_price(held), FOREVER)
        case 3:
            vault.decrease(who, number, abs(held) // (1 + which % 3), any_price(-held), FOREVER)
        case 4:
            vault.add_margin(who, number, which * TOKEN, vault.position(number).owner)
        case 5:
            vault.remove_margin(who, number, which * TOKEN)
        case 6 | 7:
            vault.liquidate(who, number)
        case 8:
            vault.deleverage(who, number)
        case 9:
            vault.claim(who, who)
            return set()
        case 10:
            vault.collect_owed(who, TRADERS[which % 3])
            return set()
        case 11:
            vault.fund_insurance(who, which * TOKEN)
            return set()
        case 12:
            pool.deposit(who, which * 1_000 * TOKEN, who)
            return set()
        case 13:
            pool.withdraw("provider_1", pool.max_withdraw("provider_1") // (1 + which % 4), who, "provider_1")
            return set()
        case 14:
            token.transfer("pool", who, token.balance_of("pool") * (which % 3) // 2)
            return set()
        case _:
            market.clock.advance(which * 600)
            market.set_price(PRICES[(number + which) % len(PRICES)])
            return set()
    return {number}


histories: Final[st.SearchStrategy[list[Any]]] = st.lists(
    st.tuples(st.integers(0, 18), st.sampled_from(TRADERS), st.integers(1, 6), st.integers(0, 9)), max_size=40
)
