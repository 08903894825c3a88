"""Kinds of parameters: which values an argument can take, how it is drawn, changed and made simpler.

A kind names *points* ("the owner", "twice the usual", "one unit less"), simplest first and common ones
repeated; what a point comes to is worked out when the step is made. A random generator draws points evenly,
Hypothesis samples the same list, so that a failing run shrinks to its head.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any, ClassVar, Final

from ringfence.types.facts import Facts
from ringfence.types.kinds import Kind
from ringfence.types.moment import Moment
from ringfence.types.state import VaultState

PPM: Final = 10**6
MAX_UINT: Final = 2**256 - 1
MAX_INT: Final = 2**255 - 1
LONGEST_WAIT: Final = 2**32 // 1000  # (= 4,294,967) seconds: a thousand of them are a vault's life
NUDGES: Final = (0, 0, -1, 1)
PARTS: Final = ((1, 1), (1, 1), (1, 2), (2, 1), (1, 3), (5, 1), (10, 1), (1, 10), (0, 1))  # of what is usual
FACTORS: Final = ((1, 2), (2, 1), (9, 10), (11, 10), (0, 1), (1, 10), (10, 1))
STEPS: Final = (-1, 1, -1, 1, 2, -2)
DIGITS: Final = (1, 2, 3, 5, 8)
Point = Any
"""What a kind's ``value`` understands; printed in Hypothesis' counterexamples, so plain data."""


@dataclass(slots=True)
class Look:
    """What a value may depend on: the state, time and price that the step finds, the vault's ordinary trade,
    the highest number ``opened`` of a position, and what was drawn for the action before.

    A position is drawn first, then a size, then what is left; who sends the action is drawn last.
    """

    state: VaultState
    moment: Moment
    facts: Facts
    opened: int
    kind: Kind = Kind.OTHER
    position: int | None = None
    size: int | None = None


class Parameter:
    """A kind of parameter. An adapter's own kind overrides ``points`` and ``value``, or is a ``Drawn``."""

    is_shrunk: ClassVar[bool] = True
    points: Sequence[Point] = (0,)

    def value(self, point: Point, look: Look) -> Any:
        """Return what a point comes to."""
        return point

    def change(self, value: Any, random: Random) -> Any:
        """Return another value of the kind's type, for a mutated call sequence."""
        return random.choice(self.points) if self.points else value

    def simpler(self, value: Any) -> Iterator[Any]:
        """Yield values that a reader would find simpler, the simplest first."""
        yield from ()

    def is_unsaid(self, value: Any) -> bool:
        """Return whether a reader of the action need not be shown the value."""
        return False

    def neutral(self, *, buys: bool) -> Any:
        """Return the value that stands in no one's way; raises LookupError where there is none."""
        raise LookupError(type(self).__name__)


class Number(Parameter):
    """An unsigned integer; ``lowest`` and ``highest`` are what its ABI type holds."""

    lowest: ClassVar[int] = 0
    highest: ClassVar[int] = MAX_UINT
    points = tuple(product(PARTS, NUDGES))

    def usual(self, look: Look) -> int:
        """Return the amount that points are parts of."""
        return look.facts.margin

    def value(self, point: Point, look: Look) -> int:
        """Return a part of what is usual, or one unit next to it."""
        (times, parts), nudge = point
        return max(0, int(self.usual(look) * times // parts + nudge))

    def change(self, value: int, random: Random) -> int:
        """Return a value close by, or some multiple."""
        if random.random() < 0.5:
            changed = value + random.choice(STEPS)
        else:
            times, parts = random.choice(FACTORS)
            changed = value * times // parts
        return self.held(changed)

    def held(self, value: int) -> int:
        """Return the number that its type holds which is nearest."""
        return max(self.lowest, min(value, self.highest))

    def simpler(self, value: int) -> Iterator[int]:
        """Yield numbers of fewer significant digits: none, one, ... each rounded to zero and away from it."""
        sign, magnitude = (-1 if value < 0 else 1), abs(value)
        candidates = [0, 1]
        for digits in DIGITS:
            unit = 10 ** max(0, len(str(magnitude)) - digits)
            candidates += [magnitude // unit * unit, -(-magnitude // unit) * unit]
        for candidate in dict.fromkeys(candidates):
            if complexity(candidate) < complexity(magnitude) and candidate <= MAX_INT:
                yield sign * candidate


def complexity(magnitude: int) -> tuple[int, int]:
    """Return how much a reader has to take in: significant digits, then all digits."""
    text = str(magnitude)
    return len(text.rstrip("0")), len(text)


class Drawn(Parameter):
    """A kind of the adapter's own: ``draw`` from a ``Random``; ``strategy`` is for Hypothesis, if given."""

    def __init__(self, draw: Any, strategy: Any = None) -> None:
        """Take a function of a ``random.Random``, and a Hypothesis strategy for the same values."""
        self._draw, self.strategy = draw, strategy
        self.points = range(2**16)

    def value(self, point: int, look: Look) -> Any:
        """Return the value that a seed draws."""
        return self.seeded(point)

    def seeded(self, seed: int) -> Any:
        """Return the value that a seed draws."""
        return self._draw(Random(seed))

    def change(self, value: Any, random: Random) -> Any:
        """Return another value."""
        return self._draw(random)
