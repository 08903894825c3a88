"""The seam between the harness and a vault: an adapter starts it, carries out steps, and observes it.

Everything else is an ability: a method or an attribute that is used when it is there. The guide lists them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from ringfence.types.actions import Action, Step, parameters_of
from ringfence.types.declaration import declaration_of
from ringfence.types.errors import AdapterFault, place_of
from ringfence.types.facts import Facts
from ringfence.types.outcome import Outcome
from ringfence.types.state import PositionState, VaultState


class RewindableVault(Protocol):
    """What a vault must offer to be tested many times from one start."""

    def apply(self, step: Step) -> Outcome:
        """Send the step's action in its block; say what came of it. Refusals are values, never exceptions."""
        ...

    def observe(self) -> VaultState:
        """Read the state back."""
        ...

    def snapshot(self) -> object:
        """Return a mark of the present state."""
        ...

    def restore(self, mark: object) -> None:
        """Go back to the state of ``mark``, which stays good; marks made after it are lost."""
        ...


class Adapter:
    """A base for adapters: its methods that ``@action`` declares are the vault's actions.

    ``facts`` are the first price and one ordinary trade. ``abilities`` are those that no method shows.
    ``tolerances`` are units by which amounts that a property compares may differ, by its id, and for
    ``"MODEL"`` those by which amounts of the reference model may, by their names. ``sums`` are what positions
    add to totals that are sums over them, by the totals' names. With
    ``one_transaction_per_block`` no two transactions share a block. A subclass that overrides a declared
    method keeps its declaration; one that sets it to None drops it.
    """

    facts: ClassVar[Facts]
    actions: ClassVar[Sequence[type[Action]]] = ()
    abilities: Any = frozenset()
    sums: ClassVar[Mapping[str, Callable[[PositionState], int]]] = {}
    tolerances: ClassVar[Mapping[str, int | Mapping[str, int]]] = {}
    one_transaction_per_block: ClassVar[bool] = False
    _states_actions: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        """Collect the actions of the class and of its bases, unless ``actions`` states them."""
        super().__init_subclass__()
        cls._states_actions = cls._states_actions or "actions" in vars(cls)
        if not cls._states_actions:
            cls.actions = tuple(_declared(cls).values())

    def __init__(self, workspace: Any) -> None:
        """Take the workspace, and deploy."""
        self.workspace = workspace
        self._seconds = 0
        self.deploy(workspace)

    def deploy(self, workspace: Any) -> None:
        """Put the vault on the chain, and give accounts what they need."""

    def apply(self, step: Step) -> Outcome:
        """Carry out a step by the method that is declared as its action."""
        self._seconds = step.seconds
        values = {name: getattr(step.action, name) for name in parameters_of(type(step.action))}
        outcome: Outcome = getattr(self, step.action.method)(**values)
        return outcome

    def send(self, account: str, contract: str, function: str, *args: Any, value: int = 0) -> Outcome:
        """Send a transaction of the present step: the first waits its seconds, others as few as possible."""
        is_shared = self.workspace.chain.shares_blocks and not self.one_transaction_per_block
        seconds, self._seconds = self._seconds, 0 if is_shared else self.facts.block_time or 1
        outcome: Outcome = self.workspace.send(
            account, contract, function, *args, seconds=seconds, value=value
        )
        return outcome


def _declared(adapter: type) -> dict[str, type[Action]]:
    """Return the actions that an adapter's methods declare, by method, bases first; raises AdapterFault."""
    declared: dict[str, type[Action]] = {}
    for base in reversed(adapter.__mro__):
        for method, member in vars(base).items():
            found = declaration_of(member)
            if found:
                declared[method] = found
            elif member is None:
                declared.pop(method, None)
    for method, each in declared.items():
        other = next(name for name, earlier in declared.items() if earlier.name == each.name)
        if other != method:
            place = place_of(getattr(adapter, method))
            raise AdapterFault(f"{place}: two actions are called {each.name}, {other} and {method}.")
    return declared
