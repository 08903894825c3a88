"""Markets drawn by a seed from all that our vault can be deployed with: bounds often, and every magnitude."""

from bisect import bisect_left
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final

from isolated_margin.fixed import MAX_ASSETS, MAX_PRICE, MAX_SIZE, PPM, WAD, ceil_div
from isolated_margin.margin import scale_of
from isolated_margin.parameters import (
    MAX_LIQUIDITY_FEE_PPM,
    MAX_OPEN_INTEREST_PER_SKEW_SCALE,
    MAX_RATE_WAD,
    MAX_RESERVE_PPM,
    MAX_SETTLE_AFTER,
    MAX_TIERS,
    MIN_MAINTENANCE_MARGIN,
    MIN_SETTLE_AFTER,
    OLDEST_PRICE_AGE,
    RiskParameters,
    Tier,
)
from isolated_margin.price import MAX_FEED_DECIMALS, WAD_DECIMALS

from ringfence.types.roles import FUNDED
from ringfence.vaults.isolated_margin.markets import STANDARD, MarketSetup

AT_A_BOUND: Final = 0.1  # of all values
WITH_ROOM: Final = 0.9  # of all markets; in the others anything may be too small or too large to trade at all
ROOM: Final = 64  # smallest positions, at least, for which size, liquidity and tokens suffice
MOST_TOKENS: Final = MAX_ASSETS // len(FUNDED)  # of an account


def drawn_market(seed: int) -> MarketSetup:
    """Return the market ``drawn-SEED``, the same for the same seed; the vault accepts its parameters."""
    random = Random(f"market {seed}")
    draws = DomainDraws(random)
    tiers = draws.tiers()
    room = ROOM if random.random() < WITH_ROOM else 0
    return _with_funds(f"drawn-{seed}", draws, tiers, room)


@dataclass(frozen=True, slots=True)
class DomainDraws:
    """Integers of a range whose ends may be many magnitudes apart."""

    random: Random

    def within(self, lowest: int, highest: int) -> int:
        """Return one of these, both included: a bound or the one beside it, or each length in bits alike."""
        if self.random.random() < AT_A_BOUND:
            return self.random.choice((lowest, min(lowest + 1, highest), max(lowest, highest - 1), highest))
        bits = self.random.randint(lowest.bit_length(), highest.bit_length())
        return self.random.randint(max(lowest, 1 << bits >> 1), min(highest, (1 << bits) - 1))

    def tiers(self) -> tuple[Tier, ...]:
        """Return up to eight tiers; the lowest rate leaves fees of at least 1 ppm below it."""
        count, floors, initial = self.random.randint(1, MAX_TIERS), {0}, 0
        while len(floors) < count:
            floors.add(self.within(1, MAX_ASSETS))
        rates = sorted(self.within(2, PPM - 1) for _ in range(count))
        tiers = []
        for floor, maintenance in zip(sorted(floors), rates, strict=True):
            initial = self.within(max(initial, maintenance + 1), PPM)
            tiers.append(Tier(floor, initial, maintenance))
        return tuple(tiers)

    def fees(self, lowest_rate_ppm: int) -> dict[str, int]:
        """Return fees and the shares of them."""
        return {
            "trading_fee_ppm": self.within(1, lowest_rate_ppm - 1),
            "insurance_share_ppm": self.within(0, PPM),
            "liquidation_fee_ppm": self.within(1, lowest_rate_ppm - 1),
            "liquidator_share_ppm": self.within(1, PPM),
            "liquidity_fee_ppm": self.within(0, MAX_LIQUIDITY_FEE_PPM),
        }

    def rates(self, reserve_ppm: int) -> dict[str, int]:
        """Return what neither the smallest position nor the cap on a side matters to."""
        target = self.within(2, PPM * PPM // reserve_ppm)
        return {
            "buffer_ppm": self.within(1, PPM),
            "oi_scale_ppm": self.within(0, PPM),
            "max_funding_rate_wad": self.within(0, MAX_RATE_WAD),
            "borrow_rate_wad": self.within(0, MAX_RATE_WAD),
            "adl_target_ppm": target,
            "adl_trigger_ppm": self.within(1, target - 1),
        }

    def ages(self) -> dict[str, int]:
        """Return how old a price may be, and how long a feed must be silent: for two such ages at least."""
        oldest = self.within(1, OLDEST_PRICE_AGE)
        shortest = max(MIN_SETTLE_AFTER, 2 * oldest)
        return {"max_price_age": oldest, "settle_after": self.within(shortest, MAX_SETTLE_AFTER)}


def _with_funds(name: str, draws: DomainDraws, tiers: tuple[Tier, ...], room: int) -> MarketSetup:
    """Return a market with these tiers in which ``room`` smallest positions can be held."""
    within, reserve_ppm = draws.within, draws.within(1, MAX_RESERVE_PPM)
    collateral_decimals = draws.random.randint(0, WAD_DECIMALS)
    feed_decimals = draws.random.randint(0, MAX_FEED_DECIMALS)
    scale, lowest = scale_of(collateral_decimals), _lowest_notional(tiers)
    one = 10**feed_decimals
    price = max(1, ceil_div(room * lowest * scale, MAX_SIZE))
    answer = within(max(1, ceil_div(price * one, WAD)), MAX_PRICE * one // WAD)
    price = answer * WAD // one
    reach = min(MAX_SIZE * price // scale, MOST_TOKENS // 2 * reserve_ppm // PPM, MOST_TOKENS // 2)
    min_notional = within(lowest, max(lowest, reach // room) if room else MAX_ASSETS)
    cap = within(max(1, min(MAX_SIZE, ceil_div(room * min_notional * scale, price))), MAX_SIZE)
    needed = min(MOST_TOKENS // 2, ceil_div(room * min_notional * PPM, reserve_ppm))
    liquidity = within(needed, MOST_TOKENS // 2)
    tokens = within(max(2 * liquidity, room * min_notional), MOST_TOKENS)
    limits: dict[str, Any] = {
        "tiers": tiers,
        "min_notional": min_notional,
        "reserve_ppm": reserve_ppm,
        "max_open_interest": cap,
        "skew_scale": within(ceil_div(cap, MAX_OPEN_INTEREST_PER_SKEW_SCALE), MAX_SIZE),
    }
    terms = limits | draws.fees(tiers[0].maintenance_rate_ppm) | draws.rates(reserve_ppm) | draws.ages()
    return MarketSetup(
        name=name,
        parameters=RiskParameters(**terms),
        collateral_decimals=collateral_decimals,
        feed_decimals=feed_decimals,
        answer=answer,
        tokens=tokens,
        liquidity=liquidity,
        insurance=within(0, tokens // 16),
    )


def _lowest_notional(tiers: tuple[Tier, ...]) -> int:
    """Return the smallest notional whose maintenance margin the vault takes for more than dust."""
    highest = ceil_div(MIN_MAINTENANCE_MARGIN * PPM, tiers[0].maintenance_rate_ppm)
    needed = replace(STANDARD.parameters, tiers=tiers).maintenance_margin
    return bisect_left(range(highest + 1), MIN_MAINTENANCE_MARGIN, key=needed)
