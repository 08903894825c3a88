"""Programs that were worked out for an edge notice what is wrong there, and nothing on the unbroken vault."""

from collections.abc import Mapping

import pytest
from ringfence.evm.projects.sources import Edit
from ringfence.measure.mutation.compared import DifferentialSearch
from ringfence.measure.mutation.edges import edges
from ringfence.measure.mutation.our_vault import CONTRACTS
from ringfence.vaults.isolated_margin.seeded_bugs import SeededBug
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import creation_code

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


def codes(edits: tuple[Edit, ...]) -> Mapping[str, bytes]:
    """Return the contracts with a bug in them."""
    sources = SeededBug("", "MODEL", "", 0, (), edits).sources()
    return {name: creation_code(name, sources) for name in CONTRACTS}


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS)
def test_edges__tell_a_limit_that_is_taken_in_from_one_that_is_not(bug: str) -> None:
    """Only with the bug do vault and model part."""
    found = DifferentialSearch(codes(BUGS[bug]), seed=1).find(edges(), 0.0, 0.0, 0.0)
    assert (found is None) == (bug == "none")
