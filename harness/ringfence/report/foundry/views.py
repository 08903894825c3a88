"""Which view of a vault shows a value of its state, and which value a property is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ringfence.engine.differences import values_of
from ringfence.evm.abi.coder import ARRAY
from ringfence.report.foundry.declarations import Part, member, returned
from ringfence.report.foundry.recording import Called, Recording
from ringfence.report.foundry.solidity import Solidity
from ringfence.types.finding import Finding
from ringfence.types.outcome import Done, Value

LARGEST_SHARED: Final = 256  # Python has one object for each integer up to this one
CLAIM: Final = re.compile(r"(.* is )(-?\d+), (not|less than|more than) (-?\d+)")
PATH: Final = re.compile(r"\w+(?:\[(?P<key>.*)\])?\.(?P<field>\w+)")
RELATIONS: Final = {"not": "assertEq", "less than": "assertGe", "more than": "assertLe"}
SAID: Final = {"tokens": "wallet", "claimable": "claim"}  # what claims call a field


@dataclass(frozen=True, slots=True)
class View:
    """An expression, and the ABI parameter, of a plain value that a contract shows."""

    expression: str
    part: Part


class Views:
    """The views that show the values of a vault's state.

    A value that an adapter hands on as a view answered it is shown by that view. What it reads otherwise,
    from storage say, it tells by ``view_of(path)``: contract, function, arguments, and the member or ``""``.
    """

    def __init__(self, recording: Recording, write: Solidity) -> None:
        """Learn from the answers and the states of a recording."""
        self._write, self._stated = write, getattr(recording.vault, "view_of", None)
        asked = {
            id(value): (each, place, part)
            for each in recording.views
            for place, part, value in answer(each, write)
            if type(value) is int and abs(value) > LARGEST_SHARED
        }
        states = [values_of(frame.chain.state) for frame, _ in recording.frames]
        values = [each for state in states for each in state.items()]
        self._last, self._learned = states[-1], {path: asked[id(v)] for path, v in values if id(v) in asked}

    def of(self, path: str) -> View | None:
        """Return the view that shows the value of a path, if one does."""
        if stated := self._stated(path) if self._stated else None:
            contract, function, args, name = stated
            (part,) = returned(self._write.entry(contract, "function", function, args))
            parts = {each["name"]: each for each in part.get("components", ())}
            call = self._write.call(contract, function, args)
            return View(f"{call}.{name}" if name else call, parts.get(name, part))
        if path not in self._learned:
            return None
        asked, place, part = self._learned[path]
        return View(self._write.call(asked.contract, asked.function, asked.args) + place, part)

    def claimed(self, finding: Finding) -> tuple[str, View, str, int] | None:
        """Return path and view of the value that a violation is about, how it must compare, and with what."""
        found = CLAIM.fullmatch(finding.cause.broken.message) if finding.cause.broken else None
        if found is None:
            return None
        words = set(re.findall(r"\w+", found[1]))
        meant = (
            path for path, value in self._last.items() if value == int(found[2]) and _is_meant(path, words)
        )
        views = ((path, self.of(path)) for path in meant)
        shown = ((path, view) for path, view in views if view)
        return next(((*each, RELATIONS[found[3]], int(found[4])) for each in shown), None)


def answer(called: Called, write: Solidity) -> Iterator[tuple[str, Part, Value]]:
    """Yield the plain parts of what a call returned: where in it, their ABI parameters, and what they are."""
    outputs = returned(write.entry(called.contract, "function", called.function, called.args))
    if isinstance(called.outcome, Done) and len(outputs) == 1:
        yield from _plain(outputs[0], called.outcome.value, "")


def _plain(part: Part, value: Any, place: str) -> Iterator[tuple[str, Part, Value]]:
    if array := ARRAY.fullmatch(part["type"]):
        for index, item in enumerate(value):
            yield from _plain({**part, "type": array[1]}, item, f"{place}[{index}]")
    elif part["type"] == "tuple":
        for index, (each, item) in enumerate(zip(part["components"], value, strict=True)):
            yield from _plain(each, item, f"{place}.{member(each, index)}")
    else:
        yield place, part, value


def _is_meant(path: str, words: set[str]) -> bool:
    """Return whether a claim's words name the field, and the position or the account, of a path."""
    found = PATH.fullmatch(path)
    key, field = (found["key"], found["field"]) if found else (None, "")
    return bool({field, SAID.get(field)} & words) and (key is None or key in words)
