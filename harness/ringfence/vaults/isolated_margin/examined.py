"""Our vault and its model with every ability that a property can ask for."""

from typing import Final

from isolated_margin import views

from ringfence.engine.contest import Contest
from ringfence.engine.inspection import Inspection, Subject
from ringfence.evm.artifacts import Artifact
from ringfence.evm.chains.base import GENESIS_TIME, Chain
from ringfence.evm.workspace import Workspace
from ringfence.properties import PROPERTIES, Ability, Checker
from ringfence.types.moment import Moment
from ringfence.types.outcome import Done
from ringfence.types.roles import OWNER, TOKEN, VAULT
from ringfence.vaults.isolated_margin.contracts import LENS, Contracts
from ringfence.vaults.isolated_margin.deployment import deploy
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault
from ringfence.vaults.isolated_margin.valuation import IsolatedMarginRules
from ringfence.vaults.isolated_margin.vault import IsolatedMarginVault

OF_THE_RULES: Final = frozenset(Ability) - {Ability.GAS, Ability.BLACKLIST, Ability.SAME_BLOCK}


class ExaminedVault(IsolatedMarginVault):
    """The vault on a chain, with its lens, and a collateral that can blacklist."""

    def __init__(self, chain: Chain, setup: MarketSetup, contracts: Contracts, lens: Artifact) -> None:
        """Deploy the lens, then the market."""
        workspace = Workspace(chain)
        workspace.deploy(LENS, lens)
        super().__init__(deploy(workspace, setup, contracts))
        self.abilities = OF_THE_RULES | {Ability.GAS, Ability.BLACKLIST}
        self.abilities |= {Ability.SAME_BLOCK} if chain.shares_blocks else set()

    def liquidation_price(self, position: int) -> int:
        """Return what the lens says, in WAD."""
        return self.workspace.number(LENS, "liquidationPrice", VAULT, position)

    def blacklist(self, account: str) -> None:
        """Make the collateral refuse an account."""
        self.workspace.do(OWNER, TOKEN, "blacklist", account, True, seconds=0)


class ExaminedReference(ReferenceVault):
    """The model, looked at as a vault under test is."""

    abilities: Final = OF_THE_RULES | {Ability.SAME_BLOCK}

    def liquidation_price(self, position: int) -> int:
        """Return what the model says, in WAD."""
        return views.liquidation_price(self.market.vault, position)


def examine(chain: Chain, setup: MarketSetup, contracts: Contracts, lens: Artifact) -> Contest:
    """Deploy a market, run its opening steps, and have every law look at the vault beside its model."""
    vault = ExaminedVault(chain, setup, contracts, lens)
    deployed_at, ready_at = vault.deployment.deployed_at, vault.deployment.ready_at
    return _opened(setup, vault, ReferenceVault(setup, deployed_at=deployed_at, ready_at=ready_at))


def examine_model(setup: MarketSetup) -> Contest:
    """Have every law look at the model in place of a vault, beside another model."""
    vault = ExaminedReference(setup, deployed_at=GENESIS_TIME, ready_at=GENESIS_TIME)
    return _opened(setup, vault, ReferenceVault(setup, deployed_at=GENESIS_TIME, ready_at=GENESIS_TIME))


def _opened(setup: MarketSetup, vault: ExaminedVault | ExaminedReference, model: ReferenceVault) -> Contest:
    moment = Moment(model.market.clock.timestamp, answer=0, updated_at=0, broken=False)
    for step in setup.opening():
        model.apply(step)
        moment = moment.at(step, done=isinstance(vault.apply(step), Done))
    rules = IsolatedMarginRules(setup.parameters, 10 ** (36 - setup.collateral_decimals), setup.feed_decimals)
    subject = Subject(vault, rules, moment)
    return Contest(Inspection(subject, Checker(PROPERTIES, subject.abilities, subject.actions)), model)
