"""EVT-1, over whole lives: who keeps the logs from the start, and looks at nothing else, knows the ledger."""

from random import Random
from typing import Final

import pytest
from ringfence.actions import Flaw, Program, SetOperatorWithSig
from ringfence.adapters.isolated_margin import Contracts, IsolatedMarginVault, deploy, start
from ringfence.arena import Arena
from ringfence.chains.revm import RevmChain
from ringfence.draws import drawing
from ringfence.machines.provoking import HuntingMachine
from ringfence.markets import COARSE, STANDARD, TIGHT, MarketSetup
from ringfence.outcome import Done, Event
from ringfence.properties.rebuild import rebuilt
from ringfence.roles import ACCOUNTS, FUNDED, GUARDIAN, OPERATOR, OWNER, STRANGER, TRADERS
from ringfence.state import AccountState, VaultState

SEED: Final = 1
RULES_PLAYED: Final = 400
SUMS: Final = (
    "long_size",
    "short_size",
    "quote_sum",
    "carry_basis",
    "carry_long",
    "carry_short",
    "last_price",
)
FUNDS: Final = ("insurance", "total_owed", "vault_tokens", "pool_tokens", "pool_shares")
MARKETS: Final = (STANDARD, TIGHT, COARSE)


def genesis(setup: MarketSetup, deployed_at: int) -> VaultState:
    """Return the ledger of a vault that nobody has used yet."""
    return VaultState(
        positions={},
        totals=dict.fromkeys((*SUMS, *FUNDS), 0)
        | {"last_accrual": deployed_at, "next_id": 1, "paused": False},
        accounts={
            role: AccountState(
                tokens=setup.tokens if role in FUNDED else 0, claimable=0, owed=0, shares=0, nonce=0
            )
            for role in ACCOUNTS
        },
        officers={"owner": OWNER, "pending_owner": "", "guardian": GUARDIAN},
        operators=frozenset(),
    )


def lived(setup: MarketSetup) -> Program:
    """Return a long random program, with everything that the search's rules come to."""
    arena = Arena(lambda market: start(RevmChain(), market), [setup])
    machine = type("Machine", (HuntingMachine,), {"arena": arena})()
    machine.enter(setup.name)
    random = Random(SEED)
    for rule in random.choices(machine.rules, k=RULES_PLAYED):
        drawn = {name: drawing(strategy)(random) for name, strategy in rule.arguments.items()}
        rule.function(machine, **drawn)
    nonce = machine.pair.state.accounts[TRADERS[0]].nonce  # the rules seldom sign exactly this
    machine.step(
        SetOperatorWithSig(STRANGER, TRADERS[0], OPERATOR, True, nonce, 2**256 - 1, TRADERS[0], Flaw.NONE)
    )
    return tuple(machine.pair.steps)


@pytest.mark.parametrize("setup", MARKETS, ids=lambda setup: setup.name)
def test_ledger__rebuilt_from_all_events_of_a_life__equals_the_state(setup: MarketSetup) -> None:
    """Folding the logs of every transaction, from the empty ledger on, gives the state at the end."""
    program = lived(setup)
    vault = IsolatedMarginVault(deploy(RevmChain(), setup, Contracts.compiled()))
    ledger = genesis(setup, vault.deployment.deployed_at)
    assert ledger == vault.observe()
    seen: list[Event] = []
    for step in program:
        outcome = vault.apply(step)
        if isinstance(outcome, Done):
            ledger = rebuilt(ledger, outcome.events, vault.timestamp)
            seen += outcome.events

    assert ledger == vault.observe()
    assert {event.name for event in seen} >= {"Opened", "Decreased", "Liquidated", "OperatorSet", "Withdraw"}


@pytest.mark.parametrize("lost", ["Opened", "Liquidated", "Accrued", "OperatorSet", "Transfer"])
def test_ledger__when_an_event_is_lost__differs(lost: str) -> None:
    """Every kind of event is needed: a ledger that misses one kind is wrong."""
    vault = IsolatedMarginVault(deploy(RevmChain(), STANDARD, Contracts.compiled()))
    ledger = vault.observe()
    for step in lived(STANDARD):
        outcome = vault.apply(step)
        if isinstance(outcome, Done):
            kept = [event for event in outcome.events if event.name != lost]
            ledger = rebuilt(ledger, kept, vault.timestamp)
    assert ledger != vault.observe()
