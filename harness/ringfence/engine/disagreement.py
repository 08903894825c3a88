"""A program on which vault and model disagree, made short."""

from collections.abc import Sequence
from dataclasses import dataclass

from ringfence.engine.arena import Arena
from ringfence.engine.lockstep import Divergence
from ringfence.engine.shrink import minimise
from ringfence.types.actions import CallSequence, Step
from ringfence.types.outcome import Done, Outcome
from ringfence.vaults.isolated_margin.actions import Open, OpenWithPermit


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A short program, from the market's opening on, at whose last step vault and model differ."""

    market: str
    program: CallSequence
    differences: tuple[str, ...]


def shortened(arena: Arena, divergence: Divergence) -> Disagreement:
    """Return a program that ends in the same kind of difference, as short and plain as can be."""
    market = arena.market
    opening = len(arena.setups[market].opening())
    if len(divergence.program) <= opening:
        return Disagreement(market, (), divergence.differences)

    def attempt(program: CallSequence) -> Sequence[int | None] | None:
        opened, found = replayed(arena, market, program)
        return opened if found is not None and kind_of(found) == kind_of(divergence) else None

    shortest = minimise(divergence.program[opening:], attempt)
    _, last = replayed(arena, market, shortest)
    assert last is not None, "what was found last is found again"
    return Disagreement(market, last.program[opening:], last.differences)


def replayed(arena: Arena, market: str, program: CallSequence) -> tuple[list[int | None], Divergence | None]:
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


def kind_of(divergence: Divergence) -> tuple[str, str]:
    """Return the last action and the first thing that differs, without its numbers."""
    return type(divergence.program[-1].action).__name__, divergence.differences[0].partition(":")[0]
