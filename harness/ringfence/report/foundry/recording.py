"""What an adapter asked of its workspace, in names, so that the same can be asked elsewhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from ringfence.engine.guard import ValidatedVault
from ringfence.engine.replay import Frame, replay
from ringfence.engine.target import ANY_SIZE, Target
from ringfence.evm.artifacts import Artifact
from ringfence.evm.chains.base import Chain
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.types.finding import Finding
from ringfence.types.outcome import Done, Outcome, Refused, Value
from ringfence.types.roles import OWNER

Answer: TypeAlias = "Value | Refused"


@dataclass(frozen=True, slots=True)
class Named:
    """A contract got a name. ``args`` and ``sender`` are of its deployment, if it was the adapter's own."""

    name: str
    address: str
    args: tuple[Value, ...]
    sender: str | None
    value: int = 0


@dataclass(frozen=True, slots=True)
class Called:
    """A transaction ``seconds`` after the last block, or without them a view, and what came of it."""

    account: str
    contract: str
    function: str
    args: tuple[Value, ...]
    outcome: Outcome
    seconds: int | None = None
    value: int = 0


@dataclass(frozen=True, slots=True)
class StateMark:
    """A state to go back to, the first, second, ... of the recording, was taken or restored."""

    number: int
    is_restored: bool = False


Entry: TypeAlias = Named | Called | StateMark


class RecordingWorkspace(Workspace):
    """A workspace that notes in ``trace`` what is asked of it, in order."""

    def __init__(self, chain: Chain) -> None:
        """Take a chain on which nothing of the vault is yet."""
        self.trace: Final[list[Entry]] = []
        self._deployments: dict[str, tuple[tuple[Value, ...], str, int]] = {}
        self._marks: list[object] = []
        super().__init__(chain)

    def know(self, name: str, contract: Artifact, address: str) -> None:
        """Name a contract."""
        super().know(name, contract, address)
        args, sender, value = self._deployments.pop(address.lower(), ((), None, 0))
        self.trace.append(Named(name, address.lower(), args, sender, value))

    def send(
        self, account: str, contract: str, function: str, *args: Value, seconds: int = 1, value: int = 0
    ) -> Outcome:
        """Send a transaction."""
        outcome = super().send(account, contract, function, *args, seconds=seconds, value=value)
        self.trace.append(Called(account, contract, function, args, outcome, seconds, value))
        return outcome

    def ask(self, contract: str, function: str, *args: Value, sender: str = OWNER) -> Answer:
        """Return what a view answers."""
        answer = super().ask(contract, function, *args, sender=sender)
        outcome = answer if isinstance(answer, Refused) else Done(answer, ())
        self.trace.append(Called(sender, contract, function, args, outcome))
        return answer

    def snapshot(self) -> StateMark:
        """Return a mark of the present state."""
        mark = StateMark(len(self._marks))
        self._marks.append(super().snapshot())
        self.trace.append(mark)
        return mark

    def restore(self, mark: object) -> None:
        """Go back to a mark."""
        assert isinstance(mark, StateMark)
        super().restore(self._marks[mark.number])
        self.trace.append(StateMark(mark.number, is_restored=True))

    def _create(
        self, name: str, contract: Artifact, args: Sequence[Value], sender: str, value: int = 0
    ) -> str:
        address = super()._create(name, contract, args, sender, value)
        self._deployments[address.lower()] = tuple(args), sender, value
        return address


@dataclass(frozen=True, slots=True)
class Recording:
    """What was asked until the vault was ready, and then for each frame: of the opening, and of each step."""

    vault: ValidatedVault
    ready: Sequence[Entry]
    frames: Sequence[tuple[Frame, Sequence[Entry]]]

    @property
    def views(self) -> Iterator[Called]:
        """Yield every view that was asked."""
        for entries in (self.ready, *(entries for _, entries in self.frames)):
            yield from (each for each in entries if isinstance(each, Called) and each.seconds is None)


def recorded(finding: Finding) -> Recording:
    """Replay a finding's call sequence, next to the model if that is what it differs from."""
    target = Target.of(finding)
    target.workspace = RecordingWorkspace
    system = target.system(finding.market, RevmChain(ANY_SIZE))
    vault, property_id = system.vault, None if finding.cause.differences else finding.property_id
    assert isinstance(vault, ValidatedVault)
    assert isinstance(vault.bench, RecordingWorkspace)
    trace, frames = vault.bench.trace, []
    start = last = len(trace)
    for frame in replay(system, finding.sequence, property_id):
        frames.append((frame, trace[last:]))
        last = len(trace)
    return Recording(vault, trace[:start], frames)


def lasting(entries: Sequence[Entry]) -> list[Named | Called]:
    """Return what was not undone by going back to a mark."""
    remaining: list[Entry] = []
    for entry in entries:
        if isinstance(entry, StateMark) and entry.is_restored:
            taken = StateMark(entry.number)
            del remaining[remaining.index(taken) if taken in remaining else 0 :]
        else:
            remaining.append(entry)
    return [each for each in remaining if not isinstance(each, StateMark)]
