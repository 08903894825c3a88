"""Our vault with a seeded bug, as an adapter: ``tests.report.broken:market(at the threshold)``."""

from dataclasses import replace

from ringfence.engine.contest import Contest
from ringfence.engine.lockstep import Lockstep
from ringfence.evm.artifacts import load
from ringfence.evm.chains.base import Chain
from ringfence.evm.workspace import Workspace
from ringfence.types.actions import Step
from ringfence.types.outcome import Outcome
from ringfence.vaults.isolated_margin import IsolatedMarginVault, deploy
from ringfence.vaults.isolated_margin.actions import AddMargin, FundInsurance
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.examined import examine
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault
from ringfence.vaults.isolated_margin.seeded_bugs import specimens
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import creation_code


def market(chain: Chain, setup: MarketSetup, specimen: str) -> Contest:
    """Deploy the market of a specimen."""
    sources = next(each for each in specimens() if each.name == specimen).sources()
    vault, pool, lens = (
        replace(load(name), bytecode=creation_code(name, sources))
        for name in ("IsolatedMarginVault", "LiquidityPool", "VaultLens")
    )
    return examine(chain, setup, Contracts(vault, pool, load("BlacklistToken"), load("MockPriceFeed")), lens)


class Forgetful(IsolatedMarginVault):
    """Our vault, but one asset of some payments is lost on the way."""

    forgotten = ""  # which: of so many assets, or without this all margin that is added

    def apply(self, step: Step) -> Outcome:
        """Pay in one asset less."""
        action = step.action
        if isinstance(action, AddMargin | FundInsurance) and self._forgets(action):
            return super().apply(Step(replace(action, assets=action.assets - 1), step.seconds))
        return super().apply(step)

    def _forgets(self, action: AddMargin | FundInsurance) -> bool:
        if not self.forgotten:
            return isinstance(action, AddMargin)
        return self.forgotten == str(action.assets)


def forgetful(chain: Chain, setup: MarketSetup, forgotten: str = "") -> Lockstep[Forgetful, ReferenceVault]:
    """Start it beside the model: unlike a specimen, it is small enough for every chain."""
    deployment = deploy(Workspace(chain), setup, Contracts.compiled())
    model = ReferenceVault(setup, deployed_at=deployment.deployed_at, ready_at=deployment.ready_at)
    lockstep = Lockstep(Forgetful(deployment), model)
    lockstep.vault.forgotten = forgotten
    lockstep.run(setup.opening())
    return lockstep


class Dying(IsolatedMarginVault):
    """Our vault on a chain that is gone when margin is added."""

    def apply(self, step: Step) -> Outcome:
        """Lose the connection."""
        if isinstance(step.action, AddMargin):
            raise ConnectionError("Connection refused")
        return super().apply(step)


def dying(chain: Chain, setup: MarketSetup) -> Dying:
    """Start it without a model."""
    vault = Dying(deploy(Workspace(chain), setup, Contracts.compiled()))
    for step in setup.opening():
        vault.apply(step)
    return vault
