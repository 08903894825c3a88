"""One program that uses every action is the same story on the model and on every chain, gas included."""

from collections.abc import Iterator

import pytest
from ringfence.evm.artifacts import load
from ringfence.evm.chains.base import Chain
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.actions import Step
from ringfence.types.outcome import Refused
from ringfence.vaults.isolated_margin import start
from ringfence.vaults.isolated_margin.actions import ALPHABET
from ringfence.vaults.isolated_margin.calls import ActionCalls
from ringfence.vaults.isolated_margin.expectations import CONTRACTS
from ringfence.vaults.isolated_margin.markets import STANDARD
from ringfence.vaults.isolated_margin.questions import Questions

from tests.chains.every_action import DONE, EVERY_ACTION

READING = ("view", "pure")


@pytest.fixture(scope="module")
def gas_by_chain() -> Iterator[dict[str, list[int]]]:
    """Keep what each chain's transactions used, for the next chain to compare with."""
    return {}


def test_program__uses_the_whole_alphabet() -> None:
    assert {type(action) for action, _ in EVERY_ACTION} == set(ALPHABET)


def test_alphabet__calls_every_function_that_changes_state() -> None:
    """A new function of vault or pool needs an action, by which the searches and this program call it."""
    calls = ActionCalls(start(RevmChain(), STANDARD).vault.workspace)
    orders = [calls.order(action, 1) for action, _ in EVERY_ACTION]
    called = {(order[0], order[1].partition("(")[0]) for order in orders}  # overloads by their signatures
    for contract, artifact in CONTRACTS.items():
        changing = {
            (contract, entry["name"])
            for entry in load(artifact).abi
            if entry["type"] == "function" and entry["stateMutability"] not in READING
        }
        assert changing == {order for order in called if order[0] == contract}


def test_every_action__on_vault_and_model__has_the_same_outcome(
    chain: Chain, gas_by_chain: dict[str, list[int]]
) -> None:
    """Outcomes, returned values, events and state agree after every step; gas agrees between real chains."""
    compared = start(chain, STANDARD)
    gas = []
    for number, (action, expected) in enumerate(EVERY_ACTION, 1):
        outcome = compared.do(Step(action, 1 + number % 7))
        assert (outcome.error if isinstance(outcome, Refused) else DONE) == expected, f"{number}: {action}"
        gas.append(compared.vault.gas_used)
    asked = Questions(compared.vault.workspace)
    assert list(asked.stored_differences(compared.reference.market)) == []

    if chain.meters_gas:
        gas_by_chain[chain.name] = gas
        for used in gas_by_chain.values():
            assert used == gas
