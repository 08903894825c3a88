"""A market and whatever else is put on its chain: hostile tokens, wallets, other markets, any call."""

from dataclasses import replace

from ringfence.evm.abi import Interface, Refusals
from ringfence.evm.abi.interface import inputs_coder
from ringfence.evm.artifacts import Artifact, load, loaded
from ringfence.evm.chains.base import Chain, Reverted
from ringfence.types.actions import Action, Program, Step
from ringfence.types.outcome import Done, Outcome, Refused, Value
from ringfence.types.roles import OWNER
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
        self.deployment = deploy(chain, setup, contracts)
        self.chain = chain
        self.book = self.deployment.book
        self._vault = IsolatedMarginVault(self.deployment)
        self._calls = Calls(self.deployment)
        self._interfaces = dict(self.deployment.interfaces)
        self._refusals = Refusals([artifact.abi for artifact in loaded()], self.book)
        self.run(setup.opening())

    def run(self, program: Program) -> None:
        """Carry out every step; raises AssertionError when one is refused."""
        for step in program:
            outcome = self._vault.apply(step)
            assert isinstance(outcome, Done), f"{step}: {outcome}"

    def act(self, action: Action, seconds: int = 1) -> Outcome:
        """Carry out an action of the alphabet."""
        return self._vault.apply(Step(action, seconds))

    def do(self, account: str, contract: str, function: str, *args: Value, seconds: int = 1) -> Outcome:
        """Send a call of any function. The outcome has no events."""
        called = self._interfaces[contract][function]
        receipt = self.deployment.send(account, contract, called.call(*args), seconds)
        if not receipt.ok:
            return self.refusal(receipt.output)
        return Done(called.result(receipt.output), ())

    def ask(self, contract: str, view: str, *args: Value) -> "Value | Refused":
        """Return what a view answers to the owner, or its refusal."""
        asked = self._interfaces[contract][view]
        try:
            output = self.chain.call(self.book.text(contract), asked.call(*args), self.book.text(OWNER))
        except Reverted as reverted:
            return self.refusal(reverted.output)
        return asked.result(output)

    def order(self, action: Action) -> Order:
        """Return how an action of the alphabet would be sent in the next block."""
        return self._calls.order(action, self.chain.timestamp + 1)

    def calldata(self, contract: str, function: str, *args: Value) -> bytes:
        """Return a call's bytes."""
        return self._interfaces[contract][function].call(*args)

    def refusal(self, output: bytes) -> Refused:
        """Return revert data as the error it stands for."""
        return self._refusals.read(output)

    def place(self, contract: str, *args: Value) -> str:
        """Return the address of a new contract of ours, by which it is called; raises Reverted."""
        return self.deploy(load(contract), *args)

    def deploy(self, artifact: Artifact, *args: Value) -> str:
        """Return the address of a new contract, by which it is called; raises Reverted."""
        inputs = [entry["inputs"] for entry in artifact.abi if entry["type"] == "constructor"]
        arguments = inputs_coder(inputs[0] if inputs else (), self.book).encode(args)
        address = self.chain.deploy(artifact.bytecode + arguments, self.book.text(OWNER))
        self.know(address, artifact)
        return address

    def know(self, address: str, artifact: Artifact) -> None:
        """Call the contract at ``address`` by the functions of ``artifact``."""
        self._interfaces[address] = Interface(artifact.abi, self.book)

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
