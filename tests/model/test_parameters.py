"""Risk parameters: what a deployment refuses, and what the tiers require."""

from dataclasses import replace
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isolated_margin.errors import InvalidParameter, NotAnInteger, OutOfDomain
from isolated_margin.fixed import MAX_ASSETS, MAX_SIZE, PPM
from isolated_margin.parameters import RiskParameters, Schedule, Tier, schedule

from tests.model.worlds import PARAMETERS, TOKEN, thorough


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Draw rising floors and rates that never fall."""
    floors = sorted(draw(st.sets(st.integers(1, 10**9), max_size=7)))
    rates = sorted(draw(st.lists(st.integers(1, PPM), min_size=len(floors) + 1, max_size=len(floors) + 1)))
    return schedule((0, *floors), tuple(rates))


@thorough
@given(schedules(), st.integers(0, 2 * 10**9))
def test_requirement__of_any_notional__is_what_the_tiers_add_up_to(tiers: Schedule, notional: int) -> None:
    """Each part of the notional at the rate of the tier it lies in, the sum rounded up once."""
    exact = Fraction(0)
    ceilings = (*tiers.floors[1:], notional + 1)
    for floor, ceiling, rate in zip(tiers.floors, ceilings, tiers.rates_ppm, strict=True):
        exact += Fraction(max(0, min(notional, ceiling) - floor) * rate, PPM)

    assert tiers.requirement(notional) == ceil(exact)


@thorough
@given(schedules())
def test_requirement__at_every_floor__is_continuous(tiers: Schedule) -> None:
    """A tier's own line meets the one below it at the floor, exactly."""
    for tier in range(1, len(tiers.floors)):
        below, above = (
            tiers.floors[tier] * tiers.rates_ppm[index] - tiers.deductions[index]
            for index in (tier - 1, tier)
        )
        assert below == above
        assert tiers.tier_of(tiers.floors[tier]) < tier <= tiers.tier_of(tiers.floors[tier] + 1)


@thorough
@given(schedules(), st.integers(0, 2 * 10**9))
def test_requirement__of_one_more__rises_by_one_at_most(tiers: Schedule, notional: int) -> None:
    """Rates are at most one, so no unit of notional needs more than a unit of margin."""
    assert 0 <= tiers.requirement(notional + 1) - tiers.requirement(notional) <= 1


@pytest.mark.parametrize(
    ("notional", "initial", "maintenance", "target"),
    [
        (0, 0, 0, 0),
        (1, 1, 1, 2),
        (100_000 * TOKEN, 10_000 * TOKEN, 5_000 * TOKEN, 5_500 * TOKEN),
        (100_000 * TOKEN + 1, 10_000 * TOKEN + 1, 5_000 * TOKEN + 1, 5_500 * TOKEN + 2),
        (600_000 * TOKEN, 140_000 * TOKEN, 70_000 * TOKEN, 77_000 * TOKEN),
    ],
)
def test_margins__at_known_notionals__are_what_a_pencil_says(
    notional: int, initial: int, maintenance: int, target: int
) -> None:
    """10, 20 and 50 % initial, half of it maintenance, a buffer of a tenth; always rounded up."""
    assert PARAMETERS.initial_margin(notional) == initial
    assert PARAMETERS.maintenance_margin(notional) == maintenance
    assert PARAMETERS.target(notional) == target


def test_parameters__within_every_limit__are_accepted() -> None:
    """The terms that the other tests use, and the outermost ones."""
    outermost = RiskParameters(
        tiers=tuple(Tier(MAX_ASSETS - 7 + n if n else 0, PPM, PPM - 1) for n in range(8)),
        trading_fee_ppm=PPM - 1,
        insurance_share_ppm=PPM,
        liquidation_fee_ppm=250_000,
        liquidator_share_ppm=PPM,
        buffer_ppm=PPM,
        min_notional=MAX_ASSETS,
        max_open_interest=MAX_SIZE,
        reserve_ppm=10**9,
        skew_scale=MAX_SIZE,
        max_funding_rate_wad=10**14,
        borrow_rate_wad=10**14,
        adl_trigger_ppm=PPM,
        adl_target_ppm=PPM - 1,
        max_price_age=2**32 - 1,
    )

    PARAMETERS.validate()
    outermost.validate()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("tradingFeePpm", {"trading_fee_ppm": 100_000}),
        ("insuranceSharePpm", {"insurance_share_ppm": PPM + 1}),
        ("liquidationFeePpm", {"liquidation_fee_ppm": 50_000}),
        ("liquidatorSharePpm", {"liquidator_share_ppm": PPM + 1, "liquidation_fee_ppm": 1}),
        ("liquidatorSharePpm", {"liquidation_fee_ppm": 49_999, "liquidator_share_ppm": 500_011}),
        ("bufferPpm", {"buffer_ppm": 0}),
        ("bufferPpm", {"buffer_ppm": PPM + 1}),
        ("minNotional", {"min_notional": 0}),
        ("minNotional", {"min_notional": MAX_ASSETS + 1}),
        ("minNotional", {"min_notional": 19_980}),
        ("maxOpenInterest", {"max_open_interest": MAX_SIZE + 1}),
        ("reservePpm", {"reserve_ppm": 0}),
        ("reservePpm", {"reserve_ppm": 10**9 + 1}),
        ("skewScale", {"skew_scale": 0}),
        ("skewScale", {"skew_scale": MAX_SIZE + 1}),
        ("maxFundingRateWad", {"max_funding_rate_wad": 10**14 + 1}),
        ("borrowRateWad", {"borrow_rate_wad": 10**14 + 1}),
        ("adlTriggerPpm", {"adl_trigger_ppm": 0}),
        ("adlTriggerPpm", {"adl_trigger_ppm": PPM + 1}),
        ("adlTargetPpm", {"adl_target_ppm": 0}),
        ("adlTargetPpm", {"adl_target_ppm": 500_000}),
        ("maxPriceAge", {"max_price_age": 0}),
        ("maxPriceAge", {"max_price_age": 2**32}),
    ],
)
def test_validate__with_one_parameter_out_of_bounds__names_it(name: str, changes: dict[str, Any]) -> None:
    """Each limit, by one where there is one."""
    with pytest.raises(InvalidParameter) as caught:
        replace(PARAMETERS, **changes).validate()

    assert caught.value.args == (name,)


@pytest.mark.parametrize(
    ("name", "tiers"),
    [
        ("tiers", ()),
        ("tiers", tuple(Tier(n, 2, 1) for n in range(9))),
        ("notionalFloor", (Tier(1, 100_000, 50_000),)),
        ("notionalFloor", (Tier(0, 100_000, 50_000), Tier(0, 100_000, 50_000))),
        ("notionalFloor", (Tier(0, 100_000, 50_000), Tier(MAX_ASSETS + 1, 100_000, 50_000))),
        ("maintenanceRatePpm", (Tier(0, 100_000, 0),)),
        ("maintenanceRatePpm", (Tier(0, 100_000, 50_000), Tier(9, 100_000, 49_999))),
        ("initialRatePpm", (Tier(0, 50_000, 50_000),)),
        ("initialRatePpm", (Tier(0, PPM + 1, 50_000),)),
        ("initialRatePpm", (Tier(0, 100_000, 50_000), Tier(9, 99_999, 50_000))),
    ],
)
def test_validate__with_a_broken_tier__names_what_is_wrong(name: str, tiers: tuple[Tier, ...]) -> None:
    """One to eight tiers from zero, floors rising, rates never falling."""
    with pytest.raises(InvalidParameter) as caught:
        replace(PARAMETERS, tiers=tiers).validate()

    assert caught.value.args == (name,)


def test_validate__with_everything_broken__names_them_in_order() -> None:
    """Repairing the named parameter each time meets every name once, in the ABI's order."""
    repaired: dict[str, Any] = {
        "trading_fee_ppm": PPM,
        "insurance_share_ppm": PPM + 1,
        "liquidation_fee_ppm": PPM,
        "liquidator_share_ppm": PPM + 1,
        "buffer_ppm": 0,
        "min_notional": 0,
        "max_open_interest": MAX_SIZE + 1,
        "reserve_ppm": 0,
        "skew_scale": 0,
        "max_funding_rate_wad": 10**15,
        "borrow_rate_wad": 10**15,
        "adl_trigger_ppm": 0,
        "adl_target_ppm": 0,
        "max_price_age": 0,
    }
    for field in list(repaired):
        with pytest.raises(InvalidParameter) as caught:
            replace(PARAMETERS, **repaired).validate()
        head, *rest = field.split("_")
        assert caught.value.args == (head + "".join(word.capitalize() for word in rest),)
        repaired[field] = getattr(PARAMETERS, field)

    replace(PARAMETERS, **repaired).validate()


@pytest.mark.parametrize(("bad", "error"), [(1.5, NotAnInteger), (True, NotAnInteger), (-1, OutOfDomain)])
def test_parameters__that_are_no_words__are_rejected(bad: Any, error: type[Exception]) -> None:
    """Wherever a number goes in."""
    with pytest.raises(error, match=str(bad)):
        Tier(0, bad, 1)
    with pytest.raises(error, match=str(bad)):
        replace(PARAMETERS, max_price_age=bad)
    with pytest.raises(error, match=str(bad)):
        PARAMETERS.maintenance.requirement(bad)
