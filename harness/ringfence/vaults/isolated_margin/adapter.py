"""Our vault as the harness tests any vault: an adapter, with every ability that there is."""

from typing import Any, ClassVar, Final

import ringfence as rf
from ringfence.vaults.isolated_margin.actions import ALPHABET
from ringfence.vaults.isolated_margin.contracts import LENS, Contracts
from ringfence.vaults.isolated_margin.deployment import deploy
from ringfence.vaults.isolated_margin.drawn import drawn_market
from ringfence.vaults.isolated_margin.expectations import error_rows
from ringfence.vaults.isolated_margin.fast.market import DirectMarket
from ringfence.vaults.isolated_margin.features import MarketFeatures
from ringfence.vaults.isolated_margin.markets import EMPTY, MARKETS, SIZE, STANDARD, MarketSetup
from ringfence.vaults.isolated_margin.measurements import OurMeasurements
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault
from ringfence.vaults.isolated_margin.rule_pages import rule_of
from ringfence.vaults.isolated_margin.rules import AllRules
from ringfence.vaults.isolated_margin.seeded_bugs import seeded_bug
from ringfence.vaults.isolated_margin.shapes import SHAPES, InterfaceShapes
from ringfence.vaults.isolated_margin.slots import waived_words
from ringfence.vaults.isolated_margin.valuation import IsolatedMarginBook, IsolatedMarginRules
from ringfence.vaults.isolated_margin.vault import IsolatedMarginVault
from ringfence.vaults.isolated_margin.views import view_of

OF_THE_RULES: Final = frozenset(rf.Ability) - {rf.Ability.GAS, rf.Ability.BLACKLIST, rf.Ability.SAME_BLOCK}
ANY_SIZE: Final = 2**20  # bytes of code


class IsolatedMargin(IsolatedMarginVault):
    """Our vault in one of its markets, with its lens, and a collateral that can blacklist."""

    actions = ALPHABET
    rules = AllRules  # they find their boundary values in the reference model
    markets: ClassVar[tuple[MarketSetup, ...]] = MARKETS
    facts: ClassVar[rf.Facts] = rf.Facts(
        STANDARD.answer, size=SIZE, margin=500 * 10**6, decimals=6, price_decimals=8
    )
    abilities: ClassVar[frozenset[rf.Ability]] = OF_THE_RULES | {rf.Ability.GAS, rf.Ability.BLACKLIST}
    code_size_limit: ClassVar[int | None] = None  # what EIP-170 allows
    shapes: ClassVar[InterfaceShapes] = SHAPES
    contracts: ClassVar[Contracts | None] = None  # those that are compiled
    measurements: ClassVar[OurMeasurements] = OurMeasurements()

    drawn_market = staticmethod(drawn_market)
    error_rows = staticmethod(error_rows)
    view_of = staticmethod(view_of)
    rule_of = staticmethod(rule_of)

    def __init__(self, bench: rf.Workspace, setup: MarketSetup = STANDARD) -> None:
        """Deploy the lens, then the market; raises ArtifactMissing, WorkspaceError."""
        super().__init__(deploy(bench, setup, self.made_of().with_blacklist, with_lens=True))
        self.setup = setup
        self._rules = IsolatedMarginRules(
            setup.parameters, 10 ** (36 - setup.collateral_decimals), setup.feed_decimals
        )

    def book(self, state: rf.VaultState, moment: rf.Moment) -> IsolatedMarginBook | None:
        """Return the state valued by the rules; None where the feed gives no usable price."""
        return self._rules.book(state, moment)

    def reference(self, timestamp: int) -> ReferenceVault:
        """Return the reference model of the market as it was deployed."""
        made = self.deployment
        return ReferenceVault(self.setup, deployed_at=made.deployed_at, ready_at=made.ready_at)

    @property
    def settle_after(self) -> int:
        """Return how long a feed must be reported dead before its market is settled, in seconds."""
        return self.setup.parameters.settle_after

    def liquidation_price(self, position: int) -> int:
        """Return what the lens says, in WAD."""
        return self.workspace.number(LENS, "liquidationPrice", "vault", position)

    def pool_worth(self) -> int:
        """Return the pool's total assets."""
        return self.workspace.number("pool", "totalAssets")

    def blacklist(self, account: str) -> None:
        """Make the collateral refuse an account."""
        self.workspace.do("owner", "token", "blacklist", account, True, seconds=0)

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
    def comparison(cls, setup: MarketSetup, chain: Any) -> DirectMarket:
        """Start a market to compare as words, deployed at the same times; raises Mismatched."""
        return DirectMarket(rf.Workspace(chain), setup, cls.made_of())

    @classmethod
    def features(cls, setup: MarketSetup) -> MarketFeatures:
        """Return what guides a search in a market."""
        return MarketFeatures(setup)

    @classmethod
    def variant(cls, bug: str) -> type["IsolatedMargin"]:
        """Return the vault with a seeded bug; raises AdapterFault, DoesNotCompile."""
        return cls.of(Contracts.of(seeded_bug(bug).sources()))

    @classmethod
    def of(cls, contracts: Contracts) -> type["IsolatedMargin"]:
        """Return the vault with other contracts, whose code may have any size."""
        members = {"contracts": contracts, "code_size_limit": ANY_SIZE, "markets": (*MARKETS, EMPTY)}
        return type("IsolatedMargin", (cls,), members)
