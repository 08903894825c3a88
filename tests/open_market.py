"""A market at its opening, and whatever else a test puts on its chain: tokens, wallets, other markets."""

from dataclasses import replace

from eth_utils.crypto import keccak
from ringfence.evm.artifacts import Artifact, load
from ringfence.evm.chains.base import Chain
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.types.actions import Action, CallSequence, Step
from ringfence.types.outcome import Done, Outcome
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin.calls import ActionCalls, Order
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.deployment import deploy
from ringfence.vaults.isolated_margin.markets import STANDARD, MarketSetup
from ringfence.vaults.isolated_margin.vault import IsolatedMarginVault


class OpenMarket(Workspace):
    """The ordinary contracts, with another token or feed where a test asks for it."""

    def __init__(
        self,
        setup: MarketSetup = STANDARD,
        token: str = "MockToken",
        feed: Artifact | None = None,
        chain: Chain | None = None,
    ) -> None:
        """Deploy, and carry out the opening; raises AssertionError when a step of it is refused."""
        super().__init__(chain or RevmChain())
        contracts = replace(Contracts.compiled(), token=load(token))
        deployment = deploy(self, setup, replace(contracts, feed=feed) if feed else contracts)
        self._vault = IsolatedMarginVault(deployment)
        self.run(setup.opening())

    def run(self, sequence: CallSequence) -> None:
        """Carry out every step; raises AssertionError when one is refused."""
        for step in sequence:
            outcome = self._vault.apply(step)
            assert isinstance(outcome, Done), f"{step}: {outcome}"

    def act(self, action: Action, seconds: int = 1) -> Outcome:
        """Carry out an action of the alphabet."""
        return self._vault.apply(Step(action, seconds))

    def order(self, action: Action) -> Order:
        """Return how an action of the alphabet would be sent in the next block."""
        return ActionCalls(self).order(action, self.chain.timestamp + 1)

    def observe(self) -> VaultState:
        """Return the market's whole state, as it is in storage."""
        return self._vault.read()


def place_factory(workspace: Workspace) -> str:
    """Return the address of a factory for the ordinary vault and pool."""
    codes = (load(name).bytecode for name in ("IsolatedMarginVault", "LiquidityPool"))
    return workspace.place(load("VaultFactory"), *map(keccak, codes))
