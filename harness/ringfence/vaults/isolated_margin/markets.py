"""Markets to test in: parameters, decimals and what everyone starts with."""

from dataclasses import astuple, dataclass, fields, replace
from typing import Final

from isolated_margin.fixed import MAX_SIZE
from isolated_margin.parameters import RiskParameters, Tier

from ringfence.types.actions import Step
from ringfence.types.market import WAD_DECIMALS, VaultMarket
from ringfence.types.outcome import Value
from ringfence.types.roles import ACCOUNTS, FUNDED, OWNER, PROVIDERS
from ringfence.types.shapes import Shapes
from ringfence.vaults.isolated_margin.actions import Deposit, FundInsurance, SetPrice
from ringfence.vaults.isolated_margin.shapes import SHAPES, UNITS, Unit

INFINITE: Final = 2**256 - 1
SIZE: Final = 10**18  # one whole base asset
SHARE_OFFSET: Final = 6  # decimals that the pool's shares have beyond the collateral's


@dataclass(frozen=True, slots=True)
class MarketSetup(VaultMarket):
    """A market with its risk parameters; amounts are assets.

    Every funded account gets ``tokens``. The first provider puts ``liquidity`` into the pool and the owner
    gives ``insurance``, when they are not zero. ``crowd``: traders beside the usual accounts.
    """

    parameters: RiskParameters
    tokens: int
    liquidity: int
    insurance: int
    pool_name: str = "Ringfence Pool"
    pool_symbol: str = "RFP"
    crowd: tuple[str, ...] = ()

    @property
    def funded(self) -> tuple[str, ...]:
        """Return the accounts that start with tokens and approvals."""
        return (*FUNDED, *self.crowd)

    @property
    def accounts(self) -> tuple[str, ...]:
        """Return all accounts."""
        return (*ACCOUNTS, *self.crowd)

    @property
    def shapes(self) -> Shapes:
        """Return the names of the isolated-margin interface."""
        return SHAPES

    def decimals(self, name: str) -> int:
        """Return the decimals of a number that the interface calls so; 0 for counts."""
        match UNITS.get(name):
            case Unit.ASSETS:
                return self.collateral_decimals
            case Unit.SHARES:
                return self.collateral_decimals + SHARE_OFFSET
            case Unit.WAD:
                return WAD_DECIMALS
            case Unit.ANSWER:
                return self.feed_decimals
        return 0

    def opening(self) -> tuple[Step, ...]:
        """Return the first steps of every call sequence in this market."""
        steps = [Step(SetPrice(OWNER, self.answer, 0), 1)]
        if self.liquidity:
            steps.append(Step(Deposit(PROVIDERS[0], self.liquidity, PROVIDERS[0]), 1))
        if self.insurance:
            steps.append(Step(FundInsurance(OWNER, self.insurance), 1))
        return tuple(steps)


def abi_tuple(parameters: RiskParameters) -> Value:
    """Return risk parameters as the ABI's struct; what the model derives from them stays behind."""
    tiers = tuple(astuple(tier) for tier in parameters.tiers)
    return (tiers, *(getattr(parameters, name) for name in PARAMETER_NAMES))


PARAMETER_NAMES: Final = tuple(each.name for each in fields(RiskParameters) if each.init)[1:]  # but the tiers

STANDARD: Final = MarketSetup(
    name="standard",
    parameters=RiskParameters(
        tiers=(
            Tier(0, 50_000, 25_000),
            Tier(100_000 * 10**6, 100_000, 50_000),
            Tier(1_000_000 * 10**6, 200_000, 100_000),
        ),
        trading_fee_ppm=500,
        insurance_share_ppm=200_000,
        liquidation_fee_ppm=10_000,
        liquidator_share_ppm=500_000,
        buffer_ppm=200_000,
        min_notional=10 * 10**6,
        max_open_interest=2_000 * SIZE,
        reserve_ppm=4_000_000,
        oi_scale_ppm=100_000,
        skew_scale=1_000 * SIZE,
        max_funding_rate_wad=10**11,
        borrow_rate_wad=10**10,
        adl_trigger_ppm=100_000,
        adl_target_ppm=150_000,
        liquidity_fee_ppm=1_000,
        max_price_age=3_600,
        settle_after=604_800,
    ),
    collateral_decimals=6,
    feed_decimals=8,
    answer=2_000 * 10**8,
    tokens=10_000_000 * 10**6,
    liquidity=1_000_000 * 10**6,
    insurance=5_000 * 10**6,
)

PLAIN: Final = MarketSetup(  # no carry, the least fees, high caps: positions meet only in the pool
    name="plain",
    parameters=RiskParameters(
        tiers=(Tier(0, 100_000, 50_000),),
        trading_fee_ppm=1,
        insurance_share_ppm=0,
        liquidation_fee_ppm=1,
        liquidator_share_ppm=1,
        buffer_ppm=100_000,
        min_notional=10**18,
        max_open_interest=10**9 * SIZE,
        reserve_ppm=10**8,
        oi_scale_ppm=0,
        skew_scale=10**6 * SIZE,
        max_funding_rate_wad=0,
        borrow_rate_wad=0,
        adl_trigger_ppm=1_000,
        adl_target_ppm=10_000,
        liquidity_fee_ppm=0,
        max_price_age=86_400,
        settle_after=604_800,
    ),
    collateral_decimals=18,
    feed_decimals=18,
    answer=100 * 10**18,
    tokens=10**9 * 10**18,
    liquidity=10**8 * 10**18,
    insurance=0,
)

TIGHT: Final = MarketSetup(  # little liquidity and no cap on risk: the pool runs dry, deleveraging is common
    name="tight",
    parameters=RiskParameters(
        tiers=(Tier(0, 20_000, 10_000), Tier(50_000 * 10**18, 40_000, 30_000)),
        trading_fee_ppm=1_000,
        insurance_share_ppm=1_000_000,
        liquidation_fee_ppm=5_000,
        liquidator_share_ppm=1_000_000,
        buffer_ppm=1_000_000,
        min_notional=100 * 10**18,
        max_open_interest=10**5 * SIZE,
        reserve_ppm=10**7,
        oi_scale_ppm=0,
        skew_scale=100 * SIZE,
        max_funding_rate_wad=10**12,
        borrow_rate_wad=0,
        adl_trigger_ppm=60_000,
        adl_target_ppm=90_000,
        liquidity_fee_ppm=3_000,
        max_price_age=600,
        settle_after=604_800,
    ),
    collateral_decimals=18,
    feed_decimals=8,
    answer=500 * 10**8,
    tokens=10**6 * 10**18,
    liquidity=10_000 * 10**18,
    insurance=0,
)

COARSE: Final = MarketSetup(  # a token and a feed of whole units: every rounding is felt
    name="coarse",
    parameters=RiskParameters(
        tiers=(Tier(0, 50_000, 20_000), Tier(2_000_000, 50_001, 20_001)),
        trading_fee_ppm=3,
        insurance_share_ppm=333_333,
        liquidation_fee_ppm=19_999,
        liquidator_share_ppm=333_333,
        buffer_ppm=1,
        min_notional=50_000,
        max_open_interest=1_000 * SIZE,
        reserve_ppm=3_000_001,
        oi_scale_ppm=333_333,
        skew_scale=SIZE,
        max_funding_rate_wad=10**10,
        borrow_rate_wad=10**10,
        adl_trigger_ppm=333_332,
        adl_target_ppm=333_333,
        liquidity_fee_ppm=49_999,
        max_price_age=120,
        settle_after=604_800,
    ),
    collateral_decimals=0,
    feed_decimals=0,
    answer=30_011,
    tokens=10**9,
    liquidity=10**7,
    insurance=10**4,
)

STEEP: Final = (
    MarketSetup(  # eight tiers, a base asset worth a millionth, carry that empties a margin in hours
        name="steep",
        parameters=RiskParameters(
            tiers=tuple(Tier(step * 10**10, 20_000 * (step + 1), 15_000 * (step + 1)) for step in range(8)),
            trading_fee_ppm=14_999,
            insurance_share_ppm=0,
            liquidation_fee_ppm=14_999,
            liquidator_share_ppm=300_000,
            buffer_ppm=50_000,
            min_notional=10**8,
            max_open_interest=10**12 * SIZE,
            reserve_ppm=10_000_000,
            oi_scale_ppm=1_000_000,
            skew_scale=10**9 * SIZE,
            max_funding_rate_wad=10**13,
            borrow_rate_wad=10**12,
            adl_trigger_ppm=1,
            adl_target_ppm=100_000,
            liquidity_fee_ppm=100,
            max_price_age=604_800,
            settle_after=1_209_600,
        ),
        collateral_decimals=8,
        feed_decimals=36,
        answer=10**30,
        tokens=10**14,
        liquidity=10**12,
        insurance=10**10,
    )
)

VAST: Final = MarketSetup(  # the corners of the domain: supply, price, size and rates near their limits
    name="vast",
    parameters=RiskParameters(
        tiers=(Tier(0, 1_000_000, 999_999),),
        trading_fee_ppm=999_998,
        insurance_share_ppm=500_000,
        liquidation_fee_ppm=999_998,
        liquidator_share_ppm=250_000,
        buffer_ppm=1,
        min_notional=1_001,
        max_open_interest=MAX_SIZE,
        reserve_ppm=10**8,
        oi_scale_ppm=1_000_000,
        skew_scale=MAX_SIZE,
        max_funding_rate_wad=10**14,
        borrow_rate_wad=10**14,
        adl_trigger_ppm=9_999,
        adl_target_ppm=10_000,
        liquidity_fee_ppm=50_000,
        max_price_age=604_800,
        settle_after=1_209_600,
    ),
    collateral_decimals=18,
    feed_decimals=18,
    answer=10**31,
    tokens=2**123,
    liquidity=2**122,
    insurance=2**100,
)

EMPTY: Final = replace(PLAIN, name="empty", liquidity=0)  # where a first deposit is yet to come

MARKETS: Final = (STANDARD, PLAIN, TIGHT, COARSE, STEEP, VAST)
