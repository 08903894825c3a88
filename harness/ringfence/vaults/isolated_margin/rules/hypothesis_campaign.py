"""A search for a program on which vault and model disagree, by machines that draw near every limit."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from platform import python_version
from random import Random
from time import monotonic
from typing import Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from ringfence.engine.arena import Arena
from ringfence.engine.budget import Budget
from ringfence.engine.disagreement import Disagreement, shortened
from ringfence.engine.lockstep import Divergence
from ringfence.engine.tally import Tally
from ringfence.vaults.isolated_margin.rules import VaultMachine
from ringfence.vaults.isolated_margin.rules.even_draws import BACKEND

STEPS_PER_RUN: Final = 100
RUNS_PER_BATCH: Final = 40
PACKAGES: Final = ("ringfence", "hypothesis", "pyrevm")
PROFILE: Final = settings(
    max_examples=RUNS_PER_BATCH,
    stateful_step_count=STEPS_PER_RUN,
    backend=BACKEND,
    database=None,
    deadline=None,
    phases=(Phase.generate,),  # what is found is shortened as a program, in a second
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a search has done; ``seed`` and the tally's number of runs repeat it.

    ``entries``: programs in the corpus; ``complaint``: a sentence about a corpus that couldn't be written.
    """

    seed: int
    seconds: float
    tally: Tally
    versions: dict[str, str]
    disagreement: Disagreement | None
    is_interrupted: bool
    entries: int = 0
    complaint: str = ""


def search(
    machine: type[VaultMachine], arena: Arena, seed: int, budget: Budget, told: Callable[[Tally], None]
) -> Campaign:
    """Run ``machine`` in an arena until the budget is spent, something is found or the user interrupts.

    ``told`` hears of the tally after every batch of runs.
    """
    armed = type(machine.__name__, (machine,), {"arena": arena})
    seeds, begun = Random(seed), monotonic()
    divergence, is_interrupted = None, False
    try:
        while divergence is None and not budget.is_spent(arena.tally, monotonic() - begun):
            divergence = _batch(armed, seeds.getrandbits(64))
            told(arena.tally)
        disagreement = shortened(arena, divergence) if divergence else None
    except KeyboardInterrupt:
        disagreement, is_interrupted = None, True
    return Campaign(seed, monotonic() - begun, arena.tally, versions(), disagreement, is_interrupted)


def versions() -> dict[str, str]:
    """Return what a search depends on beside its seed."""
    return {"python": python_version()} | {package: version(package) for package in PACKAGES}


def _batch(machine: type[VaultMachine], seed: int) -> Divergence | None:
    """Make some runs; return where one of them ended."""
    try:
        run_state_machine_as_test(seeded(seed)(machine), settings=PROFILE)
    except Divergence as divergence:
        return divergence
    return None
