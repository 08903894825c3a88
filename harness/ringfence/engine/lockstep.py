"""Act twice, compare once: every step goes to the vault and to its model, and any difference ends the run."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Generic, TypeVar

from ringfence.types.actions import CallSequence, Step
from ringfence.types.adapter import RewindableVault
from ringfence.types.outcome import Done, Outcome
from ringfence.types.state import VaultState

V = TypeVar("V", bound=RewindableVault)
M = TypeVar("M", bound=RewindableVault)


class Divergence(Exception):
    """Vault and model disagree after the last step of ``program``."""

    def __init__(self, program: CallSequence, differences: tuple[str, ...]) -> None:
        last = f"step {len(program)}: {program[-1]}" if program else "the start"
        lines = [last, *differences]
        super().__init__("\n  ".join(lines))
        self.program = program
        self.differences = differences


@dataclass(frozen=True, slots=True)
class Mark:
    """A state of both to go back to, and the steps that led there."""

    vault: object
    model: object
    steps: int


class Lockstep(Generic[V, M]):
    """A vault and its model, kept at the same point of the same program. The model acts first."""

    def __init__(self, vault: V, model: M) -> None:
        """Take two that are in the same state; raises Divergence when they are not."""
        self.vault = vault
        self.model = model
        self.steps: list[Step] = []
        self.state = model.observe()
        self._compare_states(vault.observe())

    def apply(self, step: Step) -> Outcome:
        """Apply a step to both and return what came of it; ``state`` is then the state after it.

        Raises:
            Divergence: outcome, returned value, events or state differ.
        """
        self.steps.append(step)
        expected, actual = self.model.apply(step), self.vault.apply(step)
        if expected != actual:
            self._diverge(differing_outcomes(expected, actual))
        self.state = self.model.observe()
        self._compare_states(self.vault.observe())
        return expected

    def run(self, program: Iterable[Step]) -> None:
        """Apply every step; raises Divergence."""
        for step in program:
            self.apply(step)

    def snapshot(self) -> Mark:
        """Return a mark of the present state."""
        return Mark(self.vault.snapshot(), self.model.snapshot(), len(self.steps))

    def restore(self, mark: Mark) -> None:
        """Go back to ``mark``, as often as wanted; later marks are lost."""
        self.vault.restore(mark.vault)
        self.model.restore(mark.model)
        del self.steps[mark.steps :]
        self.state = self.model.observe()

    def _compare_states(self, actual: VaultState) -> None:
        if actual != self.state:
            self._diverge(differing_states(self.state, actual))

    def _diverge(self, differences: Iterable[str]) -> None:
        raise Divergence(tuple(self.steps), tuple(differences))


def differing_outcomes(expected: Outcome, actual: Outcome) -> Iterator[str]:
    """Tell where two outcomes differ, a line each."""
    if not isinstance(expected, Done) or not isinstance(actual, Done):
        yield f"outcome: model {told(expected)}, vault {told(actual)}"
        return
    if expected.value != actual.value:
        yield f"returned: model {expected.value!r}, vault {actual.value!r}"
    for index in range(max(len(expected.events), len(actual.events))):
        pair = [outcome.events[index : index + 1] for outcome in (expected, actual)]
        if pair[0] != pair[1]:
            model, vault = (event[0] if event else "none" for event in pair)
            yield f"event {index + 1}: model {model}, vault {vault}"


def told(outcome: Outcome) -> str:
    """Return an outcome without its events."""
    if isinstance(outcome, Done):
        return f"Done({outcome.value!r})"
    return f"Refused({outcome.error}{outcome.args})"


def differing_states(expected: VaultState, actual: VaultState) -> Iterator[str]:
    """Tell every value in which two states differ, a line each."""
    for field in fields(VaultState):
        model, vault = getattr(expected, field.name), getattr(actual, field.name)
        if not isinstance(model, dict):
            if model != vault:
                yield f"{field.name}: model {set(model - vault)}, vault {set(vault - model)} alone"
            continue
        for key in sorted(model.keys() | vault.keys()):
            if model.get(key) != vault.get(key):
                yield f"{field.name}[{key!r}]: model {model.get(key)}, vault {vault.get(key)}"
