"""Which versions of the compiler a source asks for: ``pragma solidity ^0.8.20;``, as npm reads ranges."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

Version: TypeAlias = tuple[int, int, int]
PRAGMA: Final = re.compile(r"^\s*pragma\s+solidity\s+([^;]+);", re.MULTILINE)
NUMBERS: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)")
TERM: Final = re.compile(r"(\^|~|>=|<=|>|<|=)?\s*v?(\d+)(?:\.(\d+|\*|x))?(?:\.(\d+|\*|x))?")


def pragmas_of(text: str) -> list[str]:
    """Return the ranges that a source states."""
    return [found.strip() for found in PRAGMA.findall(text)]


def version_in(text: str) -> Version:
    """Return the first version that a text names, 0.0.0 without one."""
    found = NUMBERS.search(text)
    major, minor, patch = map(int, found.groups()) if found else (0, 0, 0)
    return major, minor, patch


def satisfies(version: Version, pragmas: Iterable[str]) -> bool:
    """Return whether a version is in all of the ranges; each is alternatives of terms that all hold."""
    return all(any(_holds(version, part) for part in pragma.split("||")) for pragma in pragmas)


def first_allowed(pragmas: Sequence[str]) -> Version | None:
    """Return a version that is in all of the ranges, of those that they name or the next; None without."""
    named = (_version(found) for pragma in pragmas for _, *found in TERM.findall(pragma))
    versions = sorted({(*each[:2], each[2] + later) for each in named for later in (0, 1)})
    return next((each for each in versions if satisfies(each, pragmas)), None)


def _version(stated: Sequence[str]) -> Version:
    major, minor, patch = (*(int(each) for each in stated if each.isdigit()), 0, 0)[:3]
    return major, minor, patch


def _holds(version: Version, terms: str) -> bool:
    return all(_holds_one(version, *found) for found in TERM.findall(terms.replace('"', "").replace("'", "")))


def _holds_one(version: Version, sign: str, *stated: str) -> bool:
    numbers = [int(each) for each in stated if each.isdigit()]
    first = _version(stated)
    match sign:
        case ">=":
            return version >= first
        case ">":
            return version > first
        case "<=":
            return version <= first
        case "<":
            return version < first
        case "^":  # nothing changes left of the first number that is not 0
            fixed = next((place for place, number in enumerate(numbers) if number), len(numbers) - 1) + 1
        case "~":
            fixed = min(2, len(numbers))
        case _:
            fixed = len(numbers)
    return version >= first and version[:fixed] == first[:fixed]
