"""What a predicate yields: None where its property was put to the test and held, else a message."""

from collections.abc import Iterator
from dataclasses import fields
from typing import TypeAlias

from ringfence.types.state import PositionState

Claims: TypeAlias = Iterator[str | None]


class WrongAmount(str):
    """The message of a claim about an amount, which is ``off`` by that many units."""

    __slots__ = ("off",)
    off: int

    @staticmethod
    def of(message: str, actual: object, expected: object) -> str:
        """Return the message of a claim that two values are the same: of amounts with what they are off."""
        if type(actual) is not int or type(expected) is not int:
            return message
        wrong = WrongAmount(message)
        wrong.off = abs(actual - expected)
        return wrong


def that(holds: bool, message: str) -> str | None:
    """Return ``message`` unless ``holds``."""
    return None if holds else message


def equal(what: str, actual: object, expected: object) -> str | None:
    """Claim that ``actual`` is ``expected``."""
    return (
        None
        if actual == expected
        else WrongAmount.of(f"{what} is {actual}, not {expected}", actual, expected)
    )


def unchanged(what: str, after: PositionState | None, before: PositionState) -> str | None:
    """Claim that nothing of a position has changed; name what has."""
    if after is None:
        return f"{what} is gone"
    pairs = [
        (field.name, getattr(after, field.name), getattr(before, field.name)) for field in fields(before)
    ]
    changed = [each for each in pairs if each[1] != each[2]]
    if not changed:
        return None
    changes = ", ".join(f"{name} is {actual}, not {expected}" for name, actual, expected in changed)
    return WrongAmount.of(f"of {what}, {changes}", after.assets_off(before), 0)


def at_least(what: str, actual: int, least: int) -> str | None:
    """Claim that ``actual`` is no less than ``least``."""
    return (
        None if actual >= least else WrongAmount.of(f"{what} is {actual}, less than {least}", actual, least)
    )


def at_most(what: str, actual: int, most: int) -> str | None:
    """Claim that ``actual`` is no more than ``most``."""
    return None if actual <= most else WrongAmount.of(f"{what} is {actual}, more than {most}", actual, most)


def broken(*claims: str | None) -> Claims:
    """Yield the broken ones alone: for what is asked along the way and is no test of the property."""
    return (claim for claim in claims if claim is not None)
