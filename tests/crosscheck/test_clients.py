"""Three clients that share no code come to the same: revm, py-evm, and the node that anvil is."""

from dataclasses import dataclass
from typing import Final

import pytest
from ringfence.evm.chains.base import Chain
from ringfence.types.actions import CallSequence
from ringfence.types.outcome import Done, Outcome, Refused
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin import start
from ringfence.vaults.isolated_margin.markets import market_named

from tests.crosscheck.drawn import drawn

MARKETS: Final = ("standard", "tight", "coarse")
STEPS: Final = 40
SEED: Final = 1


@dataclass(frozen=True, slots=True)
class Seen:
    """What a chain showed of a step: the outcome with every log, the state after it, the gas."""

    outcome: Outcome
    state: VaultState
    gas_used: int


def seen(chain: Chain, market: str, program: CallSequence) -> list[Seen]:
    """Run a program on a chain; the model, which has run it before, is not asked again."""
    vault = start(chain, market_named(market)).vault
    return [Seen(vault.apply(step), vault.observe(), vault.gas_used) for step in program]


def without_gas(steps: list[Seen]) -> list[tuple[Outcome, VaultState]]:
    """Return what must be the same on chains that meter gas, and on those that don't."""
    return [(step.outcome, step.state) for step in steps]


@pytest.mark.parametrize("market", MARKETS)
def test_drawn_program__on_every_client__is_the_same(chains: dict[str, Chain], market: str) -> None:
    """Outcomes, logs and state agree on all three after every step; gas agrees between py-evm and anvil."""
    program = drawn(market, seed=SEED, steps=STEPS, shares_blocks=False)
    runs = {name: seen(chain, market, program) for name, chain in chains.items()}
    ends = {type(step.outcome) for step in runs["revm"]}
    assert ends == {Done, Refused}, "a program in which all is done, or nothing, compares little"
    assert without_gas(runs["eth-tester"]) == without_gas(runs["revm"])
    assert without_gas(runs["anvil"]) == without_gas(runs["revm"])
    gas = {name: [step.gas_used for step in runs[name]] for name in ("eth-tester", "anvil")}
    assert gas["eth-tester"] == gas["anvil"]


@pytest.mark.parametrize("market", MARKETS)
def test_drawn_program__with_shared_blocks__is_the_same_on_revm_and_anvil(
    chains: dict[str, Chain], market: str
) -> None:
    """Actions that share a block see the same block, whether it is one in process or one that is mined."""
    program = drawn(market, seed=SEED, steps=STEPS // 2, shares_blocks=True)
    assert any(step.seconds == 0 for step in program)
    runs = {name: seen(chains[name], market, program) for name in ("revm", "anvil")}
    assert without_gas(runs["anvil"]) == without_gas(runs["revm"])
