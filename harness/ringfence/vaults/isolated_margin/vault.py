"""The vault on a chain as the harness sees it: apply a step, observe the state, go back."""

from collections.abc import Collection, Iterable

import ringfence as rf
from ringfence.vaults.isolated_margin.actions import ALPHABET, SetOperator, SetOperatorWithSig
from ringfence.vaults.isolated_margin.calls import ActionCalls
from ringfence.vaults.isolated_margin.deployment import Deployment
from ringfence.vaults.isolated_margin.storage import StorageReader


class IsolatedMarginVault:
    """Sends actions to a deployed market and reads it back."""

    actions: Collection[type[rf.Action]] = ALPHABET

    def __init__(self, deployment: Deployment) -> None:
        """Take a market as it was deployed."""
        self.deployment, self.workspace = deployment, deployment.workspace
        self._calls = ActionCalls(self.workspace)
        self._reader = StorageReader(deployment)
        self._state: rf.VaultState | None = None

    @property
    def timestamp(self) -> int:
        """Return the time of the latest block."""
        return self.workspace.chain.timestamp

    @property
    def creation_code(self) -> bytes:
        """Return the code of vault and pool before their arguments: its hash goes into findings."""
        return self.workspace.creation_code

    @property
    def gas_used(self) -> int:
        """Return the gas of the last step's transaction."""
        return self.workspace.gas_used

    def apply(self, step: rf.Step) -> rf.Outcome:
        """Send the step's action as its account; ``gas_used`` is then the transaction's."""
        action = step.action
        contract, function, args = self._calls.order(action, self.timestamp + step.seconds)
        if isinstance(action, SetOperator):
            self._reader.watch(action.account, action.operator)
        elif isinstance(action, SetOperatorWithSig):
            self._reader.watch(action.owner, action.operator)
        known, self._state = self._state, None
        outcome = self.workspace.send(action.account, contract, function, *args, seconds=step.seconds)
        if isinstance(outcome, rf.Refused):
            self._state = known
        return outcome

    def watch(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Observe, from now on, whether these owners' operators may act, who were named before any step."""
        for owner, operator in pairs:
            self._reader.watch(owner, operator)
        self._state = None

    def observe(self) -> rf.VaultState:
        """Return the whole state, read from storage; a transaction that was refused has not changed it."""
        if self._state is None:
            self._state = self.read()
        return self._state

    def read(self) -> rf.VaultState:
        """Return the whole state, whatever was done past this object: a chain restored, a contract called."""
        return self._reader.read()

    def snapshot(self) -> object:
        """Return a mark of the present state."""
        return self.workspace.snapshot()

    def restore(self, mark: object) -> None:
        """Go back to ``mark``, as often as wanted."""
        self.workspace.restore(mark)
        self._state = None
