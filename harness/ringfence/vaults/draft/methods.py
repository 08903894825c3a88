"""The methods of a drafted adapter, as lines of source code."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ringfence.types.kinds import Kind
from ringfence.vaults.draft.drafted_action import DraftedAction
from ringfence.vaults.draft.keys import Key
from ringfence.vaults.draft.roles import Role
from ringfence.vaults.draft.trial import Attempt
from ringfence.vaults.draft.words import words

WIDTH: Final = 100  # of a line
MISSING: Final = {
    Kind.OPENS: ("open", {"size": "rf.Size", "margin": "rf.Assets"}, "send what opens a position, here"),
    Kind.CLOSES: ("close", {"position": "rf.Position"}, "send what closes a position, here"),
    Kind.LIQUIDATES: ("liquidate", {"position": "rf.Position"}, "send what liquidates a position, here"),
}


@dataclass(frozen=True, slots=True)
class Method:
    """A method that is declared as an action; its kind is ``""`` for one of no kind."""

    kind: str
    head: Sequence[str]
    reason: str
    lines: Sequence[str]


class Methods:
    """Writes actions as methods; opens number their positions by the key, or by what counts positions."""

    def __init__(self, key: Key, counter: tuple[str, str] | None, trial: Attempt) -> None:
        """``trial`` says what the vault does with what is open already, and how it refuses closes."""
        self._key, self._counter, self._trial = key, counter, trial

    def of(self, draft: DraftedAction) -> Method:
        """Return an action's method."""
        kind = "" if draft.kind is Kind.OTHER else f"rf.{draft.kind.name}"
        reason = draft.reason
        if draft.kind is Kind.ASKS_TO_CLOSE and self._trial.refusals:
            kind = f"{kind}, refusals={_tuple(self._trial.refusals)}"
            reason = f"{reason}; it was refused so when tried, and another refusal is a finding"
        head = _head(draft.method, {"account": draft.account} | draft.parameters)
        lines = self._opening(draft) if draft.kind is Kind.OPENS else _sending(draft)
        return Method(kind, head, reason, lines)

    def _opening(self, draft: DraftedAction) -> list[str]:
        """Return the lines that send an open and number its position."""
        sending = [*draft.before, *call("opened = self.send", draft.sent), *_taken_back(draft, "opened")]
        if not self._key.is_id:
            first, key = self._once(), self._key.fresh
        elif draft.function.outputs and not draft.function.outputs[0].parts:
            first, key = [], _returned(draft)
        elif self._counter is None:
            return [
                *sending,
                "return self.workspace.opened(opened, len(self.workspace.keys) + 1)  # numbered from 1",
            ]
        else:
            first, key = self._counted(*self._counter)
        return [*first, *sending, f"return self.workspace.opened(opened, {key})"]

    def _once(self) -> list[str]:
        """Return the lines that refuse to open what is open, where the vault would add to it."""
        if not self._trial.reopens:
            return []
        known = f"self.workspace.keys[each - 1] == {self._key.fresh}"
        return [
            f"if any({known} for each in self.observe().positions):",
            '    return rf.Refused("AlreadyOpen", ())  # the vault would add to it: no new position',
        ]

    def _counted(self, contract: str, view: str) -> tuple[list[str], str]:
        """Return a number that a view counts; one that it calls the next is read before the open."""
        count = f'self.workspace.number("{contract}", "{view}")'
        return ([f"key = {count}"], "key") if "next" in words(view) else ([], count)


def unfilled(kinds: Collection[Kind]) -> Iterator[Method]:
    """Yield methods that refuse, for kinds that no function was found for."""
    for kind in kinds:
        method, parameters, what = MISSING[kind]
        account = "rf.Liquidator" if kind is Kind.LIQUIDATES else "rf.Trader"
        head = _head(method, {"account": account} | parameters)
        lines = [f'return rf.Refused("Unfilled", ("{what}",))']
        yield Method(f"rf.{kind.name}", head, "no function was found that does it", lines)


def _tuple(texts: Sequence[str]) -> str:
    """Return texts as source code."""
    return "(" + " ".join(f"{json.dumps(each, ensure_ascii=False)}," for each in texts) + ")"


def _returned(draft: DraftedAction) -> str:
    """Return the number that an open returns: the output called so, else the first."""
    outputs = draft.function.outputs
    place = next((place for place, each in enumerate(outputs) if each.role is Role.ID), 0)
    value = f"opened.value[{place}]" if len(outputs) > 1 else "opened.value"
    return f"{value} if isinstance(opened, rf.Done) else None"


def _sending(draft: DraftedAction) -> list[str]:
    """Return the lines that send an action."""
    if not draft.is_undone:
        return [*draft.before, *call("return self.send", draft.sent)]
    sending = call("outcome = self.send", draft.sent)
    return [*draft.before, *sending, *_taken_back(draft, "outcome"), "return outcome"]


def _taken_back(draft: DraftedAction, outcome: str) -> list[str]:
    """Return the lines that take back what was sent before, if anything was."""
    lines = [f"if isinstance({outcome}, rf.Refused):", "    self.workspace.restore(mark)"]
    return lines if draft.is_undone else []


def _head(method: str, parameters: Mapping[str, str]) -> list[str]:
    """Return the lines that begin a method."""
    given = ", ".join(("self", *(f"{name}: {hint}" for name, hint in parameters.items())))
    line = f"def {method}({given}) -> rf.Outcome:"
    return [line] if len(line) <= WIDTH else [f"def {method}(", f"    {given}", ") -> rf.Outcome:"]


def call(head: str, arguments: Sequence[str]) -> list[str]:
    """Return a call, on lines of its own where it is long."""
    inner = ", ".join(arguments)
    if len(head) + len(inner) + 2 <= WIDTH:
        return [f"{head}({inner})"]
    lines = [inner] if len(inner) <= WIDTH - 4 else [f"{each}," for each in arguments]
    return [f"{head}(", *(f"    {each}" for each in lines), ")"]
