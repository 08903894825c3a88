"""Terms whose tiers small numbers reach, so that every rounding shows."""

from dataclasses import replace

from hypothesis import strategies as st
from isolated_margin.parameters import RiskParameters, Tier

from tests.model.worlds import FREE_OF_CARRY


def with_tiers(*tiers: tuple[int, int]) -> RiskParameters:
    """Return terms of these floors and maintenance rates."""
    return replace(FREE_OF_CARRY, tiers=tuple(Tier(floor, 10**6, rate) for floor, rate in tiers))


@st.composite
def small_terms(draw: st.DrawFn) -> RiskParameters:
    """Draw one to three tiers with floors and rates that small numbers reach."""
    floors = (0, *sorted(draw(st.sets(st.integers(1, 60), max_size=2))))
    rates = sorted(draw(st.lists(st.integers(1, 999_999), min_size=len(floors), max_size=len(floors))))
    return with_tiers(*zip(floors, rates, strict=True))
