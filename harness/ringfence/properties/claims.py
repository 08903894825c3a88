"""What a predicate yields: None where its law was put to the test and held, else a sentence."""

from collections.abc import Iterator
from typing import TypeAlias

Claims: TypeAlias = Iterator[str | None]


def that(holds: bool, complaint: str) -> str | None:
    """Return ``complaint`` unless ``holds``."""
    return None if holds else complaint


def equal(what: str, actual: object, expected: object) -> str | None:
    """Claim that ``actual`` is ``expected``."""
    return None if actual == expected else f"{what} is {actual}, not {expected}"


def at_least(what: str, actual: int, least: int) -> str | None:
    """Claim that ``actual`` is no less than ``least``."""
    return None if actual >= least else f"{what} is {actual}, less than {least}"


def at_most(what: str, actual: int, most: int) -> str | None:
    """Claim that ``actual`` is no more than ``most``."""
    return None if actual <= most else f"{what} is {actual}, more than {most}"


def broken(*claims: str | None) -> Claims:
    """Yield the broken ones alone: for what is asked along the way and is no test of the law."""
    return (claim for claim in claims if claim is not None)
