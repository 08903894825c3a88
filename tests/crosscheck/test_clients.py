"""Three clients that share no code come to the same: revm, py-evm, and the node that anvil is."""

from typing import Final

import pytest
from ringfence.evm.chains.base import Chain
from ringfence.types.outcome import Done, Refused
from ringfence.vaults.isolated_margin.drawn import drawn_market
from ringfence.vaults.isolated_margin.markets import COARSE, STANDARD, TIGHT, MarketSetup

from tests.crosscheck.drawn import drawn
from tests.crosscheck.seen import assert_same, seen, without_gas

MARKETS: Final = (STANDARD, TIGHT, COARSE, drawn_market(1))
STEPS: Final = 40
SEED: Final = 1


markets = pytest.mark.parametrize("market", MARKETS, ids=lambda market: market.name)


@markets
def test_drawn_program__on_every_client__is_the_same(chains: dict[str, Chain], market: MarketSetup) -> None:
    ends = assert_same(chains, market, drawn(market, seed=SEED, steps=STEPS, shares_blocks=False))
    assert ends == {Done, Refused}, "a program in which all is done, or nothing, compares little"


@markets
def test_drawn_program__with_shared_blocks__is_the_same_on_revm_and_anvil(
    chains: dict[str, Chain], market: MarketSetup
) -> None:
    """Actions that share a block see the same block, whether it is one in process or one that is mined."""
    program = drawn(market, seed=SEED, steps=STEPS // 2, shares_blocks=True)
    assert any(step.seconds == 0 for step in program)
    runs = {name: seen(chains[name], market, program) for name in ("revm", "anvil")}
    assert without_gas(runs["anvil"]) == without_gas(runs["revm"])
