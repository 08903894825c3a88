"""How long a finding of a hundred random steps takes to become short: ``python -m bench.shrinking``."""

from statistics import median
from time import process_time
from typing import Final

from rich.table import Table
from ringfence.engine.executors import CheckedExecutor
from ringfence.engine.findings import reproduced, shrunk
from ringfence.engine.objective import Violations
from ringfence.engine.proposals import Proposal
from ringfence.engine.search import Search
from ringfence.engine.system import MODEL
from ringfence.properties import BY_ID
from ringfence.types.actions import CallSequence
from ringfence.vaults.isolated_margin.seeded_bugs import SeededBug, seeded_bugs
from ringfence.vaults.isolated_margin.seeded_bugs.searching import target_of

SEEDS: Final = (1, 2, 3)
TURNS: Final = 100  # of the generator in each sequence
MARKET: Final = "standard"
NONE: Final = Violations(but={*BY_ID, MODEL})  # that would end a run
NAMES: Final = (
    "deficit shared by all margins",
    "at the threshold",
    "open interest falls by the whole",
    "anyone removes margin",
    "half at a time",
    "entry price blended arithmetically",
)


def table() -> Table:
    """Measure, and return for each bug the lengths before and after, and the seconds of this process."""
    rows = Table("bug", "steps", "shortest", "median s", "worst s", box=None, pad_edge=False)
    for seeded in seeded_bugs():
        if seeded.name in NAMES:
            before, after, seconds = zip(*[_shrunk(seeded, seed) for seed in SEEDS], strict=True)
            figures = (*map(_span, (before, after)), f"{median(seconds):.2f}", f"{max(seconds):.2f}")
            rows.add_row(seeded.name, *figures)
    return rows


def _shrunk(seeded: SeededBug, seed: int) -> tuple[int, int, float]:
    """Return a sequence's length, that of the shortest with the same cause, and the time between."""
    search = Search(target_of(seeded), seed, markets=(MARKET,), objective=NONE)
    sequence, system = _long_sequence(search, seeded.property_id), search.system(MARKET)
    begun = process_time()
    cause = reproduced(system, sequence, seeded.property_id)
    assert cause is not None, "it was violated just now"
    shortest = shrunk(system, sequence, cause)
    return len(sequence), len(shortest), process_time() - begun


def _long_sequence(search: Search, property_id: str) -> CallSequence:
    """Return a sequence of many random steps that violates a property somewhere; tries until one does."""
    while True:
        stage = search.fixtures.executor(MARKET, is_compared=False)
        assert isinstance(stage, CheckedExecutor)
        run = search.perform(Proposal(MARKET, length=TURNS), stage, is_compared=False)
        if property_id in stage.system.violated_at:
            return run.sequence


def _span(lengths: tuple[int, ...]) -> str:
    return f"{min(lengths)}-{max(lengths)}"


if __name__ == "__main__":
    from rich import print as show

    show(table())
