"""What printed output says whatever its wording: property ids, steps, names, terms, files and commands.

By this structure the output on a page is compared with what commands print: a sentence can be improved in one
place alone, and a wrong id, step, name, term or command does not pass.
"""

import re
from collections.abc import Iterator
from typing import Final

STEP: Final = re.compile(
    r"(\d+) {2,}\S.*? {2,}(\w+) {2,}(\w+)(.*)"
)  # number, time, account, action and outcome
PROPERTY: Final = re.compile(r"([A-Z]{3}-\d|MODEL)(?:( {2,}\d)|(: .*))?")  # tested; violated; not applicable
LABEL: Final = re.compile(r"\s*(\w+)(?:: | +(?=0x))")  # of an address, a step of deploying, a warning
PARTS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(holds|FAILED) +(\w+)",
        r"\bstep (\d+) of (\d+)",
        r"\bseed (\d+)",
        r"\bline (\d+)",
        r"\bchain (\d+)",
        r"\b(\d+) decimals",
        r"^ *tier from (\d+): \w+ (\d+) ppm, \w+ (\d+) ppm$",
        r"^ *\w+_\w+ +(\d+)$",
        r"`(\w+ \w+)[^`]*`",
        r"(\w+\.(?:json|yaml|py))\b",
        r"\b([A-Z]?[a-z]+(?:[A-Z][a-z]+)+)\b",  # an error, an action, a contract
        r"\b([a-z]+(?:_[a-z]+)+)\b",  # a key of a file
    )
)
NUMBER: Final = re.compile(r"\d[\d,]*")


def structure(line: str) -> tuple[str, ...]:
    """Return the parts of a line that are no wording; nothing for a sentence that has none."""
    step = STEP.fullmatch(line.rstrip())
    if step:
        number, account, verb, rest = step.groups()
        return ("step", number, account, verb, *NUMBER.findall(rest))
    found = [match for pattern in PARTS for match in pattern.finditer(line)]
    return (*_head(line), *(part for match in found for part in match.groups()))


def steps(text: str) -> list[tuple[str, ...]]:
    """Return the rows of the tables of steps."""
    return [row for row in map(structure, text.splitlines()) if row[:1] == ("step",)]


def missing(shown: str, printed: str) -> list[str]:
    """Return the lines of a page whose structure no printed line has; tables of steps are compared whole."""
    found = {(), *map(structure, printed.splitlines())}
    lines = [line for line in shown.splitlines() if structure(line) not in found]
    if steps(shown) and steps(shown) != steps(printed):
        lines.append(f"steps: {steps(shown)} shown, {steps(printed)} printed")
    return lines


def _head(line: str) -> Iterator[str]:
    """Yield what a line begins with: a property and what came of it, or a label."""
    if found := PROPERTY.match(line):
        id_, tested, violated = found.groups()
        yield from (id_, "tested" if tested else "violated" if violated else "not applicable")
        yield from NUMBER.findall(violated or "")
    elif found := LABEL.match(line):
        yield found[1]
