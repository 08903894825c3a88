"""The risk parameters of a market, fixed at its deployment, and the margin they require.

Source of the formulas and limits: docs/rules.md.
"""

from bisect import bisect_left
from dataclasses import dataclass, field, fields, replace
from typing import Final

from isolated_margin.errors import InvalidParameter
from isolated_margin.fixed import BP, MAX_ASSETS, MAX_SIZE, PPM, ceil_div, integer, uint256

MAX_TIERS: Final = 8
MIN_MAINTENANCE_MARGIN: Final = 1000  # assets that the smallest position must hold
MAX_RESERVE_PPM: Final = 10**8
MAX_OPEN_INTEREST_PER_SKEW_SCALE: Final = 1_000
MAX_LIQUIDITY_FEE_PPM: Final = 50_000
MAX_RATE_WAD: Final = 10**14  # per second
OLDEST_PRICE_AGE: Final = 7 * 86_400  # seconds
MIN_SETTLE_AFTER: Final = 86_400  # seconds
MAX_SETTLE_AFTER: Final = 2**32 - 1  # seconds


@dataclass(frozen=True, slots=True)
class Tier:
    """What a position must hold for the part of its notional above ``notional_floor`` (assets)."""

    notional_floor: int
    initial_rate_ppm: int
    maintenance_rate_ppm: int

    def __post_init__(self) -> None:
        uint256(self.notional_floor)
        uint256(self.initial_rate_ppm)
        uint256(self.maintenance_rate_ppm)


@dataclass(frozen=True, slots=True)
class Schedule:
    """One column of rates over the tiers, with the deductions that make it continuous.

    ``deductions`` are in assets times PPM: each tier adds its floor times the rise of the rate.
    """

    floors: tuple[int, ...]
    rates_ppm: tuple[int, ...]
    deductions: tuple[int, ...]

    def __post_init__(self) -> None:
        for value in (*self.floors, *self.rates_ppm):
            uint256(value)
        for deduction in self.deductions:
            integer(deduction)  # below zero where rates fall, which ``validate`` refuses

    def tier_of(self, notional: int) -> int:
        """Return the index of the last tier whose floor lies below ``notional``; 0 for nothing.

        Raises:
            NotAnInteger: ``notional`` is not an ``int``.
            OutOfDomain: it is negative.
        """
        return bisect_left(self.floors, uint256(notional), lo=1) - 1

    def requirement(self, notional: int) -> int:
        """Return the assets that a position of ``notional`` assets must hold, rounded up.

        Raises:
            NotAnInteger: ``notional`` is not an ``int``.
            OutOfDomain: it is negative.
        """
        tier = self.tier_of(notional)
        return ceil_div(notional * self.rates_ppm[tier] - self.deductions[tier], PPM)


def schedule(floors: tuple[int, ...], rates_ppm: tuple[int, ...]) -> Schedule:
    """Return the schedule of these tiers, its deductions summed from tier to tier."""
    for value in (*floors, *rates_ppm):
        uint256(value)
    deductions = [0]
    for tier in range(1, len(floors)):
        rise_ppm = rates_ppm[tier] - rates_ppm[tier - 1]
        deductions.append(deductions[-1] + floors[tier] * rise_ppm)
    return Schedule(floors, rates_ppm, tuple(deductions))


@dataclass(frozen=True, slots=True)
class RiskParameters:
    """The terms of a market: the ABI's struct, plus the two schedules that follow from the tiers.

    ``..._ppm`` are parts per million, ``..._wad`` are scaled by 1e18 and per second,
    ``min_notional`` is in assets, ``max_open_interest`` and ``skew_scale`` in size units,
    ``max_price_age`` and ``settle_after`` in seconds.
    """

    tiers: tuple[Tier, ...]
    trading_fee_ppm: int
    insurance_share_ppm: int
    liquidation_fee_ppm: int
    liquidator_share_ppm: int
    buffer_ppm: int
    min_notional: int
    max_open_interest: int
    reserve_ppm: int
    oi_scale_ppm: int
    skew_scale: int
    max_funding_rate_wad: int
    borrow_rate_wad: int
    adl_trigger_ppm: int
    adl_target_ppm: int
    liquidity_fee_ppm: int
    max_price_age: int
    settle_after: int
    initial: Schedule = field(init=False, repr=False, compare=False)
    maintenance: Schedule = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for entry in fields(self)[1:-2]:
            uint256(getattr(self, entry.name))
        floors = tuple(tier.notional_floor for tier in self.tiers)
        initial_rates = tuple(tier.initial_rate_ppm for tier in self.tiers)
        maintenance_rates = tuple(tier.maintenance_rate_ppm for tier in self.tiers)
        object.__setattr__(self, "initial", schedule(floors, initial_rates))
        object.__setattr__(self, "maintenance", schedule(floors, maintenance_rates))

    def initial_margin(self, notional: int, rate_bp: int = 0) -> int:
        """Return the assets needed to take on a position of ``notional`` assets, rounded up: by the tiers,
        and no less than ``rate_bp`` of it (1e-4).
        """
        return max(self.initial.requirement(notional), ceil_div(notional * uint256(rate_bp), BP))

    def rate_bp(self, open_interest: int) -> int:
        """Return the initial margin that a side of this size asks of what grows there, of the notional, 1e-4,
        rounded up: all of ``oi_scale_ppm`` at the side's cap.
        """
        return ceil_div(uint256(open_interest) * self.oi_scale_ppm, self.max_open_interest * (PPM // BP))

    def maintenance_margin(self, notional: int) -> int:
        """Return the assets below which a position of ``notional`` is liquidated, rounded up."""
        return self.maintenance.requirement(notional)

    def target(self, notional: int) -> int:
        """Return maintenance margin plus the buffer, in assets, rounded up.

        A partial liquidation brings equity back to it; below it a position is on margin call.
        """
        return ceil_div(self.maintenance_margin(notional) * (PPM + self.buffer_ppm), PPM)

    def without_fees(self) -> "RiskParameters":
        """Return the terms of a settled market: no fee, and so nothing kept back of insurance."""
        return replace(self, trading_fee_ppm=0, liquidation_fee_ppm=0, liquidity_fee_ppm=0)

    def validate(self) -> None:
        """Refuse what the vault's constructor refuses.

        Raises:
            InvalidParameter: with the ABI name of the first parameter that breaks a rule.
        """
        if not 1 <= len(self.tiers) <= MAX_TIERS:
            raise InvalidParameter("tiers")
        _validate_tier(None, self.tiers[0])
        for lower, tier in zip(self.tiers, self.tiers[1:], strict=False):
            _validate_tier(lower, tier)
        for name, is_broken in _limits(self):
            if is_broken:
                raise InvalidParameter(name)


def _validate_tier(lower: Tier | None, tier: Tier) -> None:
    floor, initial, maintenance = tier.notional_floor, tier.initial_rate_ppm, tier.maintenance_rate_ppm
    is_rising = floor == 0 if lower is None else lower.notional_floor < floor <= MAX_ASSETS
    if not is_rising:
        raise InvalidParameter("notionalFloor")
    if maintenance == 0 or (lower is not None and maintenance < lower.maintenance_rate_ppm):
        raise InvalidParameter("maintenanceRatePpm")
    if not maintenance < initial <= PPM or (lower is not None and initial < lower.initial_rate_ppm):
        raise InvalidParameter("initialRatePpm")


def _limits(p: RiskParameters) -> list[tuple[str, bool]]:
    """Return each parameter after the tiers, in the order they are checked: is it broken?"""
    lowest_ppm = p.tiers[0].maintenance_rate_ppm
    is_dust = p.maintenance_margin(p.min_notional) < MIN_MAINTENANCE_MARGIN
    shortest = max(MIN_SETTLE_AFTER, 2 * p.max_price_age)
    is_scale_tiny = p.skew_scale * MAX_OPEN_INTEREST_PER_SKEW_SCALE < p.max_open_interest
    return [
        ("tradingFeePpm", not 0 < p.trading_fee_ppm < lowest_ppm),
        ("insuranceSharePpm", p.insurance_share_ppm > PPM),
        ("liquidationFeePpm", not 0 < p.liquidation_fee_ppm < lowest_ppm),
        ("liquidatorSharePpm", not 0 < p.liquidator_share_ppm <= PPM),
        ("bufferPpm", not 0 < p.buffer_ppm <= PPM),
        ("minNotional", not 0 < p.min_notional <= MAX_ASSETS or is_dust),
        ("maxOpenInterest", not 0 < p.max_open_interest <= MAX_SIZE),
        ("reservePpm", not 0 < p.reserve_ppm <= MAX_RESERVE_PPM),
        ("oiScalePpm", p.oi_scale_ppm > PPM),
        ("skewScale", p.skew_scale > MAX_SIZE or is_scale_tiny),
        ("maxFundingRateWad", p.max_funding_rate_wad > MAX_RATE_WAD),
        ("borrowRateWad", p.borrow_rate_wad > MAX_RATE_WAD),
        ("adlTriggerPpm", not 0 < p.adl_trigger_ppm < p.adl_target_ppm),
        ("adlTargetPpm", p.adl_target_ppm * p.reserve_ppm > PPM * PPM),
        ("liquidityFeePpm", p.liquidity_fee_ppm > MAX_LIQUIDITY_FEE_PPM),
        ("maxPriceAge", not 0 < p.max_price_age <= OLDEST_PRICE_AGE),
        ("settleAfter", not shortest <= p.settle_after <= MAX_SETTLE_AFTER),
    ]
