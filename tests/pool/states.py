"""The states in which the pool is tried: traders who win or lose, no liquidity, debts, a dead feed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from ringfence.types.actions import CallSequence
from ringfence.types.outcome import Done
from ringfence.types.roles import OWNER, POOL, TRADERS
from ringfence.vaults.isolated_margin.actions import CollectOwed, Donate
from ringfence.vaults.isolated_margin.markets import STANDARD, MarketSetup

from tests.open_market import OpenMarket
from tests.sequences import INSOLVENT, SEQUENCES, USD, WHALE_IN, at_price, sequence

FREE: Final = replace(  # entering and leaving cost nothing
    STANDARD, name="free", parameters=replace(STANDARD.parameters, liquidity_fee_ppm=0)
)
UNFUNDED: Final = replace(FREE, name="unfunded", liquidity=0)
TIMELESS: Final = replace(  # nothing changes with time alone
    FREE, name="timeless", parameters=replace(FREE.parameters, borrow_rate_wad=0, max_funding_rate_wad=0)
)


def drain(market: OpenMarket) -> None:
    """Let the pool pay its last unit of debt with its last unit of assets."""
    state = market.observe()
    missing = state.totals["total_owed"] - state.totals["pool_tokens"]
    assert isinstance(market.act(Donate(OWNER, POOL, missing)), Done)
    assert isinstance(market.act(CollectOwed(OWNER, TRADERS[2])), Done)
    assert market.observe().totals["pool_tokens"] == 0


@dataclass(frozen=True, slots=True)
class State:
    """A setup, a program in it, and what no program can say beforehand."""

    setup: MarketSetup
    sequence: CallSequence
    finish: Callable[[OpenMarket], None] | None = None


STATES: Final[dict[str, State]] = {
    **{name: State(FREE, sequence) for name, sequence in SEQUENCES.items()},
    "winning traders": State(FREE, WHALE_IN + sequence(at_price(2_100))),
    "unfunded": State(UNFUNDED, ()),
    "unfunded, donated to": State(UNFUNDED, sequence(Donate(OWNER, POOL, 12_345 * USD))),
    "drained": State(FREE, INSOLVENT, drain),
}


def market_of(state: State) -> OpenMarket:
    """Return a market in that state."""
    market = OpenMarket(state.setup)
    market.run(state.sequence)
    if state.finish:
        state.finish(market)
    return market


@cache
def stored_market(name: str) -> tuple[OpenMarket, object]:
    """Return a market in the state of that name, and a mark to come back to."""
    market = market_of(STATES[name])
    return market, market.chain.snapshot()
