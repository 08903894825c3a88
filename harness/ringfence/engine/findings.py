"""From a call sequence that violates something to a finding: what is violated, why, as short as can be."""

import platform
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from typing import Final

from ringfence.engine.differences import OUTCOME, as_outcome
from ringfence.engine.guard import StepTooLate, ValidatedVault
from ringfence.engine.limits import Limits
from ringfence.engine.replay import Frame, replay
from ringfence.engine.shrink import shrink
from ringfence.engine.system import MODEL, System
from ringfence.engine.target import code_hash, compiler_of
from ringfence.engine.version_pair import OtherVersion
from ringfence.properties import Violation
from ringfence.types.actions import CallSequence
from ringfence.types.errors import AdapterFault
from ringfence.types.finding import BrokenProperty, Cause, CauseKey, Finding, VaultId, Versions
from ringfence.types.outcome import Outcome, Refused

OPENING: Final = "opening"
WHICH: Final = re.compile(r"\[.*?\]")  # of many positions, accounts or events


def cause_of(system: System, property_id: str) -> CauseKey:
    """Return what a violation at the system's present point is recognised by.

    What a property sees by trying further actions has no action: the last one need not matter to it.
    """
    if any(each.property_id == property_id and each.is_tried for each in system.violations):
        return CauseKey(property_id)
    last = system.transitions[-1] if system.transitions else None
    action, outcome = (last.action.name, last.outcome) if last else (OPENING, None)
    detail = shape_of(outcome) if isinstance(outcome, Refused) else ""
    if property_id == MODEL:
        first = system.mismatches[0]
        detail = WHICH.sub("", first.field)
        if first.field == OUTCOME:
            detail = f"{shape_of(as_outcome(first.chain))}, not {shape_of(as_outcome(first.model))}"
    return CauseKey(property_id, action, detail)


def located(system: System, cause: CauseKey) -> CauseKey:
    """Return the cause that shows at the system's present point with where its refusal reverts.

    That takes a trace, which costs as much as a thousand steps: what is shrunk is located first and last.
    """
    last, vault = system.transitions[-1:], system.vault
    if not cause.action or not last or not isinstance(last[0].outcome, Refused):
        return cause
    return replace(cause, site=vault.bench.revert_site()) if isinstance(vault, ValidatedVault) else cause


def site_of(system: System, finding: Finding) -> str:
    """Return where the last step's refusal reverts; ``""`` where it is none, or nothing shows where."""
    cause = reproduced(system, finding.sequence, finding.property_id or MODEL)
    return located(system, cause).site if cause else ""


def shape_of(outcome: Outcome) -> str:
    """Return what came of an action but for its numbers: the error and its arguments' types."""
    match outcome:
        case Refused("Panic" | "Unknown" | "Error"):
            return outcome.label
        case Refused(error, args):
            return f"{error}({', '.join(type(each).__name__ for each in args)})"
        case _:
            return "Done"


def reproduced(system: System, sequence: CallSequence, property_id: str) -> CauseKey | None:
    """Carry out a sequence until it violates a property; return the cause, None if it does not."""
    with system.only(property_id):
        system.restart()
        found = system.violations + system.speculate_at_origin()
        for step in sequence:
            if _has(found, property_id):
                break
            found = system.apply(step).violations
        else:
            if not _has(found, property_id):  # what shows at the end is no action's: any may be dropped
                return CauseKey(property_id) if _has(system.end(), property_id) else None
        return cause_of(system, property_id)


def _has(found: Sequence[Violation], property_id: str) -> bool:
    return any(each.property_id == property_id for each in found)


def shrunk(system: System, sequence: CallSequence, cause: CauseKey) -> CallSequence:
    """Return the shortest and plainest sequence of the same cause; the best so far when time is up."""
    best, limits = sequence, _limits_of(system)

    def attempt(candidate: CallSequence, *, is_located: bool = False) -> Sequence[int | None] | None:
        nonlocal best
        if not limits.allow(candidate):
            return None
        found = reproduced(system, candidate, cause.property_id)
        if found is None or replace(cause, site="") != found:
            return None
        if is_located and located(system, found) != cause:
            return None
        opened, best = system.opened, candidate
        return opened + [None] * (len(candidate) - len(opened))

    try:
        shortest = shrink(sequence, attempt, system.market)
        if cause.site and attempt(shortest, is_located=True) is None:
            shortest = shrink(sequence, partial(attempt, is_located=True), system.market)
    except ValueError:
        raise AdapterFault(unrepeatable(system, cause.property_id)) from None
    except StepTooLate:
        return best
    return shortest


def _limits_of(system: System) -> Limits:
    """Return what the vault's adapter allows the steps of a search."""
    return Limits.of(system.vault) if isinstance(system.vault, ValidatedVault) else Limits()


def finding_of(
    system: System, name: str, seed: int | None, sequence: CallSequence, property_id: str, chain: str = "revm"
) -> Finding | None:
    """Return the finding that a sequence makes, ended where it fails; None if it does not.

    When nothing differs from the reference model but what the property tried, those steps become the
    sequence's.
    """
    alone = None if property_id == MODEL else property_id
    frames = list(replay(system, sequence, alone))
    message = frames[-1].violations[0].message if alone and frames[-1].violations else None
    if message is None and not frames[-1].differences:
        return None
    if system.reference and not frames[-1].differences:
        frames = _with_trials(system, sequence, alone) or frames
    broken = (
        BrokenProperty(alone, system.checker.properties[alone].sentence, message)
        if alone and message
        else None
    )
    return Finding(
        versions=Versions(version("ringfence"), platform.python_version(), chain, compiler_of(system.vault)),
        seed=seed,
        market=system.market,
        vault=VaultId.named(name, code_hash(system.vault)),
        sequence=tuple(frame.step for frame in frames if frame.step),
        step=frames[-1].number,
        cause=Cause(broken, frames[-1].differences),
        also=_also(system, sequence, property_id),
        against=_against(system),
    )


def _against(system: System) -> VaultId | None:
    """Return the version of the vault that a finding was found against, if it was."""
    other = system.reference
    return VaultId.named(other.name, code_hash(other.vault)) if isinstance(other, OtherVersion) else None


def unrepeatable(system: System, property_id: str) -> str:
    """Return the sentence for a violation that a repeated sequence does not show."""
    name = getattr(system.vault, "name", "the vault")
    return f"{name} does not do the same when a sequence is repeated, so that {property_id} can't be shown."


def _with_trials(system: System, sequence: CallSequence, property_id: str | None) -> list[Frame] | None:
    """Return the frames of the shortest sequence that a property tried and the reference does not follow."""
    assert isinstance(system.vault, ValidatedVault)
    system.restart()
    with system.only(property_id), system.vault.recorded() as tried:
        system.carry_out(sequence)
    for candidate in sorted(tried, key=len):
        frames = list(replay(system, candidate, None))
        if frames[-1].differences:
            return frames
    return None


def _also(system: System, sequence: CallSequence, property_id: str) -> tuple[str, ...]:
    """Return which other properties a sequence violates."""
    violated = {each.property_id for each in system.carry_out(sequence)}
    return tuple(sorted(violated - {property_id, MODEL}))
