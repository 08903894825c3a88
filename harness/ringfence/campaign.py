"""A search for a program on which vault and model disagree, by machines that draw near every limit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from platform import python_version
from random import Random
from time import monotonic
from typing import Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from ringfence.actions import Open, OpenWithPermit, Program, Step
from ringfence.arena import Arena
from ringfence.lockstep import Divergence
from ringfence.machines import VaultMachine
from ringfence.machines.even_draws import BACKEND
from ringfence.minimise import minimise
from ringfence.outcome import Done, Outcome
from ringfence.tally import Tally

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
class Budget:
    """When to stop: after the batch in which so many runs were made, or so many seconds have passed."""

    runs: int | None
    seconds: int | None

    def is_spent(self, runs: int, seconds: float) -> bool:
        """Return whether to stop."""
        return (self.runs is not None and runs >= self.runs) or (
            self.seconds is not None and seconds >= self.seconds
        )


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A short program, from the market's opening on, at whose last step vault and model differ."""

    market: str
    program: Program
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a search has done; ``seed`` and the tally's number of runs repeat it."""

    seed: int
    seconds: float
    tally: Tally
    versions: dict[str, str]
    disagreement: Disagreement | None
    is_interrupted: bool


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
        while divergence is None and not budget.is_spent(arena.tally.runs, monotonic() - begun):
            divergence = _batch(armed, seeds.getrandbits(64))
            told(arena.tally)
        disagreement = _shortened(arena, divergence) if divergence else None
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


def _shortened(arena: Arena, divergence: Divergence) -> Disagreement:
    """Return a program that ends in the same kind of difference, as short and plain as can be."""
    market = arena.market
    opening = len(arena.setups[market].opening())
    if len(divergence.program) <= opening:
        return Disagreement(market, (), divergence.differences)

    def attempt(program: Program) -> Sequence[int | None] | None:
        opened, found = _replayed(arena, market, program)
        return opened if found is not None and _kind(found) == _kind(divergence) else None

    shortest = minimise(divergence.program[opening:], attempt)
    _, last = _replayed(arena, market, shortest)
    assert last is not None, "what was found last is found again"
    return Disagreement(market, last.program[opening:], last.differences)


def _replayed(arena: Arena, market: str, program: Program) -> tuple[list[int | None], Divergence | None]:
    """Do a program again; return the position that each step opened, and where vault and model part."""
    pair = arena.enter(market)
    opened: list[int | None] = [None] * len(program)
    for index, step in enumerate(program):
        try:
            opened[index] = _opened(step, pair.apply(step))
        except Divergence as divergence:
            return opened, divergence
    return opened, None


def _opened(step: Step, outcome: Outcome) -> int | None:
    if isinstance(step.action, Open | OpenWithPermit) and isinstance(outcome, Done):
        assert isinstance(outcome.value, int)
        return outcome.value
    return None


def _kind(divergence: Divergence) -> tuple[str, str]:
    """Return the last action and the first thing that differs, without its numbers."""
    return type(divergence.program[-1].action).__name__, divergence.differences[0].partition(":")[0]
