"""Published numbers, exactly, and positions with the model's integers for them: 18 decimals everywhere."""

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from isolated_margin.fixed import PPM
from isolated_margin.margin import Position, equity, notional
from isolated_margin.parameters import RiskParameters, Tier
from isolated_margin.trade import cost

ONE: Final = 10**18
SCALE: Final = 10**18  # of a collateral of 18 decimals
RAW: Final = Fraction(1, ONE)  # one raw unit of anything

Example = dict[str, Any]

FILE: Final = Path(__file__).with_name("worked_examples.json")
EXAMPLES: Final[dict[str, Example]] = {example["id"]: example for example in json.loads(FILE.read_text())}

TERMS: Final = RiskParameters(
    tiers=(Tier(0, 1_000_000, 500_000),),
    trading_fee_ppm=0,
    insurance_share_ppm=0,
    liquidation_fee_ppm=1,
    liquidator_share_ppm=1,
    buffer_ppm=100_000,
    min_notional=ONE,
    max_open_interest=1_000,
    reserve_ppm=10**8,
    oi_scale_ppm=0,
    skew_scale=1,
    max_funding_rate_wad=0,
    borrow_rate_wad=0,
    adl_trigger_ppm=1,
    adl_target_ppm=2,
    liquidity_fee_ppm=0,
    max_price_age=60,
    settle_after=86_400,
)


def exact(text: str) -> Fraction:
    """Return the number that ``text`` writes."""
    return Fraction(Decimal(text))


def units(value: Fraction | str) -> int:
    """Return a number in 18 decimals, rounded toward minus infinity."""
    return (exact(value) if isinstance(value, str) else value) * ONE // 1


def ppm(rate: str) -> int:
    """Return a rate that is a whole number of millionths."""
    scaled = exact(rate) * PPM
    assert scaled.denominator == 1, rate
    return scaled.numerator


def held(side: int, size: Fraction, entry: Fraction, margin: Fraction) -> Position:
    """Return a position of this size, entry price and margin, without a fee; what it cost rounds up."""
    quantity = side * units(size)
    return Position("trader_1", quantity, units(margin), 0, -cost(quantity, units(entry), SCALE))


def normalised(example: Example) -> Position:
    """Return the position of an example's closed form."""
    form = example["normalized"][0]
    return held(int(form["side"]), *(exact(form[name]) for name in ("size", "entry", "margin")))


def maintained(rate: str, deduction: str) -> RiskParameters:
    """Return terms whose last tier has this maintenance rate and this deduction.

    The deduction comes from a lower tier of half the rate, up to twice the deduction by the rate.
    """
    if exact(deduction) == 0:
        return replace(TERMS, tiers=(Tier(0, PPM, ppm(rate)),))
    floor = units(2 * exact(deduction) / exact(rate))
    return replace(TERMS, tiers=(Tier(0, PPM, ppm(rate) // 2), Tier(floor, PPM, ppm(rate))))


def tiers_of_caps(brackets: Sequence[Sequence[str]]) -> tuple[Tier, ...]:
    """Return tiers for a venue's table of caps and maintenance rates: each floor is the cap before.

    The initial rate is twice the maintenance rate, which such tables leave to the leverage.
    """
    floors = [0, *(units(cap) for cap, *_ in brackets)]
    return tuple(
        Tier(floor, 2 * ppm(rate), ppm(rate)) for floor, (_, rate, *_) in zip(floors, brackets, strict=False)
    )


def equity_at(position: Position, price: Fraction) -> Fraction:
    """Return equity at a price, whole units."""
    return equity(position, units(price), 0, SCALE) * RAW


def notional_at(position: Position, price: Fraction) -> Fraction:
    """Return notional at a price, whole units."""
    return notional(position.size, units(price), SCALE) * RAW
