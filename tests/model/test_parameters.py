"""Risk parameters: what a deployment refuses, and what the tiers require."""

from dataclasses import fields
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isolated_margin.errors import InvalidParameter
from isolated_margin.fixed import PPM
from isolated_margin.parameters import RiskParameters, Schedule, schedule

from tests.model.parameter_edges import BROKEN, EDGES, broken_from, changed
from tests.model.worlds import PARAMETERS, TOKEN, must_refuse, thorough


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


@pytest.mark.parametrize(("name", "change"), EDGES)
def test_validate__of_a_parameter_at_its_edge__passes_and_one_beyond_is_named(
    name: str | None, change: dict[str, Any]
) -> None:
    parameters = changed(change)
    if name:
        must_refuse(InvalidParameter(name), parameters.validate)
    else:
        parameters.validate()


def test_edges__of_all_parameters__are_tried_on_both_sides() -> None:
    names = {field.name for field in fields(RiskParameters) if field.init}
    assert {name for _, change in EDGES for name in change} == names
    assert {name for refused, change in EDGES if refused is None for name in change} == names


@pytest.mark.parametrize("first", BROKEN)
def test_validate__with_this_and_all_later_ones_broken__names_this_one(first: str) -> None:
    must_refuse(InvalidParameter(first), broken_from(first).validate)
