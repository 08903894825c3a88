"""The shortest and plainest program that does as much damage."""

from collections.abc import Sequence

from ringfence.engine.maximise.course import Course
from ringfence.engine.shrink import minimise
from ringfence.types.actions import CallSequence


def shortened(course: Course, program: CallSequence, value: int, first_answer: int) -> CallSequence:
    """Return a program from which nothing can be dropped without the quantity falling below ``value``."""

    def attempt(candidate: CallSequence) -> Sequence[int | None] | None:
        is_as_bad = course.allows(candidate) and course.worst()[0] >= value
        return list(course.opened) if is_as_bad else None

    return minimise(program, attempt, first_answer=first_answer)
