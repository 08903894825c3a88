"""DOM-1: no call ever ends in a Panic, and every well-formed call that is refused is refused by name."""

from typing import Final

import pytest
from isolated_margin.fixed import MAX_SIZE
from isolated_margin.price import MAX_PRICE
from ringfence.evm.artifacts import load
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.actions import Step
from ringfence.types.roles import OWNER, POOL, TRADERS, VAULT
from ringfence.vaults.isolated_margin.actions import Donate, SetPrice
from ringfence.vaults.isolated_margin.markets import COARSE, STANDARD, STEEP, VAST
from ringfence.vaults.isolated_margin.second_market import place_factory
from ringfence.vaults.isolated_margin.stage import Stage, with_token
from ringfence.vaults.isolated_margin.stories import STORIES, long, short, story

from tests.calldata.panic_hunt import Draw, hunt

pytestmark = pytest.mark.property("DOM-1")

SEED: Final = 20_260_101
CALLS: Final = 2_000  # from each state

AT_THE_LIMITS: Final = story(  # the largest sizes, bought for next to nothing, then the highest price
    SetPrice(OWNER, 1, 0),
    long(TRADERS[0], MAX_SIZE, 2**100),
    short(TRADERS[1], MAX_SIZE // 2, 2**100),
    SetPrice(OWNER, MAX_PRICE, 0),
    Donate(OWNER, POOL, 1),
)
END_OF_LIFE: Final = (*AT_THE_LIMITS, Step(SetPrice(OWNER, MAX_PRICE, 0), 2**32 - 10**8))
STATES: Final = [
    *[(STANDARD, name, program) for name, program in STORIES.items()],
    *[(setup, "quiet", ()) for setup in (VAST, COARSE, STEEP)],
    (VAST, "at the limits", AT_THE_LIMITS),
    (VAST, "at the limits, old", END_OF_LIFE),
]


@pytest.mark.parametrize(
    "place", range(len(STATES)), ids=lambda place: f"{STATES[place][0].name}, {STATES[place][1]}"
)
def test_calls__of_any_kind__end_in_no_panic(place: int) -> None:
    """Extreme, random and malformed calls of every function of vault, pool, lens and factory don't panic."""
    setup, name, program = STATES[place]
    stage = Stage(RevmChain(), setup, with_token("MockToken"))
    stage.run(program)
    abis = {VAULT: load("IsolatedMarginVault").abi, POOL: load("LiquidityPool").abi}
    abis |= {stage.place("VaultLens"): load("VaultLens").abi, place_factory(stage): load("VaultFactory").abi}
    codes = (load("IsolatedMarginVault").bytecode, load("LiquidityPool").bytecode)

    found = hunt(stage, Draw(stage, abis, codes, SEED + place), CALLS)

    print(f"\n{setup.name}, {name}: {found.calls} calls, seed {SEED + place}, {found.succeeded} done")
    print(found.refused.most_common())
    assert not found.panics
    assert not found.nameless


def test_hunt__where_a_panic_is_planted__finds_it() -> None:
    """The hunt can fail: one argument in 2**256 panics in a planted contract, and is found."""
    stage = Stage(RevmChain(), STANDARD, with_token("MockToken"))
    planted = stage.place("Panics")
    found = hunt(stage, Draw(stage, {planted: load("Panics").abi}, (b"",), SEED), CALLS)
    assert found.panics
    assert all("overflowsAtTheEdge" in told for told in found.panics)
