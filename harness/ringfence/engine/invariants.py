"""Properties that a project has already: functions of contracts which an adapter names in ``invariants``.

Functions without parameters count: ``invariant...`` and ``statefulFuzz...``, which Foundry takes, hold when
they do not revert; ``echidna_...`` and ``property_...``, which Echidna and Medusa take, when they return
true. Each is asked at every state, as a view; one that writes is sent, and undone.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from ringfence.engine.fault import Blaming
from ringfence.engine.guard import ValidatedVault
from ringfence.evm.artifacts import Artifact
from ringfence.evm.workspace import Workspace
from ringfence.properties.registry import Check, Property
from ringfence.types.errors import AdapterFault
from ringfence.types.outcome import Outcome, Refused
from ringfence.types.roles import OWNER
from ringfence.types.state import VaultState

MEMBER: Final = "invariants"  # of an adapter
FOUNDRYS: Final = ("invariant", "statefulFuzz")
OTHERS: Final = ("echidna_", "property_")
TRUTH: Final = ["bool"]
VIEWS: Final = ("view", "pure")
FAILED: Final = "failed"  # DSTest's function: assertions note a failure there, and do not revert


class Invariant:
    """One such function. ``returns_truth``: it holds only when it returns true.

    ``may_fail``: it holds only if ``failed()`` of the same contract is not true after it.
    """

    def __init__(self, vault: ValidatedVault, contract: str, entry: dict[str, Any]) -> None:
        """Take a vault whose workspace has the contract, and the function's ABI."""
        self._vault, self.contract, self.function = vault, contract, str(entry["name"])
        self.returns_truth = not self.function.startswith(FOUNDRYS)
        self._is_view = entry["stateMutability"] in VIEWS
        self.may_fail = FAILED in vault.bench.interfaces[contract].functions

    @property
    def sentence(self) -> str:
        """Return what must hold."""
        call = f"{self.contract}.{self.function}()"
        return f"{call} returns true." if self.returns_truth else f"{call} does not revert."

    def claims(self, state: VaultState) -> list[str | None]:
        """Return what is wrong with the present state, or None; raises AdapterFault."""
        bench = self._vault.bench
        with Blaming(self._vault.name, MEMBER):
            answer = bench.ask(self.contract, self.function)
            if isinstance(answer, Refused):
                return [_refusal(answer) if self._is_view else self._sent(bench)]
            return [self._claim(answer)]

    def _claim(self, answer: object) -> str | None:
        if answer is False or (self.returns_truth and answer is not True):
            return f"{self.function} returns {'false' if answer is False else 'nothing'}"
        return None

    def _sent(self, bench: Workspace) -> str | None:
        """Return what is wrong when the function is sent as a transaction, which is undone."""
        mark, last = bench.snapshot(), bench.last_call
        try:
            seconds = 0 if bench.chain.shares_blocks else 1
            outcome: Outcome = bench.send(OWNER, self.contract, self.function, seconds=seconds)
            if isinstance(outcome, Refused):
                return _refusal(outcome)
            if self.may_fail and bench.ask(self.contract, FAILED) is True:
                return f"{FAILED} returns true after {self.function}"
            return self._claim(outcome.value)
        finally:
            bench.restore(mark)
            bench.last_call = last


def _refusal(refusal: Refused) -> str:
    args = ", ".join(map(str, refusal.args)) if refusal.label == refusal.error else ""
    return f"it reverts with {refusal.label}{f'({args})' if args else ''}"


def invariants_of(vault: ValidatedVault) -> dict[str, Invariant]:
    """Return the functions of the contracts that an adapter names, by ids; raises AdapterFault for none.

    The id is the function's name, after the contract's where several contracts have one of that name.
    """
    contracts: Sequence[str] = getattr(vault, MEMBER, ())
    found = [each for contract in contracts for each in _declared(vault, contract)]
    names = [each.function for each in found]
    return {
        each.function if names.count(each.function) == 1 else f"{each.contract}.{each.function}": each
        for each in found
    }


def as_properties(invariants: dict[str, Invariant]) -> tuple[Property, ...]:
    """Return these functions as properties of every state."""
    return tuple(
        Property(name, each.sentence, (Check(each.claims, VaultState),), is_own=True)
        for name, each in invariants.items()
    )


def _declared(vault: ValidatedVault, contract: str) -> Iterator[Invariant]:
    stated = f"{vault.name}.{MEMBER} names {contract}"
    artifact: Artifact | None = vault.bench.artifacts.get(contract)
    if artifact is None:
        known = ", ".join(vault.bench.artifacts) or "none"
        raise AdapterFault(f"{stated}, and the workspace has no contract of that name: it has {known}.")
    entries = [entry for entry in artifact.abi if entry["type"] == "function" and _counts(entry)]
    if not entries:
        raise AdapterFault(f"{stated}, which has no invariant_*, echidna_* or property_* without parameters.")
    yield from (Invariant(vault, contract, entry) for entry in entries)


def _counts(entry: dict[str, Any]) -> bool:
    """Return whether a function is a property: Echidna's and Medusa's return a truth value."""
    name, outputs = entry["name"], [part["type"] for part in entry["outputs"]]
    is_named = name.startswith(FOUNDRYS) or (name.startswith(OTHERS) and outputs == TRUTH)
    return is_named and not entry["inputs"]
