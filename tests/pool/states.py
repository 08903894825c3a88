"""The states in which the pool is tried: traders who win or lose, no liquidity, debts, a dead feed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from ringfence.evm.chains.revm import RevmChain
from ringfence.types.actions import CallSequence
from ringfence.types.outcome import Done
from ringfence.types.roles import OWNER, POOL, TRADERS
from ringfence.vaults.isolated_margin.actions import CollectOwed, Donate
from ringfence.vaults.isolated_margin.markets import STANDARD, MarketSetup
from ringfence.vaults.isolated_margin.stage import Stage, with_token
from ringfence.vaults.isolated_margin.stories import INSOLVENT, STORIES, USD, WHALE_IN, at_price, story

UNFUNDED: Final = replace(STANDARD, name="unfunded", liquidity=0)
TIMELESS: Final = replace(  # nothing changes with time alone
    STANDARD,
    name="timeless",
    parameters=replace(STANDARD.parameters, borrow_rate_wad=0, max_funding_rate_wad=0),
)


def drain(stage: Stage) -> None:
    """Let the pool pay its last unit of debt with its last unit of assets."""
    state = stage.observe()
    missing = state.totals["total_owed"] - state.totals["pool_tokens"]
    assert isinstance(stage.act(Donate(OWNER, POOL, missing)), Done)
    assert isinstance(stage.act(CollectOwed(OWNER, TRADERS[2])), Done)
    assert stage.observe().totals["pool_tokens"] == 0


@dataclass(frozen=True, slots=True)
class State:
    """A setup, a program in it, and what no program can say beforehand."""

    setup: MarketSetup
    program: CallSequence
    finish: Callable[[Stage], None] | None = None


STATES: Final[dict[str, State]] = {
    **{name: State(STANDARD, program) for name, program in STORIES.items()},
    "winning traders": State(STANDARD, WHALE_IN + story(at_price(2_100))),
    "unfunded": State(UNFUNDED, ()),
    "unfunded, donated to": State(UNFUNDED, story(Donate(OWNER, POOL, 12_345 * USD))),
    "drained": State(STANDARD, INSOLVENT, drain),
}


def stage_of(state: State) -> Stage:
    """Return a market in that state."""
    stage = Stage(RevmChain(), state.setup, with_token("MockToken"))
    stage.run(state.program)
    if state.finish:
        state.finish(stage)
    return stage


@cache
def kept_stage(name: str) -> tuple[Stage, object]:
    """Return a market in the state of that name, and a mark to come back to."""
    stage = stage_of(STATES[name])
    return stage, stage.chain.snapshot()
