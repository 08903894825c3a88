"""What a test asserts at its end: what the model says of the last step, or the value of a property."""

import re
from typing import Final

from ringfence.engine.replay import Frame
from ringfence.report.foundry.declarations import returned
from ringfence.report.foundry.lines import Block, Lines
from ringfence.report.foundry.recording import Called, Recording
from ringfence.report.foundry.views import View, Views, answer
from ringfence.types.errors import RingfenceError
from ringfence.types.finding import Difference, Finding
from ringfence.types.outcome import Done, Value

MOST: Final = 8  # of the values that differ, the first
UNDERSCORED: Final = re.compile(r"_([a-z0-9])")
BITS: Final = re.compile(r"(?<=int)\d+$")
DECLARED: Final = "function {}({} left, {} right, string calldata error) external pure;"


class NotExportable(RingfenceError):
    """A finding that a Foundry test can't show. The message is one sentence that says why."""


class Assertions:
    """Writes the end of a finding's test. ``declared`` are the cheatcodes by which values are compared."""

    def __init__(self, finding: Finding, recording: Recording, lines: Lines) -> None:
        """Find the views that show the vault's values."""
        self.declared: dict[str, None] = {}
        self._finding, self._lines, self._write = finding, lines, lines.write
        self._views = Views(recording, lines.write)

    def of_property(self) -> str | None:
        """Return the assertion on the value that the property is about, if a view shows that."""
        claimed = self._views.claimed(self._finding)
        if claimed is None:
            return None
        path, view, relation, expected = claimed
        return self._asserted(relation, view, expected, path)

    def of_model(self, frame: Frame, called: Called) -> Block:
        """Return the last step with what the model says of it; raises NotExportable."""
        assert frame.model is not None
        outcome = frame.model.outcome
        if not isinstance(outcome, Done) or not isinstance(frame.chain.outcome, Done):
            return self._lines.called(called, outcome)
        shown = [
            (each, self._returned(each, called) or self._views.of(each.field)) for each in frame.differences
        ]
        checks = [self._check(difference, view) for difference, view in shown if view][:MOST]
        events = () if checks else self._events(outcome)
        if not checks and not events:
            raise NotExportable(f"Step {frame.number} differs in nothing that a Foundry test can ask for.")
        result = ""
        if any("(returned" in each for each in checks):
            (part,) = returned(self._write.entry(called.contract, "function", called.function, called.args))
            result = f"{self._write.declared.typed(part)} returned = "
        return (*self._lines.called(called, outcome, events, result), *checks)

    def _check(self, difference: Difference, view: View) -> str:
        """Return the assertion that a value is the model's: for want of one, nothing or nobody."""
        nothing: Value = "" if view.part["type"] == "address" else 0
        expected = nothing if difference.model is None else difference.model
        return self._asserted("assertEq", view, expected, difference.field)

    def _returned(self, difference: Difference, called: Called) -> View | None:
        """Return the part of the returned value that differs."""
        path, _, rest = difference.field.partition(".")
        named = f".{UNDERSCORED.sub(lambda found: found[1].upper(), rest)}"
        for place, part, value in answer(called, self._write) if path == "returned" else ():
            if value == difference.chain and place in ("", named):
                return View(f"returned{place}", part)
        return None

    def _events(self, outcome: Done) -> Block:
        """Return the statements that expect the known contracts' events in the next call."""
        lines: list[str] = []
        for event in outcome.events:
            try:
                entry = self._write.entry(event.emitter, "event", event.name, event.args)
            except KeyError:
                continue
            self._write.declared.event(entry)
            lines.append(f"vm.expectEmit({self._write.account(event.emitter)});")
            lines.append(f"emit {event.name}({self._write.values(entry['inputs'], event.args)});")
        return tuple(lines)

    def _asserted(self, relation: str, view: View, expected: Value, path: str) -> str:
        kind, name = BITS.sub("256", view.part["type"]), self._finding.name
        self.declared[DECLARED.format(relation, kind, kind)] = None
        said = path if name == path else f"{name}: {path}"
        return f'vm.{relation}({view.expression}, {self._write.value(view.part, expected)}, "{said}");'
