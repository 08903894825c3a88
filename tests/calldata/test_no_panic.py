"""DOM-1: no call ever ends in a Panic, and every well-formed call that is refused is refused by name."""

from typing import Final

import pytest
from isolated_margin.fixed import MAX_SIZE
from isolated_margin.price import MAX_PRICE
from ringfence.evm.artifacts import load
from ringfence.types.actions import Step
from ringfence.types.roles import OWNER, POOL, TRADERS, VAULT
from ringfence.vaults.isolated_margin.actions import Donate, SetPrice
from ringfence.vaults.isolated_margin.markets import COARSE, STANDARD, STEEP, VAST

from tests.calldata.panic_search import Draw, search
from tests.open_market import OpenMarket, place_factory
from tests.sequences import SEQUENCES, long, sequence, short

pytestmark = pytest.mark.property("DOM-1")

SEED: Final = 20_260_101
CALLS: Final = 2_000  # from each state

AT_THE_LIMITS: Final = sequence(  # the largest sizes, bought for next to nothing, then the highest price
    SetPrice(OWNER, 1, 0),
    long(TRADERS[0], MAX_SIZE, 2**100),
    short(TRADERS[1], MAX_SIZE // 2, 2**100),
    SetPrice(OWNER, MAX_PRICE, 0),
    Donate(OWNER, POOL, 1),
)
END_OF_LIFE: Final = (*AT_THE_LIMITS, Step(SetPrice(OWNER, MAX_PRICE, 0), 2**32 - 10**8))
STATES: Final = [
    *[(STANDARD, name, program) for name, program in SEQUENCES.items()],
    *[(setup, "quiet", ()) for setup in (VAST, COARSE, STEEP)],
    (VAST, "at the limits", AT_THE_LIMITS),
    (VAST, "at the limits, old", END_OF_LIFE),
]


@pytest.mark.parametrize(
    "place", range(len(STATES)), ids=lambda place: f"{STATES[place][0].name}, {STATES[place][1]}"
)
def test_calls__of_any_kind__end_in_no_panic(place: int) -> None:
    setup, name, program = STATES[place]
    market = OpenMarket(setup)
    market.run(program)
    abis = {VAULT: load("IsolatedMarginVault").abi, POOL: load("LiquidityPool").abi}
    abis |= {
        market.place(load("VaultLens")): load("VaultLens").abi,
        place_factory(market): load("VaultFactory").abi,
    }
    codes = (load("IsolatedMarginVault").bytecode, load("LiquidityPool").bytecode)

    found = search(market, Draw(market, abis, codes, SEED + place), CALLS)

    print(f"\n{setup.name}, {name}: {found.calls} calls, seed {SEED + place}, {found.succeeded} done")
    print(found.refused.most_common())
    assert not found.panics
    assert not found.nameless


def test_hunt__where_a_panic_is_planted__finds_it() -> None:
    """The hunt can fail: one argument in 2**256 panics in a planted contract, and is found."""
    market = OpenMarket()
    planted = market.place(load("Panics"))
    found = search(market, Draw(market, {planted: load("Panics").abi}, (b"",), SEED), CALLS)
    assert found.panics
    assert all("overflowsAtTheEdge" in told for told in found.panics)
