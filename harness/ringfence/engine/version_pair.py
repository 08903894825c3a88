"""Two versions of a vault against each other: the one under test, and another as its reference.

What both show is compared. A total, an account or an amount that only one adapter shows is passed over, and
so is an event that only one version declares. Two refusals differ when one version declares the errors of
both; an error that only one version has stands for any refusal of the other but a panic.
"""

from typing import Any, Final

from ringfence.engine.differences import OUTCOME, as_outcome, differences
from ringfence.engine.guard import ValidatedVault
from ringfence.engine.system import System
from ringfence.evm.abi.interface import signature
from ringfence.evm.workspace import Workspace
from ringfence.properties.abilities import Ability
from ringfence.types.actions import Alphabet, CallSequence, Step, parameters_of
from ringfence.types.finding import Difference
from ringfence.types.outcome import Done, Outcome, Refused
from ringfence.types.shapes import NO_NAMES
from ringfence.types.state import VaultState

PANIC: Final = "Panic"
BY_KEY: Final = ("positions[", "accounts[")  # of a difference's path: then the row, then a dot
ABSENT: Final = ("totals.", "accounts[", "officers.", "returned")  # what one version need not show


class OtherVersion:
    """The other version, which is sent the same steps as actions of its own."""

    def __init__(self, vault: ValidatedVault, name: str) -> None:
        """Take the vault where its adapter left it; the adapter's ``name`` loads it again."""
        self.vault, self.name = vault, name
        self.observe, self.snapshot, self.restore = vault.observe, vault.snapshot, vault.restore

    def apply(self, step: Step) -> Outcome:
        """Send a step; raises AdapterFault."""
        action = step.action
        values = {name: getattr(action, name) for name in parameters_of(type(action))}
        return self.vault.apply(Step(self.vault.actions[type(action).name](**values), step.seconds))


class VersionPair(System):
    """A vault whose reference is another version of it; they are compared from the first price on."""

    reference_name = "reference"
    vault: ValidatedVault
    reference: OtherVersion

    def open(self, opening: CallSequence) -> list[Outcome]:
        """Carry out the opening on both; what was different before it is passed over."""
        outcomes = super().open(opening)
        self._mark_origin()
        return outcomes

    def _between(
        self, action: str, outcomes: tuple[Outcome, Outcome], states: tuple[VaultState, VaultState]
    ) -> tuple[Difference, ...]:
        """Return where both differ in what both show, the other version first."""
        theirs, ours = (self._common(outcome) for outcome in outcomes)
        shapes = getattr(self.vault, "shapes", NO_NAMES)
        found = differences(action, (theirs, ours), states, shapes)
        return tuple(each for each in found if self._counts(each))

    def _common(self, outcome: Outcome) -> Outcome:
        """Return an outcome less the events that only one version declares."""
        if not isinstance(outcome, Done):
            return outcome
        ours, theirs = self.vault, self.reference.vault
        is_seen = Ability.EVENTS in ours.abilities & theirs.abilities
        common = _events(ours.bench) & _events(theirs.bench) if is_seen else set()
        known = {(emitter, text.partition("(")[0]) for emitter, text in common}
        events = [each for each in outcome.events if (each.emitter, each.name) in known]
        return Done(outcome.value, tuple(events))

    def _counts(self, difference: Difference) -> bool:
        """Return whether both versions show the value."""
        path, sides = difference.field, (difference.model, difference.chain)
        if path == OUTCOME:
            return self._is_another(*map(as_outcome, sides))
        if path.startswith(BY_KEY) and path.rpartition(".")[2] in self._amounts_of_one():
            return False
        return not (path.startswith(ABSENT) and None in sides)

    def _is_another(self, theirs: Outcome, ours: Outcome) -> bool:
        """Return whether outcomes differ, where one version may call its refusals as it likes."""
        if not isinstance(theirs, Refused) or not isinstance(ours, Refused):
            return True
        errors = {theirs.error, ours.error}
        of_one = _errors(self.vault.bench) ^ _errors(self.reference.vault.bench)
        return PANIC in errors or not errors & of_one

    def _amounts_of_one(self) -> set[str]:
        ours, theirs = ({each.name for each in vault.facts.amounts} for vault in self._both())
        return ours ^ theirs

    def _both(self) -> tuple[ValidatedVault, ValidatedVault]:
        return self.vault, self.reference.vault


def unlike(ours: Alphabet, theirs: Alphabet, names: tuple[str, str]) -> str:
    """Return in what the actions of two vaults differ, ``""`` where they can be sent the same steps."""
    said = []
    for name, own, other in ((names[0], ours, theirs), (names[1], theirs, ours)):
        alone = [each.name for each in own if each.name not in _names(other)]
        said += [f"only {name} has {', '.join(alone)}"] if alone else []
    for each in (each for each in ours if each.name in _names(theirs)):
        first, second = (", ".join(parameters_of(kind)) for kind in (each, theirs[each.name]))
        if first != second:
            said.append(f"{each.name} takes {first} in {names[0]} and {second} in {names[1]}")
    return "; ".join(said)


def _names(actions: Alphabet) -> set[str]:
    return {each.name for each in actions}


def _entries(bench: Workspace, kind: str) -> list[tuple[str, dict[str, Any]]]:
    """Return what the contracts of a workspace declare of a kind, each with the contract's name."""
    contracts = bench.artifacts.items()
    return [(name, entry) for name, each in contracts for entry in each.abi if entry["type"] == kind]


def _events(bench: Workspace) -> set[tuple[str, str]]:
    return {(contract, signature(entry)) for contract, entry in _entries(bench, "event")}


def _errors(bench: Workspace) -> set[str]:
    return {entry["name"] for _, entry in _entries(bench, "error")}
