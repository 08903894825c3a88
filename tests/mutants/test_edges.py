"""Sequences for an edge notice what is wrong there, and nothing on the unchanged vault."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from ringfence.evm.projects.rewriting import Trees, rewriting
from ringfence.evm.projects.sources import Edit, edited
from ringfence.measure.mutation.phases import MutantCase, PhaseSeconds, compare
from ringfence.measure.mutation.verdict import KnownSequence
from ringfence.measure.target import MeasuredTarget

STEPS = '[{"action": {"action": "Pause", "account": "owner"}, "seconds": "1"}]'
FILE = "libraries/LiquidationMath.sol"
BUGS = {
    "none": (),
    "a tier's floor": (
        Edit(FILE, "held - excess < int256(tiers[tier].", "held - excess <= int256(tiers[tier]."),
    ),
    "the smallest notional": (
        Edit(
            FILE,
            "(whole - size) < draft.parameters.minNotional",
            "(whole - size) <= draft.parameters.minNotional",
        ),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS)
def test_edges__tell_a_limit_that_is_taken_in_from_one_that_is_not(bug: str) -> None:
    def seed(root: Path, sources: Mapping[str, str], trees: Trees) -> Mapping[str, str]:
        return edited(sources, BUGS[bug])

    with rewriting(seed):
        found = compare(
            MutantCase(MeasuredTarget("isolated-margin"), (), 1, PhaseSeconds(0.0, 0.0, 0.0, 0.0))
        )
    assert (found is None) == (bug == "none")


def test_edges__in_the_list__are_sequences_of_known_markets() -> None:
    target = MeasuredTarget("isolated-margin")
    edges = list(target.measurements.corpus())
    assert {market for market, _ in edges} <= set(target.markets)
    assert all(sequence for _, sequence in edges)


def test_known__of_a_mutant_that_a_start_shows__is_no_sequence() -> None:
    """Nothing can be made of no steps: a market that starts differently is found by starting it."""
    known = (KnownSequence("standard", "[]"), KnownSequence("standard", STEPS))
    case = MutantCase(MeasuredTarget("isolated-margin"), known, 1, PhaseSeconds(0.0, 0.0, 0.0, 0.0))
    assert len(case.known) == len(list(case.target.measurements.corpus())) + 1
