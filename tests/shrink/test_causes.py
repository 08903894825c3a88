"""Causes: what a finding is recognised by, and where a transaction reverts."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ringfence.engine.budget import Budget
from ringfence.engine.differences import OUTCOME, as_value
from ringfence.engine.findings import cause_of, reproduced
from ringfence.engine.guard import ValidatedVault
from ringfence.engine.objective import Violations
from ringfence.engine.search import Search
from ringfence.engine.system import MODEL, System
from ringfence.engine.target import Target
from ringfence.evm.chains.base import Call
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.actions import Action, Step
from ringfence.types.finding import CauseKey, Difference
from ringfence.types.outcome import Done, Outcome, Refused
from ringfence.types.roles import OWNER, addresses
from ringfence.vaults.isolated_margin.actions import Liquidate, Pause

EXAMPLES = Path(__file__).parents[2] / "examples"
NOTIONAL = EXAMPLES / "notional-vault"
LOOP = "635b6000566000526004601cf3"  # creates JUMPDEST PUSH 0 JUMP
REFUSAL = "645f5ffd00006000526005601bf3"  # creates PUSH 0 PUSH 0 REVERT
DONE = Done(None, ())
USD = 10**6


def point(action: Action, outcome: Outcome, *mismatches: Difference) -> Any:
    """Return what is looked at of a system after its last step."""
    transition = SimpleNamespace(action=action, outcome=outcome)
    return SimpleNamespace(transitions=[transition], mismatches=mismatches, violations=[], vault=None)


def test_cause__of_mismatches__is_the_action_and_the_first_value_that_differs() -> None:
    """What differs in a number, a position or an account alone is one cause; another action is another."""
    margins = [Difference(f"positions[{number}].margin", 1, 2) for number in (1, 22)]
    first, second = (cause_of(point(Liquidate("stranger", 3), DONE, each), MODEL) for each in margins)
    assert first == second == CauseKey(MODEL, "Liquidate", "positions.margin")
    assert cause_of(point(Pause("owner"), DONE, *margins), MODEL) != first


def test_cause__of_different_outcomes__is_both() -> None:
    differs = Difference(OUTCOME, as_value(Refused("Bankrupt", (1,))), as_value(DONE))
    cause = cause_of(point(Liquidate("stranger", 3), DONE, differs), MODEL)
    assert cause.detail == "Done, not Bankrupt(int)"


@pytest.mark.parametrize(
    ("error", "args", "detail"),
    [
        ("Bankrupt", (7,), "Bankrupt(int)"),
        ("NotOwner", ("trader_1", True), "NotOwner(str, bool)"),
        ("Panic", (17,), "Panic(0x11)"),
        ("Unknown", (bytes(range(9)),), "Unknown(0x00010203)"),
        ("Empty", (), "Empty()"),
    ],
)
def test_cause__of_a_refusal__is_its_name_and_the_shape_of_its_arguments(
    error: str, args: tuple[Any, ...], detail: str
) -> None:
    cause = cause_of(point(Liquidate("stranger", 3), Refused(error, args)), "LIQ-1")
    assert cause == CauseKey("LIQ-1", "Liquidate", detail)


def opened(adapter: str) -> tuple[System, Any]:
    """Return a vault's system in its first market, and its actions."""
    target = Target.named(adapter)
    return target.system(next(iter(target.markets))), target.actions


@pytest.mark.parametrize(
    ("account", "margin", "source", "text"),
    [
        ("trader_1", 1, "Router.sol", "revert NotEnoughMargin"),
        ("trader_1", 2_000_000 * USD, "Collateral.sol", "revert InsufficientBalance"),
        ("stranger", 150 * USD, "Collateral.sol", "revert InsufficientAllowance"),
    ],
)
def test_revert_site__is_the_line_of_the_innermost_call_that_reverts(
    account: str, margin: int, source: str, text: str
) -> None:
    """By the source map of what is compiled here, through calls of other contracts; nothing is changed."""
    system, actions = opened(f"{NOTIONAL / 'adapter.py'}:NotionalVault")
    system.vault.apply(Step(actions["Open"](account, size=1_000 * 10**18, margin=margin), 1))
    assert isinstance(system.vault, ValidatedVault)
    before, site = system.vault.observe(), system.vault.bench.revert_site()
    lines = (NOTIONAL / "contracts" / source).read_text().splitlines()
    assert [f"{source}:{number}" for number, line in enumerate(lines, start=1) if text in line] == [site]
    assert system.vault.observe() == before


def test_trace__of_a_call_that_runs_out_of_gas__is_left_out() -> None:
    """Its instructions would take minutes to print; one that reverts at once has three."""
    chain, sender = RevmChain(), addresses()[OWNER]
    loop, refusal = (chain.deploy(bytes.fromhex(code), sender) for code in (LOOP, REFUSAL))
    assert [len(chain.trace(Call(sender, to, b""))) for to in (loop, refusal)] == [0, 3]


def test_revert_site__without_a_source_map__is_none() -> None:
    """A trace of our contracts, as they are compiled for all, would take seconds."""
    system, actions = opened("isolated-margin")
    system.apply(Step(actions["Liquidate"]("stranger", 3), 1))
    assert isinstance(system.vault, ValidatedVault)
    assert system.vault.bench.revert_site() == ""


def test_search__of_what_further_actions_show__has_one_cause_whatever_was_done_last() -> None:
    """Of the cross-margin vault, closing fails after many actions; each is the same."""
    target = Target.named(f"{EXAMPLES / 'cross-margin' / 'adapter.py'}:CrossMarginVault")
    search = Search(target, 1, objective=Violations({"EXI-1"}, is_met_by_one=False))
    done = search.run(Budget(steps=400))
    tried = CauseKey("EXI-1")
    assert done.seen[tried] > 1
    assert {cause.action for cause in done.findings} <= {"", "Close"}
    system = target.system("CrossMarginVault")
    assert reproduced(system, done.findings[tried].sequence, "EXI-1") == tried
