"""EVT-1, over whole lives: who keeps the logs from the start, and looks at nothing else, knows the ledger."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Final

import pytest
from ringfence.engine.generators.rules import listed, rules_of
from ringfence.evm.artifacts import load
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.properties.event_ledger import genesis, rebuilt
from ringfence.types.actions import CallSequence
from ringfence.types.outcome import Done, Event
from ringfence.types.roles import ACCOUNTS, FUNDED, GUARDIAN, OWNER, POOL, TOKEN, VAULT
from ringfence.types.state import AccountState, VaultState
from ringfence.vaults.isolated_margin import Contracts, IsolatedMarginVault, deploy, start
from ringfence.vaults.isolated_margin.markets import COARSE, STANDARD, TIGHT, MarketSetup
from ringfence.vaults.isolated_margin.rules import AllRules

from tests.events.eventful import EVENTFUL

pytestmark = pytest.mark.property("EVT-1")

SEED: Final = 2
RULES_PLAYED: Final = 400
MARKETS: Final = (STANDARD, TIGHT, COARSE)
NEVER_EMITTED: Final = {"EIP712DomainChanged"}  # by OpenZeppelin, for contracts whose domain can change
NEEDED: Final = [
    *[(VAULT, entry["name"]) for entry in load("IsolatedMarginVault").abi if entry["type"] == "event"],
    (TOKEN, "Transfer"),
    (POOL, "Transfer"),
]


def start_of(setup: MarketSetup, deployed_at: int) -> VaultState:
    """Return the ledger of a market that was just deployed, with what every account has in its wallet."""
    accounts = {role: AccountState(setup.tokens * (role in FUNDED)) for role in ACCOUNTS}
    return replace(genesis(OWNER, GUARDIAN, deployed_at), accounts=accounts)


def random_life(setup: MarketSetup) -> CallSequence:
    """Return a long program, made of the rules that the search plays."""
    pair, rules, random = start(RevmChain(), setup), AllRules(), Random(SEED)
    rules.start(setup, pair.reference, lambda step, _: pair.do(step))
    for rule in random.choices(listed(rules_of(AllRules)), k=RULES_PLAYED):
        rule.play(rules, random)
    return (*setup.opening(), *pair.sequence)


def logs(vault: IsolatedMarginVault, program: CallSequence) -> Iterator[tuple[tuple[Event, ...], int]]:
    """Carry out a program; yield the events of every transaction, and its time."""
    for step in program:
        outcome = vault.apply(step)
        if isinstance(outcome, Done):
            yield outcome.events, vault.timestamp


def new_vault(setup: MarketSetup) -> tuple[IsolatedMarginVault, VaultState]:
    """Return a vault that was just deployed, and the empty ledger."""
    vault = IsolatedMarginVault(deploy(Workspace(RevmChain()), setup, Contracts.compiled()))
    return vault, start_of(setup, vault.deployment.deployed_at)


@pytest.mark.parametrize("setup", MARKETS, ids=lambda setup: setup.name)
def test_ledger__rebuilt_from_all_events_of_a_random_life__equals_the_state(setup: MarketSetup) -> None:
    """Folding the logs of every transaction, from the empty ledger on, gives the state at the end."""
    program = random_life(setup)
    vault, ledger = new_vault(setup)
    assert ledger == vault.observe()
    for events, timestamp in logs(vault, program):
        ledger = rebuilt(ledger, events, timestamp)
    assert ledger == vault.observe()
    assert ledger.totals["next_id"] > 1


@pytest.mark.parametrize(("emitter", "lost"), NEEDED, ids=lambda value: value)
def test_ledger__when_one_kind_of_event_is_lost__differs(emitter: str, lost: str) -> None:
    """Every event of the vault is emitted in a life of all actions; without it the ledger is wrong."""
    vault, complete = new_vault(STANDARD)
    missed, differs, lacking = 0, False, complete
    for events, timestamp in logs(vault, STANDARD.opening() + EVENTFUL):
        kept = [event for event in events if (event.emitter, event.name) != (emitter, lost)]
        missed += len(events) - len(kept)
        complete, lacking = rebuilt(complete, events, timestamp), rebuilt(lacking, kept, timestamp)
        differs = differs or lacking != complete

    assert complete == vault.observe()
    assert (missed > 0, differs) == (lost not in NEVER_EMITTED,) * 2
