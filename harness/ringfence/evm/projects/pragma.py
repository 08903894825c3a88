"""Which versions of the compiler a source asks for: ``pragma solidity ^0.8.20;``, as npm reads ranges."""

import re
from collections.abc import Iterable
from typing import Final, TypeAlias

Version: TypeAlias = tuple[int, int, int]
PRAGMA: Final = re.compile(r"^\s*pragma\s+solidity\s+([^;]+);", re.MULTILINE)
TERM: Final = re.compile(r"(\^|~|>=|<=|>|<|=)?\s*v?(\d+)(?:\.(\d+|\*|x))?(?:\.(\d+|\*|x))?")


def pragmas_of(text: str) -> list[str]:
    """Return the ranges that a source states."""
    return [found.strip() for found in PRAGMA.findall(text)]


def satisfies(version: Version, pragmas: Iterable[str]) -> bool:
    """Return whether a version is in all of the ranges; each is alternatives of terms that all hold."""
    return all(any(_holds(version, part) for part in pragma.split("||")) for pragma in pragmas)


def _holds(version: Version, terms: str) -> bool:
    return all(_holds_one(version, *found) for found in TERM.findall(terms.replace('"', "").replace("'", "")))


def _holds_one(version: Version, sign: str, *stated: str) -> bool:
    numbers = [int(each) for each in stated if each.isdigit()]
    major, minor, patch = (*numbers, 0, 0)[:3]
    first = major, minor, patch
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
