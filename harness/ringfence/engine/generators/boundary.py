"""Where a condition on whole numbers stops to hold, looked for from a guess outwards."""

from collections.abc import Callable
from typing import Final

FACTOR: Final = 8  # by which a step away from the guess grows
INTERPOLATIONS: Final = 3
GROWTHS: Final = 3  # times FACTOR: how far from where it starts a largest number is looked for
CLOSE: Final = 64  # a largest number is known to one part in 64


def last_holding(holds: Callable[[int], bool], span: int, guess: int | None) -> int | None:
    """Return a number from 0 to ``span`` that holds, before one that does not; None without one.

    It is the last that holds where all that hold come first. A good guess takes two looks. Without a guess
    the two ends are looked at first.
    """
    found = _from_ends(holds, span) if guess is None else _around(holds, span, min(max(guess, 0), span))
    if found is None:
        return None
    good, _ = _narrowed(holds, *found)
    return good


def about_largest(holds: Callable[[int], bool], start: int) -> tuple[int, int] | None:
    """Return a number that holds, and a higher one, close to it, that does not if both are near ``start``.

    None where none near it holds.
    """
    found = _grown(holds, start) if holds(start) else _shrunk(holds, start)
    return None if found is None else _narrowed(holds, *found, parts=CLOSE)


def _narrowed(holds: Callable[[int], bool], good: int, bad: int, parts: int = 0) -> tuple[int, int]:
    """Bisect until the two are next to each other, or no further apart than a part of ``parts``."""
    while bad - good > max(1, good // parts if parts else 1):
        middle = (good + bad) // 2
        if holds(middle):
            good = middle
        else:
            bad = middle
    return good, bad


def _grown(holds: Callable[[int], bool], good: int) -> tuple[int, int]:
    for _ in range(GROWTHS):
        if not holds(good * FACTOR):
            return good, good * FACTOR
        good *= FACTOR
    return good, good


def _shrunk(holds: Callable[[int], bool], bad: int) -> tuple[int, int] | None:
    for _ in range(GROWTHS):
        if holds(bad // FACTOR):
            return bad // FACTOR, bad
        bad //= FACTOR
    return None


def interpolated(spare: Callable[[int], int], span: int) -> int | None:
    """Return the last number from 0 to ``span`` with nothing missing, where ``spare`` falls to below 0.

    None where it does not fall so.
    """
    good, bad = 0, span
    left, missing = spare(good), -spare(bad)
    if left < 0 or missing <= 0:
        return None
    middle = good
    for _ in range(INTERPOLATIONS):
        middle = good + (bad - good) * left // (left + missing)
        if (value := spare(middle)) >= 0:
            good, left = middle, value
        else:
            bad, missing = middle, -value
    return last_holding(lambda number: spare(number) >= 0, span, middle)


def _from_ends(holds: Callable[[int], bool], span: int) -> tuple[int, int] | None:
    return None if not holds(0) or holds(span) else (0, span)


def _around(holds: Callable[[int], bool], span: int, guess: int) -> tuple[int, int] | None:
    """Return a number that holds and a higher one that does not, one of which is the guess if it can be."""
    return _upwards(holds, span, guess) if holds(guess) else _downwards(holds, guess)


def _upwards(holds: Callable[[int], bool], span: int, good: int) -> tuple[int, int] | None:
    step = 1
    while good < span:
        bad = min(good + step, span)
        if not holds(bad):
            return good, bad
        good, step = bad, step * FACTOR
    return None


def _downwards(holds: Callable[[int], bool], bad: int) -> tuple[int, int] | None:
    step = 1
    while bad > 0:
        good = max(bad - step, 0)
        if holds(good):
            return good, bad
        if step == 1 and not holds(0):
            return None  # nothing does
        bad, step = good, step * FACTOR
    return None
