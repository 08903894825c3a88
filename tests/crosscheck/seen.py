"""What a client shows of a call sequence, and that all show the same."""

from dataclasses import dataclass

from ringfence.evm.chains.base import Chain
from ringfence.types.actions import CallSequence
from ringfence.types.outcome import Outcome
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin import start
from ringfence.vaults.isolated_margin.markets import MarketSetup


@dataclass(frozen=True, slots=True)
class Seen:
    """What a chain showed of a step: the outcome with every log, the state after it, the gas."""

    outcome: Outcome
    state: VaultState
    gas_used: int


def seen(chain: Chain, market: MarketSetup, sequence: CallSequence) -> list[Seen]:
    """Run a sequence on a chain; the model, which has run it before, is not asked again."""
    vault = start(chain, market).vault
    return [Seen(vault.apply(step), vault.observe(), vault.gas_used) for step in sequence]


def without_gas(steps: list[Seen]) -> list[tuple[Outcome, VaultState]]:
    """Return what must be the same on chains that meter gas, and on those that don't."""
    return [(step.outcome, step.state) for step in steps]


def assert_same(chains: dict[str, Chain], market: MarketSetup, sequence: CallSequence) -> set[type[Outcome]]:
    """See that outcomes, logs and state agree on all three after every step, and gas on py-evm and anvil.

    Returns how steps ended.
    """
    runs = {name: seen(chain, market, sequence) for name, chain in chains.items()}
    for name in ("eth-tester", "anvil"):
        assert without_gas(runs[name]) == without_gas(runs["revm"]), (name, market, sequence)
    gas = {name: [step.gas_used for step in runs[name]] for name in ("eth-tester", "anvil")}
    assert gas["eth-tester"] == gas["anvil"], (market, sequence)
    return {type(step.outcome) for step in runs["revm"]}
