"""The seam between the harness and a vault: an adapter starts it, carries out steps, and observes it.

Everything else is an ability: a method or an attribute that is used when it is there. The guide lists them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, Protocol

from ringfence.types.actions import Action, Alphabet, Step
from ringfence.types.facts import Facts
from ringfence.types.outcome import Outcome
from ringfence.types.state import VaultState


class VaultAdapter(Protocol):
    """What a vault must offer to be tested."""

    def apply(self, step: Step) -> Outcome:
        """Send the step's action in its block; say what came of it. Refusals are values, never exceptions."""
        ...

    def observe(self) -> VaultState:
        """Read the state back."""
        ...


class Rewindable(Protocol):
    """An optional ability: to go back to an earlier state, as often as wanted."""

    def snapshot(self) -> object:
        """Return a mark of the present state."""
        ...

    def restore(self, mark: object) -> None:
        """Go back to the state of ``mark``, which stays good; marks made after it are lost."""
        ...


class RewindableVault(VaultAdapter, Rewindable, Protocol):
    """A vault that can be tested many times from one start."""


class Adapter:
    """A base for adapters: methods that are declared with ``@action`` are the vault's actions.

    ``facts`` are the first price and one ordinary trade. ``abilities`` are those that no method shows.
    """

    facts: ClassVar[Facts]
    actions: ClassVar[Sequence[type[Action]]] = ()
    abilities: Any = frozenset()
    _methods: ClassVar[Mapping[type[Action], str]] = {}

    def __init_subclass__(cls) -> None:
        """Collect the actions of the class and of its bases, in the order in which they are written."""
        super().__init_subclass__()
        if "actions" in vars(cls):  # stated as classes, as a vault with an ``apply`` of its own does
            return
        methods = dict(cls._methods)
        for name, member in vars(cls).items():
            declared = getattr(member, "action", None)
            if isinstance(declared, type) and issubclass(declared, Action):
                methods = {kind: other for kind, other in methods.items() if other != name}
                methods[declared] = name
        cls._methods = methods
        cls.actions = tuple(Alphabet(methods))

    def __init__(self, bench: Any) -> None:
        """Take the workspace, and deploy."""
        self.bench = bench
        self._seconds = 0
        self.deploy(bench)

    def deploy(self, bench: Any) -> None:
        """Put the vault on the chain, and give accounts what they need."""

    def apply(self, step: Step) -> Outcome:
        """Carry out a step by the method that is declared as its action."""
        self._seconds = step.seconds
        values = {name: getattr(step.action, name) for name in step.action.__dataclass_fields__}
        outcome: Outcome = getattr(self, self._methods[type(step.action)])(**values)
        return outcome

    def send(self, account: str, contract: str, function: str, *args: Any, **options: Any) -> Outcome:
        """Send a transaction of the present step: the first waits its seconds, others hardly."""
        seconds, self._seconds = self._seconds, 0 if self.bench.chain.shares_blocks else 1
        outcome: Outcome = self.bench.send(account, contract, function, *args, seconds=seconds, **options)
        return outcome

    def observe(self) -> VaultState:
        """Return all that can be seen of the vault."""
        raise NotImplementedError(f"{type(self).__name__} has no method observe")


REQUIRED: Final = ("apply", "observe")
