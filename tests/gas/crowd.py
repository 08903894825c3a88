"""A market with open interest in as few or as many positions as asked for.

A division costs a little more when it rounds. So the market's rates are odd, and all divisions round; and its
totals are the same whatever the number of positions, and round alike.
"""

from dataclasses import replace
from typing import Final

from isolated_margin.parameters import Tier
from ringfence.evm.artifacts import load
from ringfence.evm.chains.base import Chain
from ringfence.types.actions import Step
from ringfence.types.roles import OWNER, TOKEN, VAULT
from ringfence.vaults.isolated_margin.actions import SetPrice
from ringfence.vaults.isolated_margin.markets import INFINITE, STANDARD

from tests.open_market import OpenMarket
from tests.sequences import NO_DEADLINE, NO_LIMIT_BUYING, USD

BATCH: Final = 25  # a transaction; with more of them, anvil's record of every step grows slow
ODD: Final = replace(
    STANDARD,
    name="odd",
    parameters=replace(
        STANDARD.parameters,
        tiers=(
            Tier(0, 50_021, 25_013),
            Tier(100_000 * USD, 100_003, 50_021),
            Tier(1_000_000 * USD, 200_003, 100_003),
        ),
        liquidation_fee_ppm=9_973,
        buffer_ppm=199_999,
        adl_target_ppm=149_993,
    ),
)
OPEN_INTEREST: Final = 123_455 * 10**15  # a thousandth of it pays a fee that divides without a rest
MARGIN: Final = 100_000 * USD


def crowded_market(chain: Chain, crowd: int) -> OpenMarket:
    """Return the odd market in which ``crowd`` equal longs share the same open interest and margin.

    The last block is a short one, since a chain that goes back to it may have to make it anew.
    """
    market = OpenMarket(ODD, chain=chain)
    holder = market.place(load("SeveralCalls"))
    market.do(OWNER, TOKEN, "mint", holder, ODD.tokens)
    execute(market, holder, TOKEN, [market.calldata(TOKEN, "approve", VAULT, INFINITE)])

    terms = (OPEN_INTEREST // crowd, MARGIN // crowd, NO_LIMIT_BUYING, NO_DEADLINE)
    for opened in range(0, crowd, BATCH):
        order = market.calldata(VAULT, "open", *terms)
        execute(market, holder, VAULT, [order] * min(BATCH, crowd - opened))
    market.run((Step(SetPrice(OWNER, ODD.answer, 0), 1),))  # carry begins with the second accrual
    execute(market, holder, VAULT, [market.calldata(VAULT, "removeMargin", 1, 1)])
    market.run((Step(SetPrice(OWNER, ODD.answer, 0), 1),))
    return market


def execute(market: OpenMarket, holder: str, contract: str, orders: list[bytes]) -> None:
    """Let ``holder`` make calls; raises AssertionError when one fails."""
    targets = (contract,) * len(orders)
    succeeded, outputs = market.do(OWNER, holder, "execute", targets, tuple(orders))
    assert all(succeeded), outputs
