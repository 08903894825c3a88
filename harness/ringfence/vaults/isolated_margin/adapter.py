"""Our vault as the harness tests any vault: an adapter, with every ability that there is."""

from dataclasses import replace
from functools import cache
from typing import ClassVar, Final

from ringfence.engine.stats import Stats
from ringfence.engine.target import ANY_SIZE, Target
from ringfence.evm.artifacts import Artifact, load
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.properties import Ability
from ringfence.types.facts import Facts
from ringfence.types.moment import Moment
from ringfence.types.roles import OWNER, TOKEN, VAULT
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin import expectations
from ringfence.vaults.isolated_margin.actions import ALPHABET
from ringfence.vaults.isolated_margin.contracts import LENS, Contracts, contract
from ringfence.vaults.isolated_margin.deployment import deploy
from ringfence.vaults.isolated_margin.fast.market import DirectMarket
from ringfence.vaults.isolated_margin.features import MarketFeatures
from ringfence.vaults.isolated_margin.markets import EMPTY, MARKETS, SIZE, STANDARD, MarketSetup
from ringfence.vaults.isolated_margin.measurements import OurMeasurements
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault
from ringfence.vaults.isolated_margin.rules import AllRules
from ringfence.vaults.isolated_margin.seeded_bugs import seeded_bug
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import HASTY, Sources, creation_code
from ringfence.vaults.isolated_margin.shapes import SHAPES, InterfaceShapes
from ringfence.vaults.isolated_margin.slots import waived_words
from ringfence.vaults.isolated_margin.valuation import IsolatedMarginBook, IsolatedMarginRules
from ringfence.vaults.isolated_margin.vault import IsolatedMarginVault

OF_THE_RULES: Final = frozenset(Ability) - {Ability.GAS, Ability.BLACKLIST, Ability.SAME_BLOCK}
LEVERAGE: Final = 8  # of the usual trade


class IsolatedMargin(IsolatedMarginVault):
    """Our vault in one of its markets, with its lens, and a collateral that can blacklist."""

    actions = ALPHABET
    rules = AllRules  # they find their boundary values in the reference model
    markets: ClassVar[tuple[MarketSetup, ...]] = MARKETS
    facts: ClassVar[Facts] = Facts(
        STANDARD.answer, size=SIZE, margin=500 * 10**6, decimals=6, price_decimals=8
    )
    abilities: ClassVar[frozenset[Ability]] = OF_THE_RULES | {Ability.GAS, Ability.BLACKLIST}
    code_size_limit: ClassVar[int | None] = None  # what EIP-170 allows
    shapes: ClassVar[InterfaceShapes] = SHAPES
    contracts: ClassVar[Contracts | None] = None  # those that are compiled
    lens: ClassVar[Artifact | None] = None
    measurements: ClassVar[OurMeasurements] = OurMeasurements()

    def __init__(self, bench: Workspace, setup: MarketSetup = STANDARD) -> None:
        """Deploy the lens, then the market; raises ArtifactMissing, WorkspaceError."""
        bench.deploy(LENS, self.lens or contract("VaultLens"))
        token = load("BlacklistToken")
        super().__init__(deploy(bench, setup, replace(self.made_of(), token=token)))
        self.setup = setup
        self._rules = IsolatedMarginRules(
            setup.parameters, 10 ** (36 - setup.collateral_decimals), setup.feed_decimals
        )

    def book(self, state: VaultState, moment: Moment) -> IsolatedMarginBook | None:
        """Return the state valued by the rules; None where the feed gives no usable price."""
        return self._rules.book(state, moment)

    def reference(self, timestamp: int) -> ReferenceVault:
        """Return the reference model of the market as it was deployed."""
        made = self.deployment
        return ReferenceVault(self.setup, deployed_at=made.deployed_at, ready_at=made.ready_at)

    def liquidation_price(self, position: int) -> int:
        """Return what the lens says, in WAD."""
        return self.workspace.number(LENS, "liquidationPrice", VAULT, position)

    def blacklist(self, account: str) -> None:
        """Make the collateral refuse an account."""
        self.workspace.do(OWNER, TOKEN, "blacklist", account, True, seconds=0)

    def waived_words(self) -> dict[tuple[str, int | None], str]:
        """Return the storage words that observations leave out, each with its reason."""
        return waived_words(self.workspace)

    @classmethod
    def made_of(cls) -> Contracts:
        """Return the contracts; raises ArtifactMissing."""
        return cls.contracts or Contracts.compiled()

    @classmethod
    def code(cls) -> bytes:
        """Return the code of vault and pool before their arguments."""
        return cls.made_of().creation_code

    @classmethod
    def comparison(cls, setup: MarketSetup, chain: RevmChain) -> DirectMarket:
        """Start a market to compare as words, deployed at the same times; raises Mismatched."""
        bench = Workspace(chain)
        bench.deploy(LENS, cls.lens or contract("VaultLens"))
        return DirectMarket(bench, setup, cls.made_of())

    @classmethod
    def features(cls, setup: MarketSetup) -> MarketFeatures:
        """Return what guides a search in a market."""
        return MarketFeatures(setup)

    @staticmethod
    def error_rows(stats: Stats) -> list[tuple[str, str, str]]:
        """Return every error in the ABIs, with the actions that met it or why none can."""
        return expectations.error_rows(stats)

    @classmethod
    def variant(cls, bug: str) -> type["IsolatedMargin"]:
        """Return the vault with a seeded bug; raises AdapterFault, DoesNotCompile."""
        return compiled_from(seeded_bug(bug).sources())


@cache
def _artifact(name: str, code: bytes) -> Artifact:
    return replace(load(name), bytecode=code)


def compiled_from(sources: Sources) -> type[IsolatedMargin]:
    """Return the vault as other sources compile, without the optimiser; raises DoesNotCompile."""
    vault, pool, lens = (
        _artifact(name, creation_code(name, sources, HASTY))
        for name in ("IsolatedMarginVault", "LiquidityPool", "VaultLens")
    )
    return made_of(replace(Contracts.compiled(), vault=vault, pool=pool), lens)


def made_of(contracts: Contracts, lens: Artifact) -> type[IsolatedMargin]:
    """Return the vault with other contracts, whose code may have any size."""
    members = {
        "contracts": contracts,
        "lens": lens,
        "code_size_limit": ANY_SIZE,
        "markets": (*MARKETS, EMPTY),
    }
    return type("IsolatedMargin", (IsolatedMargin,), members)


def our_vault() -> Target:
    """Return our vault as it is compiled."""
    return Target(IsolatedMargin, "isolated-margin")
