"""A vault that is not isolated, asked for isolation, breaks the properties that say what isolation is."""

from pathlib import Path

import pytest
from ringfence.engine.budget import Budget
from ringfence.engine.objective import Violations
from ringfence.engine.search import Search
from ringfence.engine.target import Target

ADAPTER = Path(__file__).parents[2] / "examples" / "cross-margin" / "adapter.py"


@pytest.mark.parametrize(
    ("property_id", "steps", "told"),
    [
        pytest.param(property_id, steps, told, marks=pytest.mark.property(property_id))
        for property_id, steps, told in [
            ("ISO-1", 4, "margin is"),
            ("ISO-3", 6, "can claim is"),
            ("ISO-4", 6, "the equity of position"),
        ]
    ],
)
def test_search__of_cross_margin__finds_isolation_broken(property_id: str, steps: int, told: str) -> None:
    target = Target.named(f"{ADAPTER}:CrossMarginVault")
    done = Search(target, seed=4, objective=Violations({property_id})).run(Budget(None, 30))
    assert (done.fault, done.unseen) == ("", {})
    assert done.finding is not None
    violated = done.finding.cause.broken
    assert violated is not None
    assert violated.id == property_id
    assert told in violated.message
    assert len(done.finding.sequence) <= steps
