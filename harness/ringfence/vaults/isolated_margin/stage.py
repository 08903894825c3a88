"""A market and whatever else is put on its chain: hostile tokens, wallets, other markets, any call."""

from dataclasses import replace

from ringfence.evm.artifacts import Artifact, load
from ringfence.evm.chains.base import Chain
from ringfence.evm.workspace import Workspace
from ringfence.types.actions import Action, CallSequence, Step
from ringfence.types.outcome import Done, Outcome, Refused, Value
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin.calls import Calls, Order
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.deployment import deploy
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.vault import IsolatedMarginVault


class Stage:
    """Calls contracts by their names in the deployment; what was placed later, by its address."""

    def __init__(self, chain: Chain, setup: MarketSetup, contracts: Contracts) -> None:
        """Deploy a market and carry out its opening; raises AssertionError when a step of it is refused."""
        self.chain, self.contracts, self.workspace = chain, contracts, Workspace(chain)
        self.book, self.ask, self.calldata = self.workspace.book, self.workspace.ask, self.workspace.calldata
        self.deployment = deploy(self.workspace, setup, contracts)
        self._vault = IsolatedMarginVault(self.deployment)
        self.run(setup.opening())

    def run(self, program: CallSequence) -> None:
        """Carry out every step; raises AssertionError when one is refused."""
        for step in program:
            outcome = self._vault.apply(step)
            assert isinstance(outcome, Done), f"{step}: {outcome}"

    def act(self, action: Action, seconds: int = 1) -> Outcome:
        """Carry out an action of the alphabet."""
        return self._vault.apply(Step(action, seconds))

    def do(self, account: str, contract: str, function: str, *args: Value, seconds: int = 1) -> Outcome:
        """Send a call of any function. The outcome has no events."""
        outcome = self.workspace.send(account, contract, function, *args, seconds=seconds)
        return Done(outcome.value, ()) if isinstance(outcome, Done) else outcome

    def order(self, action: Action) -> Order:
        """Return how an action of the alphabet would be sent in the next block."""
        return Calls(self.workspace).order(action, self.chain.timestamp + 1)

    def refusal(self, output: bytes) -> Refused:
        """Return revert data as the error it stands for."""
        return self.workspace.refusals.read(output)

    def place(self, contract: str, *args: Value) -> str:
        """Return the address of a new contract of ours, by which it is called; raises Reverted."""
        return self.workspace.place(load(contract), *args)

    def know(self, address: str, artifact: Artifact) -> None:
        """Call the contract at ``address`` by the functions of ``artifact``."""
        self.workspace.know(address, artifact, address)

    def observe(self) -> VaultState:
        """Return the market's whole state, as it is in storage."""
        return self._vault.read()


def with_token(name: str) -> Contracts:
    """Return the ordinary contracts with another collateral token; raises ArtifactMissing."""
    return replace(Contracts.compiled(), token=load(name))


def with_turncoat_feed() -> Contracts:
    """Return the ordinary contracts with a feed that passes every question on, first to an ordinary feed."""
    turncoat, honest = load("TurncoatFeed"), load("MockPriceFeed")
    functions = [entry for entry in honest.abi if entry["type"] == "function"]
    return replace(Contracts.compiled(), feed=replace(turncoat, abi=[*turncoat.abi, *functions]))
