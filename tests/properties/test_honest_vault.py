"""Our own vault and its model hold every property, and every property is put to the test on them."""

import pytest
from isolated_margin import views
from ringfence.engine.budget import Budget
from ringfence.engine.search import Search
from ringfence.engine.target import Target
from ringfence.evm.workspace import Workspace
from ringfence.properties import BY_ID, Ability
from ringfence.types.actions import Step
from ringfence.types.moment import Moment
from ringfence.types.roles import OWNER, TRADERS
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin.actions import BreakFeed, Liquidate, Open, SetPrice, SettleMarket
from ringfence.vaults.isolated_margin.adapter import EMPTY, OF_THE_RULES, IsolatedMargin
from ringfence.vaults.isolated_margin.markets import INFINITE, MARKETS, PLAIN, SIZE, MarketSetup
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault
from ringfence.vaults.isolated_margin.rules import AllRules
from ringfence.vaults.isolated_margin.target import our_vault
from ringfence.vaults.isolated_margin.valuation import IsolatedMarginBook, IsolatedMarginRules


class OurVault(IsolatedMargin):
    """Our vault, also in a market where a first deposit can be made."""

    markets = (*MARKETS, EMPTY)


class OurModel(ReferenceVault):
    """The model in place of a vault, with another model as its reference."""

    markets = OurVault.markets
    facts = IsolatedMargin.facts
    rules = AllRules
    abilities = OF_THE_RULES | {Ability.SAME_BLOCK}

    def __init__(self, bench: Workspace, setup: MarketSetup) -> None:
        now = bench.chain.timestamp
        super().__init__(setup, deployed_at=now, ready_at=now)
        self.setup = setup
        unit = 10 ** (36 - setup.collateral_decimals)
        self._rules = IsolatedMarginRules(setup.parameters, unit, setup.feed_decimals)

    @property
    def settle_after(self) -> int:
        """Return the market's, in seconds."""
        return self.setup.parameters.settle_after

    def reference(self, timestamp: int) -> ReferenceVault:
        """Return another model of the same market."""
        return ReferenceVault(self.setup, deployed_at=timestamp, ready_at=timestamp)

    def book(self, state: VaultState, moment: Moment) -> IsolatedMarginBook | None:
        """Return the state valued by the rules."""
        return self._rules.book(state, moment)

    def liquidation_price(self, position: int) -> int:
        """Return what the model says, in WAD."""
        return views.liquidation_price(self.market.vault, position)

    def pool_worth(self) -> int:
        """Return what the model says."""
        return self.market.pool.total_assets()


def search(adapter: type, seed: int) -> Search:
    """Return a search whose every step is looked at by every property."""
    return Search(Target(adapter), seed, is_compared=False)


def budget(steps: int) -> Budget:
    """Return what lets steps run, however long they take."""
    return Budget(None, None, steps)


@pytest.mark.parametrize(
    ("adapter", "steps", "never_applies"),
    [
        (OurModel, 8_000, {"GAS-1"}),
        (OurVault, 8_000, set()),
        pytest.param(OurVault, 150_000, set(), marks=pytest.mark.slow),
    ],
    ids=["model", "vault", "vault, long"],
)
def test_properties__of_vault_and_model__all_hold_and_are_all_put_to_the_test(
    adapter: type, steps: int, never_applies: set[str]
) -> None:
    """Nothing is found in N steps, and no property held only because nothing was asked of it."""
    done = search(adapter, seed=1).run(budget(steps))
    assert (done.finding, done.fault) == (None, "")
    assert done.untested == []
    assert not done.canaries.failures
    assert BY_ID.keys() - done.applicable == never_applies


def test_properties__in_a_short_search__are_named_when_never_put_to_the_test() -> None:
    done = search(OurModel, seed=1).run(budget(5))
    assert done.finding is None
    assert "LIQ-3" in done.untested
    assert "CUS-2" not in done.untested


def test_search__that_repeats_its_seed__does_the_same() -> None:
    first, second = (search(OurModel, seed=3).run(budget(500)) for _ in range(2))
    assert (first.finding, first.steps, first.tested) == (second.finding, second.steps, second.tested)
    assert first.stats == second.stats


@pytest.mark.property("GAS-1")
def test_gas__where_the_crowd_brings_a_sum_to_zero__keeps_the_property() -> None:
    """A storage word that more positions empty costs once; only what each of them adds violates it."""
    size, margin = 833_332_500_000 * SIZE // 10**6, 9 * 10**6 * SIZE
    system = our_vault().system(PLAIN)
    system.run(
        (
            Step(Open(TRADERS[0], -size, margin, 0, INFINITE), 0),
            Step(Open(TRADERS[0], size, margin, INFINITE, INFINITE), 0),
            Step(SetPrice(OWNER, PLAIN.answer // 5, 0), 0),
        )
    )
    assert system.end() == []
    assert system.checker.tested["GAS-1"]


@pytest.mark.property("ISO-2")
def test_settlement__at_a_price_that_others_used__is_no_interference() -> None:
    """A feed that can't be read any more leaves the last price used; without the other it is an older one."""
    margin = 10**5 * SIZE
    system, after = our_vault().system(PLAIN), PLAIN.parameters.settle_after
    system.run(
        (
            Step(Open(TRADERS[0], -100 * SIZE, margin, 0, INFINITE), 0),
            Step(SetPrice(OWNER, PLAIN.answer * 99 // 100, 0), 0),
            Step(Open(TRADERS[1], -100 * SIZE, margin, 0, INFINITE), 0),
            Step(BreakFeed(OWNER, True), 0),
            Step(SettleMarket(OWNER), 0),
            Step(SettleMarket(OWNER), after),
            Step(Liquidate(OWNER, 1), 0),
        )
    )
    assert system.end() == []
    assert system.checker.tested["ISO-2"]
