"""The vault on a chain as the harness sees it: apply a step, observe the state, go back."""

from collections.abc import Iterable
from dataclasses import dataclass

from ringfence.evm.abi import Function
from ringfence.evm.chains.base import Call, Receipt
from ringfence.types.actions import SetOperator, SetOperatorWithSig, Step
from ringfence.types.outcome import Done, Event, Outcome
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin.calls import Calls
from ringfence.vaults.isolated_margin.deployment import Deployment
from ringfence.vaults.isolated_margin.storage import StorageReader


@dataclass(frozen=True, slots=True)
class Mark:
    """A state to go back to, and the gas of the step that led there."""

    chain: object
    gas_used: int


class IsolatedMarginVault:
    """Sends actions to a deployed market and reads it back."""

    def __init__(self, deployment: Deployment) -> None:
        """Take a market as it was deployed."""
        self.deployment = deployment
        self.gas_used = 0
        self._chain = deployment.chain
        self._calls = Calls(deployment)
        self._reader = StorageReader(deployment)
        self._state: VaultState | None = None
        book = deployment.book
        self._addresses = {contract: book.text(contract) for contract in deployment.interfaces}
        self._contracts = {address: contract for contract, address in self._addresses.items()}

    @property
    def timestamp(self) -> int:
        """Return the time of the latest block."""
        return self._chain.timestamp

    @property
    def creation_code(self) -> bytes:
        """Return the code of vault and pool before their arguments: findings are told apart by its hash."""
        return self.deployment.contracts.creation_code

    def apply(self, step: Step) -> Outcome:
        """Send the step's action as its account; ``gas_used`` is then the transaction's."""
        action = step.action
        contract, name, args = self._calls.order(action, self._chain.timestamp + step.seconds)
        function = self.deployment.function(contract, name)
        sender = self.deployment.book.text(action.account)
        call = Call(sender, self._addresses[contract], function.call(*args))
        receipt = self._chain.send(call, step.seconds)
        if receipt.ok:
            self._state = None
        self.gas_used = receipt.gas_used
        if isinstance(action, SetOperator):
            self._reader.watch(action.account, action.operator)
        elif isinstance(action, SetOperatorWithSig):
            self._reader.watch(action.owner, action.operator)
        return self._outcome(function, receipt)

    def watch(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Observe, from now on, whether these owners' operators may act, who were named before any step."""
        for owner, operator in pairs:
            self._reader.watch(owner, operator)
        self._state = None

    def observe(self) -> VaultState:
        """Return the whole state, read from storage; a transaction that was refused has not changed it."""
        if self._state is None:
            self._state = self.read()
        return self._state

    def read(self) -> VaultState:
        """Return the whole state, whatever was done past this object: a chain restored, a contract called."""
        return self._reader.read()

    def snapshot(self) -> Mark:
        """Return a mark of the present state."""
        return Mark(self._chain.snapshot(), self.gas_used)

    def restore(self, mark: object) -> None:
        """Go back to ``mark``, as often as wanted."""
        assert isinstance(mark, Mark)
        self._chain.restore(mark.chain)
        self.gas_used = mark.gas_used
        self._state = None

    def _outcome(self, function: Function, receipt: Receipt) -> Outcome:
        if not receipt.ok:
            return self.deployment.refusals.read(receipt.output)
        interfaces, contracts = self.deployment.interfaces, self._contracts
        events = []
        for log in receipt.logs:
            emitter = contracts.get(log.address)
            if emitter is None:
                events.append(Event(log.address, "?", (*log.topics, log.data)))
            else:
                events.append(interfaces[emitter].event(emitter, log.topics, log.data))
        return Done(function.result(receipt.output), tuple(events))
