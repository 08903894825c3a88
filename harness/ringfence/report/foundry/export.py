"""One file that needs no library; the sources of our own vault are imported from ``contracts/``.

It runs the call sequence up to the first step where the chain leaves the model, and asks there for what the
model says. So it fails on the vault of the finding, and passes on one that follows the rules.
"""

import re
from dataclasses import asdict, fields
from typing import Any, Final, get_type_hints

from eth_utils.address import to_checksum_address

from ringfence.engine.guard import ValidatedVault
from ringfence.engine.replay import Frame, replay
from ringfence.engine.system import System
from ringfence.evm.abi import AddressBook
from ringfence.evm.artifacts import load
from ringfence.report.foundry.checks import expected, getter, kind_of, readable
from ringfence.report.foundry.raw import raw_test
from ringfence.report.foundry.signing import message_types, signing
from ringfence.report.foundry.solidity import Solidity, camel, number
from ringfence.report.templates import rendered
from ringfence.report.text import wrapped_headlines
from ringfence.report.units import decimals_of
from ringfence.report.words import phrase
from ringfence.types.actions import Action, CallSequence, Step
from ringfence.types.errors import RingfenceError
from ringfence.types.finding import Difference, Finding
from ringfence.types.outcome import Done, Event, Refused, Value
from ringfence.types.parameters import MAX_UINT
from ringfence.types.roles import GUARDIAN, OWNER, VAULT, keys
from ringfence.vaults.isolated_margin.markets import PARAMETER_NAMES, MarketSetup
from ringfence.vaults.isolated_margin.reference.model_values import EVENTS, STRUCTS, abi_name
from ringfence.vaults.isolated_margin.shapes import RETURNED

TEMPLATE: Final = "finding.t.sol.jinja"
INTERFACE: Final = "IVaultEvents"


class NotExportable(RingfenceError):
    """A finding that a Foundry test can't show. The message is one sentence that says why."""


def foundry_test(finding: Finding, system: System) -> str:
    """Return the source of the test; ``system`` is the finding's vault on any chain. Raises NotExportable."""
    vault, setup = system.vault, finding.market
    is_ours = isinstance(setup, MarketSetup)
    if isinstance(vault, ValidatedVault) and vault.bench.contracts and not is_ours:
        return raw_test(finding)
    if not isinstance(setup, MarketSetup) or not isinstance(vault, ValidatedVault):
        raise NotExportable(
            f"A Foundry test is written for our own vault and for those that use the workspace,"
            f" not for {finding.vault.id}."
        )
    frames = list(replay(system, finding.sequence, None))
    if not frames[-1].differences:
        raise NotExportable(f"{finding.name} shows in no value that differs from the model's after a step.")
    deployment, write = vault.deployment, Solidity(setup)
    sequence = [_written(frame, write, setup) for frame in frames if frame.step]
    opening = [_opened(step, write) for step in setup.opening()]
    text = "\n".join(line for lines in (*sequence, *opening) for line in lines)
    facts = _names(finding) | _accounts(setup, finding.sequence, vault.workspace.book, text) | _market(setup)
    facts |= {"deployed_at": number(deployment.deployed_at, 0), "ready_at": number(deployment.ready_at, 0)}
    facts |= {"sequence": sequence, "opening": opening, "structs": _structs(text)}
    compared = {kind_of(each) for each in _checked(frames[-1])}
    return rendered(TEMPLATE, facts | {"text": text, "compared": sorted(compared)})


def _written(frame: Frame, write: Solidity, setup: MarketSetup) -> list[str]:
    """Return the lines of a step: what it says, the call, and in the last what must have come of it."""
    assert frame.step is not None
    assert frame.model is not None
    action, outcome = frame.step.action, frame.model.outcome
    call = f"{write.call(action, frame.moment.timestamp)};"
    said = f"// {frame.number}. {phrase(action, setup)}"
    before, signed = [_next(frame.step)], signing(action, write)
    if isinstance(outcome, Refused):
        before.append(f"vm.expectRevert({write.revert_data(outcome)});")
        return [said, *_scoped(signed, [*before, call])]
    checks = _checked(frame)
    if frame.differences and not checks and isinstance(frame.chain.outcome, Done):
        before += _expectations(outcome, write, frame.number)
    if any(each.field.startswith("returned") for each in checks):
        call = f"{_returned(action, outcome.value)} returned = {call}"
    return [said, *_scoped(signed, [*before, call, *(_check(each, write) for each in checks)])]


def _expectations(outcome: Done, write: Solidity, number: int) -> list[str]:
    """Return lines that expect the model's events; raises NotExportable when none is the vault's."""
    lines = [line for event in outcome.events for line in _expectation(event, write)]
    if not lines:
        raise NotExportable(f"Step {number} differs in nothing that a Foundry test can ask for.")
    return lines


def _expectation(event: Event, write: Solidity) -> list[str]:
    """Return the lines that expect an event in the next call; none for one that is not the vault's."""
    declared = {entry["name"] for entry in load(INTERFACE).abi if entry["type"] == "event"}
    if event.emitter != VAULT or event.name not in declared:
        return []
    arguments = _arguments(EVENTS[event.name], event.args, write)
    return ["vm.expectEmit(address(vault));", f"emit {INTERFACE}.{event.name}({arguments});"]


def _arguments(kind: type, values: tuple[Any, ...], write: Solidity) -> str:
    hints = get_type_hints(kind)
    names = [part.name for part in fields(kind)]
    return ", ".join(
        _struct(hints[name], value, write) if hints[name] in STRUCTS else write.value(name, value)
        for name, value in zip(names, values, strict=True)
    )


def _struct(kind: type, values: tuple[Any, ...], write: Solidity) -> str:
    return f"{abi_name(kind)}({_arguments(kind, values, write)})"


def _scoped(signed: list[str], lines: list[str]) -> list[str]:
    """Return lines with a signature before them in a scope of their own."""
    return ["{", *(f"    {line}" for line in (*signed, *lines)), "}"] if signed else lines


def _opened(step: Step, write: Solidity) -> list[str]:
    return [_next(step), f"{write.call(step.action, MAX_UINT)};"]


def _next(step: Step) -> str:
    return f"next({step.action.account.upper()}, {number(step.seconds, 0)});"


def _checked(frame: Frame) -> list[Difference]:
    """Return what is asked for after a step that both sides carry out."""
    assert frame.model is not None
    both = isinstance(frame.model.outcome, Done) and isinstance(frame.chain.outcome, Done)
    return readable(frame.differences) if both else []


def _check(difference: Difference, write: Solidity) -> str:
    value = write.value(difference.field, expected(difference))
    return f'equal("{difference.field}", {getter(difference.field)}, {value});'


def _returned(action: Action, value: Value) -> str:
    kind = RETURNED.get(action.name)
    return f"{abi_name(kind)} memory" if kind in STRUCTS else "bool" if isinstance(value, bool) else "uint256"


def _names(finding: Finding) -> dict[str, Any]:
    name = re.sub(r"\W+", "_", finding.name).strip("_")
    return {
        "name": finding.name,
        "contract": f"{name.replace('_', '')}Test",
        "test": f"test_{name}",
        "headline": wrapped_headlines(finding),
    }


def _accounts(setup: MarketSetup, sequence: CallSequence, book: AddressBook, text: str) -> dict[str, Any]:
    """Return the accounts that the test names, and the keys and messages of those that sign."""
    roles = setup.accounts
    named = {role for role in roles if re.search(rf"\b{role.upper()}(_KEY)?\b", text)}
    declared = [role for role in roles if role in {*named, OWNER, GUARDIAN}]
    signers = [role for role in declared if f"{role.upper()}_KEY" in text]
    return {
        "accounts": [(role.upper(), to_checksum_address(book.text(role))) for role in declared],
        "keys": [(role.upper(), f"0x{keys()[role].key.hex()}") for role in signers],
        "message_types": message_types(step.action for step in sequence),
        "funded": [role.upper() for role in setup.funded if role in named],
    }


def _market(setup: MarketSetup) -> dict[str, Any]:
    parameters = setup.parameters
    tiers = [
        [number(value, decimals_of(name, setup)) for name, value in asdict(tier).items()]
        for tier in parameters.tiers
    ]
    values = [(name, getattr(parameters, name)) for name in PARAMETER_NAMES]
    return {
        "market": setup.name,
        "collateral_decimals": setup.collateral_decimals,
        "feed_decimals": setup.feed_decimals,
        "tokens": number(setup.tokens, setup.collateral_decimals),
        "tiers": tiers,
        "parameters": [(camel(name), number(value, decimals_of(name, setup))) for name, value in values],
        "pool_name": setup.pool_name,
        "pool_symbol": setup.pool_symbol,
    }


def _structs(text: str) -> list[str]:
    """Return what is imported from the vault's types."""
    used = [name for name in map(abi_name, STRUCTS) if re.search(rf"\b{name}(\(| memory)", text)]
    return sorted([*used, "MarketConfig", "RiskParameters", "Tier"])
