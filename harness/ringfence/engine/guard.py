"""An adapter behind the seam of a vault that can be rewound; what it does wrong is said in one sentence."""

from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, fields
from math import inf
from time import monotonic
from typing import Any, Final, cast

from ringfence.engine.fault import Blaming
from ringfence.engine.limits import Limits
from ringfence.engine.name_check import check_names
from ringfence.evm.abi.coder import DoesNotFit
from ringfence.evm.chains.base import Chain
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import NoSuchPosition, Workspace
from ringfence.properties import Ability
from ringfence.properties.book import ValuedState
from ringfence.properties.own import claims_of
from ringfence.types.actions import Alphabet, CallSequence, Step
from ringfence.types.errors import AdapterFault
from ringfence.types.facts import Facts
from ringfence.types.kinds import Kind
from ringfence.types.moment import Moment
from ringfence.types.outcome import Done, Outcome, Refused
from ringfence.types.state import AccountState, PositionState, VaultState

NOT_OFFERED: Final = Refused("NotOffered", ())
OFTEN_AT_FIRST: Final = 64  # observations whose types are all looked at; later one in ASKED_TWICE
ASKED_TWICE: Final = 8  # one observation in 8 is made twice
NUMBERS: Final = {
    kind: [each.name for each in fields(kind) if each.name not in ("owner", "amounts")]
    for kind in (PositionState, AccountState)
}


class StepTooLate(Exception):
    """A step is due after the deadline."""


@dataclass(frozen=True, slots=True)
class VaultMark:
    """A state to go back to: the chain's or the adapter's own, and the steps that led there."""

    own: object
    keys: int
    opened: int
    steps: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A step that was sent to see what comes of it, and the way back."""

    mark: VaultMark
    step: Step
    outcome: Outcome


class ValidatedVault:
    """Sends to an adapter only what it offers, and believes nothing that it answers.

    ``opened`` is the highest number of a position, open or not, ``soonest`` the least seconds that a step
    waits. No step is sent after ``deadline``, on the clock of ``monotonic``.
    An adapter that neither uses the workspace nor can be rewound is made anew and its steps are repeated.
    """

    def __init__(
        self,
        adapter: Callable[[Workspace], Any],
        chain: Callable[[], Chain],
        workspace: Callable[[Chain], Workspace] = Workspace,
    ) -> None:
        """Make the adapter on a chain of its own; raises AdapterFault."""
        self.name: str = getattr(adapter, "__name__", "adapter")
        self._make, self._chain, self._workspace = adapter, chain, workspace
        self.bench, self._adapter = self._started()
        check_names(self._adapter, self.bench)
        self._steps: list[Step] = []
        self._recorded: dict[CallSequence, None] | None = None
        self._recorded_from = 0
        self.opened = self._waiting = 0
        self.facts: Facts = self._adapter.facts
        self._amounts = {each.name for each in self.facts.amounts}
        self.actions = Alphabet(sorted(self._adapter.actions, key=lambda each: each.name))
        limits = Limits.of(self._adapter)
        is_shared = self.bench.chain.shares_blocks and not limits.is_alone
        shares = {Ability.SAME_BLOCK} if self.bench.contracts and is_shared else set()
        self.abilities = frozenset(self._adapter.abilities) | shares
        self.soonest = 0 if is_shared else limits.block_time or 1
        self._is_alone = limits.is_alone
        self._observed = 0
        self._foreseen: Foreseen | None = None
        self.deadline = inf
        self._seen: tuple[tuple[int, ...] | None, Any] = (None, None)

    @property
    def creation_code(self) -> bytes:
        """Return the code of every contract: its hash distinguishes findings."""
        return self.bench.creation_code

    @property
    def messages(self) -> int:
        """Return what the chain was sent and asked so far; 0 where it does not count."""
        chain = self.bench.chain
        return chain.messages if isinstance(chain, RevmChain) else 0

    @property
    def has_room(self) -> bool:
        """Return whether marks can be made as often as wanted: the EVM has room for some hundreds."""
        chain = self.bench.chain
        return not (isinstance(chain, RevmChain) and chain.is_deep)

    @property
    def timestamp(self) -> int:
        """Return the time of the latest block."""
        return self.bench.chain.timestamp + self._waiting

    def __getattr__(self, name: str) -> Any:
        """Return what else the adapter can do, by its abilities."""
        return getattr(self._adapter, name)

    def apply(self, step: Step) -> Outcome:
        """Send a step; raises AdapterFault, StepTooLate."""
        foreseen, self._foreseen = self._foreseen, None
        if foreseen is not None:
            if step is foreseen.step:
                return foreseen.outcome
            self.restore(foreseen.mark)
        return self._apply(step)

    def foresee(self, step: Step) -> Outcome:
        """Return what comes of a step, which is undone unless it is sent next; raises as ``apply`` does.

        A step that was carried out is not sent a second time then.
        """
        mark = self.snapshot()
        try:
            outcome = self._apply(step)
        except BaseException:
            self.restore(mark)
            raise
        if isinstance(outcome, Done):
            self._foreseen = Foreseen(mark, step, outcome)
        else:
            self.restore(mark)
        return outcome

    def _apply(self, step: Step) -> Outcome:
        if monotonic() >= self.deadline:
            raise StepTooLate
        if type(step.action) not in self.actions:
            self._waiting += step.seconds
            return NOT_OFFERED
        self._steps.append(step)
        if self._recorded is not None:
            self._recorded[tuple(self._steps[self._recorded_from :])] = None
        due = self.timestamp + step.seconds
        seconds = max(self.soonest, step.seconds + self._waiting)
        outcome = self._sent(step if seconds == step.seconds else Step(step.action, seconds))
        if self.bench.contracts:  # without a transaction no block was made, and with many one too many
            early = due - self.bench.chain.timestamp
            self._waiting = max(0, early) if self._is_alone else early
        return self._checked(step, outcome)

    def wait(self, seconds: int) -> None:
        """Have the next step come so much later."""
        self._waiting += seconds

    def observe(self) -> VaultState:
        """Return the state; raises AdapterFault."""
        self._undo()
        version = self._version()
        is_known = version is not None and version == self._seen[0]
        state = self._seen[1] if is_known else self._look()
        self._observed += 1
        self._seen = version, state
        if self._observed % ASKED_TWICE == 1:
            again = self._look()
            if again != state:
                raise AdapterFault(
                    f"{self.name}.observe disagrees with itself: {_first_difference(state, again)}."
                )
        return state

    def book(self, state: VaultState, moment: Moment) -> ValuedState | None:
        """Return the state valued by the adapter; raises AdapterFault."""
        self._undo()
        with Blaming(self.name, "book"):
            valued: ValuedState | None = self._adapter.book(state, moment)
        return valued

    def ask(self, method: str, subject: object) -> list[str | None]:
        """Return the claims of the adapter's own property about what it looks at; raises AdapterFault."""
        self._undo()
        with Blaming(self.name, method):
            return list(claims_of(getattr(self._adapter, method), subject))

    def snapshot(self) -> VaultMark:
        """Return a mark of the present state."""
        self._undo()
        if hasattr(self._adapter, "snapshot"):
            own = self._adapter.snapshot()
        else:
            own = self.bench.snapshot() if self.bench.contracts else tuple(self._steps)
        return VaultMark(own, len(self.bench.keys), self.opened, len(self._steps), self._waiting)

    def restore(self, mark: object) -> None:
        """Go back to ``mark``."""
        assert isinstance(mark, VaultMark)
        self._foreseen = None
        if hasattr(self._adapter, "restore"):
            self._adapter.restore(mark.own)
        elif self.bench.contracts:
            self.bench.restore(mark.own)
        else:
            self._redo(mark)
        del self.bench.keys[mark.keys :]
        del self._steps[mark.steps :]
        self.opened, self._waiting = mark.opened, mark.waiting

    @contextmanager
    def recorded(self) -> Iterator[dict[CallSequence, None]]:
        """Collect every sequence of steps that reaches a state from here, trials included, in their order."""
        self._recorded, self._recorded_from = {}, len(self._steps)
        try:
            yield self._recorded
        finally:
            self._recorded = None

    def _undo(self) -> None:
        if self._foreseen is not None:
            self.restore(self._foreseen.mark)

    def _version(self) -> tuple[int, ...] | None:
        """Return what the state is known by where it is the chain's alone: after a refusal it is the same."""
        chain = self.bench.chain
        if not isinstance(chain, RevmChain) or not self.bench.contracts or hasattr(self._adapter, "snapshot"):
            return None
        return chain.version, chain.number, chain.timestamp, len(self.bench.keys)

    def _started(self) -> tuple[Workspace, Any]:
        bench = self._workspace(self._chain())
        with Blaming(self.name, "__init__"):
            adapter = self._make(bench)
        bench.chain.block_time = adapter.facts.block_time
        return bench, adapter

    def _redo(self, mark: VaultMark) -> None:
        steps = self._steps[: mark.steps]
        self.bench, self._adapter = self._started()
        self._steps, self.opened, self._waiting = [], 0, 0
        deadline, self.deadline = self.deadline, inf
        for step in steps:
            self.apply(step)
        self.deadline = deadline

    def _sent(self, step: Step) -> object:
        self._waiting = 0
        self.bench.last_call = None
        try:
            with Blaming(self.name, "apply"):
                return self._adapter.apply(step)
        except NoSuchPosition as missing:
            self._waiting = step.seconds
            return Refused("NoSuchPosition", missing.args)
        except AdapterFault as fault:
            number = fault.__cause__
            if not isinstance(number, DoesNotFit) or hasattr(self._adapter, "reference"):
                raise
            self._waiting = step.seconds  # no account could have sent it, and no model is asked
            return Refused("DoesNotFit", (number.value, number.kind))

    def _checked(self, step: Step, outcome: object) -> Outcome:
        if not isinstance(outcome, Done | Refused):
            raise AdapterFault(f"{self.name}.apply({step}) returned {outcome!r}, neither Done nor Refused.")
        if step.action.kind is Kind.OPENS and isinstance(outcome, Done):
            if type(outcome.value) is not int:
                answer = f"{self.name}.apply({step}) returned {outcome.value!r}"
                raise AdapterFault(f"{answer}, not the new position's number.")
            self.opened = max(self.opened, outcome.value)
        if isinstance(outcome, Done) and Ability.EVENTS not in self.abilities:
            return Done(outcome.value, ())
        return outcome

    def _look(self) -> VaultState:
        with Blaming(self.name, "observe"):
            state = self._adapter.observe()
        if self._observed < OFTEN_AT_FIRST or self._observed % ASKED_TWICE == 1:
            fault = _misshapen(state, self._amounts)
            if fault:
                raise AdapterFault(f"{self.name}.observe returned {fault}.")
        return cast(VaultState, state)


def _misshapen(state: object, declared: Set[str]) -> str | None:
    """Return what is wrong with an observation's types."""
    if not isinstance(state, VaultState):
        return f"{state!r}, no VaultState"
    parts: tuple[tuple[str, dict[Any, Any], type, type], ...] = (
        ("positions", state.positions, int, PositionState),
        ("totals", state.totals, str, int),
        ("accounts", state.accounts, str, AccountState),
        ("officers", state.officers, str, str),
    )
    for name, part, key_type, value_type in parts:
        for key, value in part.items():
            if type(key) is not key_type or not isinstance(value, value_type):
                return f"{name}[{key!r}] = {value!r}, no {value_type.__name__} by {key_type.__name__}"
    rows = (("positions", state.positions), ("accounts", state.accounts))
    return next(filter(None, (_wrong_field(name, part, declared) for name, part in rows)), None)


def _wrong_field(part: str, rows: dict[Any, Any], declared: Set[str]) -> str | None:
    for key, row in rows.items():
        named = ((name, getattr(row, name)) for name in NUMBERS[type(row)])
        for name, value in (*named, *row.amounts.items()):
            if type(value) is not int:
                return f"{part}[{key!r}].{name} = {value!r}, no int"
        if row.amounts.keys() - declared:
            return f"{part}[{key!r}].{min(row.amounts.keys() - declared)}, no amount that its facts declare"
    return None


def _first_difference(first: VaultState, second: VaultState) -> str:
    """Return the first value that was observed as one thing and then as another."""
    for each in fields(VaultState):
        earlier, later = getattr(first, each.name), getattr(second, each.name)
        for key in [*earlier, *later]:
            if earlier.get(key) != later.get(key):
                return f"{each.name}[{key!r}] is {earlier.get(key)}, and asked again {later.get(key)}"
    return "its operators are not the same when asked again"
