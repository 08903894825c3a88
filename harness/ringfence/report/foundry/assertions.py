"""What a test asserts at its end: what the model says of the last step, or the value of a property."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from ringfence.engine.differences import tolerated, values_of
from ringfence.engine.invariants import FAILED, Invariant, invariants_of
from ringfence.engine.replay import Frame
from ringfence.engine.system import MODEL
from ringfence.evm.abi.coder import WORD_TYPES
from ringfence.report.foundry.declarations import Part
from ringfence.report.foundry.lines import VALUE, Block, Lines
from ringfence.report.foundry.recording import Called, Recording
from ringfence.types.errors import RingfenceError
from ringfence.types.finding import Difference, Finding
from ringfence.types.outcome import Done, Value
from ringfence.types.roles import OWNER
from ringfence.types.spelling import camel

MOST: Final = 8  # of the values that differ, the first
LARGEST_SHARED: Final = 256  # Python has one object for each integer up to this one
CLAIM: Final = re.compile(r"(.* is )(-?\d+), (not|less than|more than) (-?\d+)")
PATH: Final = re.compile(r"\w+(?:\[(?P<key>.*)\])?\.(?P<field>\w+)")
RELATIONS: Final = {"not": "assertEq", "less than": "assertGe", "more than": "assertLe"}
SAID: Final = {"tokens": "wallet", "claimable": "claim"}  # what claims call a field
BITS: Final = re.compile(r"(?<=int)\d+$")
DECLARED: Final = "function {}({} left, {} right, string calldata error) external pure;"


class NotExportable(RingfenceError):
    """A finding that a Foundry test can't show. The message is one sentence that says why."""


class View(NamedTuple):
    """An expression, and the ABI parameter, of a plain value that a contract shows."""

    expression: str
    part: Part


class Assertions:
    """Writes the end of a finding's test. ``declared`` are the cheatcodes by which values are compared.

    A value that an adapter hands on as a view answered it is shown by that view. What it reads otherwise,
    from storage say, it states by ``view_of(path)``: contract, function, arguments, and the member or ``""``.
    """

    def __init__(self, finding: Finding, recording: Recording, lines: Lines) -> None:
        """Learn from the answers and the states of a recording which view shows which value."""
        self.declared: dict[str, None] = {}
        self._finding, self._lines, self._write = finding, lines, lines.write
        self._invariant = invariants_of(recording.vault).get(finding.property_id or "")
        self._tolerances: Mapping[Any, Any] = getattr(recording.vault, "tolerances", {})
        self._stated = getattr(recording.vault, "view_of", None)
        asked = {
            id(value): (each, place, part)
            for each in recording.views
            for place, part, value in self._write.answer(each)
            if type(value) is int and abs(value) > LARGEST_SHARED and not place.startswith(VALUE)
        }
        states = [values_of(frame.chain.state) for frame, _ in recording.frames]
        values = [each for state in states for each in state.items()]
        self._last, self._learned = states[-1], {path: asked[id(v)] for path, v in values if id(v) in asked}

    def of_property(self) -> str | None:
        """Return the assertion on the value that the property is about, if a view shows that.

        Of a property that is a contract's function it asks that.
        """
        if self._invariant:
            return self._asked(self._invariant)
        broken = self._finding.cause.broken
        found = CLAIM.fullmatch(broken.message) if broken else None
        for path, value in self._last.items() if found else ():
            if found and value == int(found[2]) and _is_meant(path, found[1]) and (view := self._view(path)):
                tolerance = self._tolerances.get(self._finding.property_id, 0)
                return self._asserted(*_relation(found[3], value, int(found[4]), tolerance), view, path)
        return None

    def _asked(self, invariant: Invariant) -> str:
        """Return the call of a property's function, which must return true or not revert."""
        call = self._call(invariant.contract, invariant.function, is_answered=invariant.returns_truth)
        if invariant.returns_truth:
            return f'require({call}, "{invariant.function} returns false");'
        if not invariant.may_fail:
            return f"{call};"
        failed = self._call(invariant.contract, FAILED, is_answered=True)
        return f'{call};\nrequire(!{failed}, "{FAILED} returns true after {invariant.function}");'

    def _call(self, contract: str, function: str, *, is_answered: bool) -> str:
        return self._write.call(Called(OWNER, contract, function, (), Done(is_answered or None, ())))

    def of_model(self, frame: Frame, called: Called) -> Block:
        """Return the last step with what the model says of it; raises NotExportable."""
        assert frame.model is not None
        outcome = frame.model.outcome
        if not isinstance(outcome, Done) or not isinstance(frame.chain.outcome, Done):
            return self._lines.called(called, outcome)
        shown = [(each, self._returned(each, called) or self._view(each.field)) for each in frame.differences]
        checks = [self._check(difference, view) for difference, view in shown if view][:MOST]
        events = () if checks else self._events(outcome)
        if not checks and not events:
            raise NotExportable(f"Step {frame.number} differs in nothing that a Foundry test can ask for.")
        is_returned = any(each.startswith("vm.assertEq(returned") for each in checks)
        kinds = map(self._write.declared.typed, self._write.returned(called) if is_returned else ())
        result = "".join(f"{kind} returned = " for kind in kinds)
        return (*self._lines.called(called, outcome, events, result), *checks)

    def _check(self, difference: Difference, view: View) -> str:
        """Return the assertion that a value is the model's: for want of one, nothing or nobody."""
        nothing: Value = "" if view.part["type"] == "address" else 0
        expected = nothing if difference.model is None else difference.model
        tolerance = tolerated(difference.field, self._tolerances.get(MODEL, {}))
        if type(expected) is not int or type(difference.chain) is not int or not tolerance:
            return self._asserted("assertEq", expected, view, difference.field)
        relation = _relation("not", difference.chain, expected, tolerance)
        return self._asserted(*relation, view, difference.field)

    def _view(self, path: str) -> View | None:
        """Return the view that shows the value of a path, if one does."""
        if stated := self._stated(path) if self._stated else None:
            contract, function, args, name = stated
            called = Called(OWNER, contract, function, args, Done(0, ()))
            (part,) = self._write.returned(called)
            parts = {each["name"]: each for each in part.get("components", ())}
            return View(self._write.call(called) + (name and f".{name}"), parts.get(name, part))
        if path not in self._learned:
            return None
        asked, place, part = self._learned[path]
        return View(self._write.call(asked) + place, part)

    def _returned(self, difference: Difference, called: Called) -> View | None:
        """Return the part of the returned value that differs."""
        path, _, rest = difference.field.partition(".")
        for place, part, value in self._write.answer(called) if path == "returned" else ():
            if value == difference.chain and place in ("", f".{camel(rest)}"):
                return View(f"returned{place}", part)
        return None

    def _events(self, outcome: Done) -> Block:
        """Return the statements that expect the known contracts' events in the next call."""
        lines: list[str] = []
        for event in outcome.events:
            try:
                _, entry = self._write.entry("event", event.name, event.args, event.emitter)
            except KeyError:
                continue
            if any(part["indexed"] and not WORD_TYPES.fullmatch(part["type"]) for part in entry["inputs"]):
                continue  # logged as a hash
            self._write.declared.event(entry)
            lines.append(f"vm.expectEmit({self._write.account(event.emitter)});")
            lines.append(f"emit {event.name}({self._write.values(entry['inputs'], event.args)});")
        return tuple(lines)

    def _asserted(self, relation: str, expected: Value, view: View, path: str) -> str:
        kind, name = BITS.sub("256", view.part["type"]), self._finding.name
        self.declared[DECLARED.format(relation, kind, kind)] = None
        said = path if name == path else f"{name}: {path}"
        return f'vm.{relation}({view.expression}, {self._write.value(view.part, expected)}, "{said}");'


def _relation(said: str, value: int, expected: int, tolerance: int) -> tuple[str, int]:
    """Return what a value must be, and of which number, within a tolerance."""
    if not tolerance:
        return RELATIONS[said], expected
    is_short = said == "less than" or (said == "not" and value < expected)
    return ("assertGe", expected - tolerance) if is_short else ("assertLe", expected + tolerance)


def _is_meant(path: str, said: str) -> bool:
    """Return whether a claim's words name the field, and the position or the account, of a path."""
    words = set(re.findall(r"\w+", said))
    found = PATH.fullmatch(path)
    key, field = (found["key"], found["field"]) if found else (None, "")
    return bool({field, SAID.get(field)} & words) and (key is None or key in words)
