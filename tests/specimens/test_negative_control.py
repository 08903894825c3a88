"""A vault that is not isolated, asked for isolation, breaks the laws that say what isolation is."""

from pathlib import Path

import pytest
from ringfence.engine.loading import load
from ringfence.engine.search import Search

ADAPTER = Path(__file__).parents[2] / "examples" / "cross-margin" / "adapter.py"


@pytest.mark.parametrize(
    ("law", "steps", "told"),
    [
        pytest.param(law, steps, told, marks=pytest.mark.property(law))
        for law, steps, told in [
            ("ISO-1", 4, "margin is"),
            ("ISO-3", 6, "can claim is"),
            ("ISO-4", 4, "the equity of position"),
        ]
    ],
)
def test_search__of_a_cross_margin_vault__finds_isolation_broken(law: str, steps: int, told: str) -> None:
    """One position's loss is taken from the account's others, shown by a program of a few steps."""
    done = Search(load(f"{ADAPTER}:CrossMarginVault"), seed=5, law=law).run(seconds=120)
    assert done.fault is None
    assert done.unseen == []
    assert done.caught is not None
    assert done.caught.law == law
    assert told in done.caught.complaint
    assert len(done.caught.program) <= steps
