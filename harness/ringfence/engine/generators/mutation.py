"""New call sequences from stored ones: cut, spliced, with a value changed, with rules in between."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final, Protocol, TypeAlias

from ringfence.types.actions import Action, Step, parameters_of
from ringfence.types.parameter_kinds import AssetAmount, SignedSize, UnsignedSize

SECONDS: Final = "seconds"
LENGTHS: Final = (1, 1, 2, 3)  # rules played where a call sequence is opened up
SCALES: Final = ((11, 10), (3, 2), (2, 1), (5, 1), (9, 10), (1, 2), (101, 100), (99, 100))
AMOUNTS: Final = (SignedSize, UnsignedSize, AssetAmount)
WAITS: Final = (0, 1, 12, 3_600, 86_400, 2_592_000)


class SourceSequence(Protocol):
    """What a call sequence is made from."""

    @property
    def sequence(self) -> Sequence[Step]:
        """Return a call sequence."""
        ...

    @property
    def opened(self) -> Sequence[int | None]:
        """Return the position that each of its steps opened when it was done, if it did."""
        ...


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A call sequence, and the position that each of its steps opened when it was done, if it did."""

    sequence: Sequence[Step]
    opened: Sequence[int | None]


@dataclass(slots=True)
class Again:
    """A step of a stored sequence; ``opened`` is what it opened there, ``names`` what these are now."""

    step: Step
    opened: int | None
    names: dict[int, int]

    def named(self) -> Step:
        """Return the step with its position called what it is now."""
        position = self.step.action.position_named
        if position is None or self.names.get(position, position) == position:
            return self.step
        return Step(self.step.action.renamed(self.names[position]), self.step.seconds)

    def note(self, opened: int | None) -> None:
        """Remember what position the step has opened now."""
        if self.opened is not None and opened is not None:
            self.names[self.opened] = opened


Plan: TypeAlias = list[Again | None]
"""Steps to do again, and None where a rule is to be played."""


Mutation: TypeAlias = Callable[[Plan, SourceSequence, Random], Plan]


def mutated(parent: SourceSequence, other: SourceSequence, random: Random) -> Plan:
    """Return a plan made from a call sequence, or from two; any value may be another."""
    return random.choice(MUTATIONS)(again(parent), other, random)


def again(parent: SourceSequence) -> Plan:
    """Return the plan of doing a call sequence as it was."""
    shared: dict[int, int] = {}
    return [Again(step, opened, shared) for step, opened in zip(parent.sequence, parent.opened, strict=True)]


def _cut(plan: Plan, other: SourceSequence, random: Random) -> Plan:
    return plan[: random.randint(1, len(plan))]


def _spliced(plan: Plan, other: SourceSequence, random: Random) -> Plan:
    rest = again(other)
    return plan[: random.randint(1, len(plan))] + rest[random.randrange(len(rest)) :]


def _changed(plan: Plan, other: SourceSequence, random: Random) -> Plan:
    index = random.randrange(len(plan))
    again = plan[index]
    assert again is not None
    plan[index] = replace(again, step=changed(again.step, random))
    return plan


def _opened_up(plan: Plan, other: SourceSequence, random: Random) -> Plan:
    place = random.randint(0, len(plan))
    gap: Plan = [None] * random.choice(LENGTHS)
    return plan[:place] + gap + plan[place:]


def _less_one(plan: Plan, other: SourceSequence, random: Random) -> Plan:
    del plan[random.randrange(len(plan))]
    return plan


MUTATIONS: Final[tuple[Mutation, ...]] = (
    *(_cut, _spliced, _opened_up, _opened_up, _less_one),
    *(_changed, _changed),
)


def changed(step: Step, random: Random) -> Step:
    """Return a step with another value in one place; every value still fits its type."""
    parameters = parameters_of(type(step.action))
    name = random.choice([SECONDS, *parameters])
    if name == SECONDS:
        return Step(step.action, random.choice(WAITS))
    value = parameters[name].change(getattr(step.action, name), random)
    return Step(step.action.replaced(**{name: value}), step.seconds)


def scaled(plan: Plan, random: Random) -> Plan:
    """Return a plan with all amounts of one step, or of all, times a factor."""
    times, parts = random.choice(SCALES)
    chosen = random.choice((None, random.randrange(len(plan))))
    for index, each in enumerate(plan):
        if each is not None and chosen in (None, index):
            plan[index] = replace(each, step=Step(_scaled(each.step.action, times, parts), each.step.seconds))
    return plan


def _scaled(action: Action, times: int, parts: int) -> Action:
    changes = {
        name: _whole(getattr(action, name) * times, parts)
        for name, parameter in parameters_of(type(action)).items()
        if isinstance(parameter, AMOUNTS)
    }
    return action.replaced(**changes) if changes else action


def _whole(dividend: int, divisor: int) -> int:
    """Return a quotient rounded to zero, in the range of the ABI's types."""
    magnitude = min(abs(dividend) // divisor, 2**255 - 1)
    return magnitude if dividend >= 0 else -magnitude
