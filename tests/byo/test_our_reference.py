"""The differential level with our own model as the reference: our vault, brought in as anyone's would be."""

from ringfence.engine.search import Search
from ringfence.evm.workspace import Workspace
from ringfence.properties import Ability
from ringfence.types.facts import Facts
from ringfence.vaults.isolated_margin import actions as every
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.deployment import deploy
from ringfence.vaults.isolated_margin.markets import STANDARD, MarketSetup
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault
from ringfence.vaults.isolated_margin.vault import IsolatedMarginVault

RUNS = 40


class Ours(IsolatedMarginVault):
    """Our vault on the bench's chain."""

    setup = STANDARD
    facts = Facts(STANDARD.answer, size=10**18, margin=500 * 10**6, decimals=6, price_decimals=8)
    actions = frozenset(
        {every.Open, every.Increase, every.Decrease, every.Close, every.AddMargin, every.RemoveMargin}
        | {every.Liquidate, every.Deleverage, every.SetPrice, every.Deposit, every.Withdraw, every.Pause}
    )
    abilities = frozenset({Ability.BALANCES, Ability.SUMS, Ability.EVENTS, Ability.SAME_BLOCK})

    def __init__(self, bench: Workspace) -> None:
        super().__init__(deploy(bench, self.setup, Contracts.compiled()))
        opened(self, self.setup)

    def reference(self, timestamp: int) -> ReferenceVault:
        """Return the model in the state of the opening."""
        made = self.deployment
        model = ReferenceVault(self.setup, deployed_at=made.deployed_at, ready_at=made.ready_at)
        opened(model, self.setup)
        return model


def opened(vault: IsolatedMarginVault | ReferenceVault, setup: MarketSetup) -> None:
    """Carry out a market's opening."""
    for step in setup.opening():
        vault.apply(step)


def test_search__our_vault_beside_our_model__nothing_found() -> None:
    """Outcomes, events and states are equal after every step, and laws that need no more hold."""
    done = Search(Ours, seed=1).run(30, RUNS)
    assert (done.caught, done.fault) == (None, None)
    assert done.outcomes["Liquidate", "done"] > 0
    assert done.outcomes["Decrease", "done"] > 0
