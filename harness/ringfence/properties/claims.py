"""What a predicate yields: None where its law was put to the test and held, else a sentence."""

from collections.abc import Iterator
from dataclasses import fields
from typing import TypeAlias

from ringfence.types.state import PositionState

Claims: TypeAlias = Iterator[str | None]


def that(holds: bool, complaint: str) -> str | None:
    """Return ``complaint`` unless ``holds``."""
    return None if holds else complaint


def equal(what: str, actual: object, expected: object) -> str | None:
    """Claim that ``actual`` is ``expected``."""
    return None if actual == expected else f"{what} is {actual}, not {expected}"


def unchanged(what: str, after: PositionState | None, before: PositionState) -> str | None:
    """Claim that nothing of a position has changed; name what has."""
    if after is None:
        return f"{what} is gone"
    pairs = [
        (field.name, getattr(after, field.name), getattr(before, field.name)) for field in fields(before)
    ]
    told = ", ".join(
        f"{name} is {actual}, not {expected}" for name, actual, expected in pairs if actual != expected
    )
    return f"of {what}, {told}" if told else None


def at_least(what: str, actual: int, least: int) -> str | None:
    """Claim that ``actual`` is no less than ``least``."""
    return None if actual >= least else f"{what} is {actual}, less than {least}"


def at_most(what: str, actual: int, most: int) -> str | None:
    """Claim that ``actual`` is no more than ``most``."""
    return None if actual <= most else f"{what} is {actual}, more than {most}"


def broken(*claims: str | None) -> Claims:
    """Yield the broken ones alone: for what is asked along the way and is no test of the law."""
    return (claim for claim in claims if claim is not None)
