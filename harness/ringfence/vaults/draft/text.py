"""The adapter's source code, from all that was found out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from ringfence.types.kinds import Kind
from ringfence.vaults.draft.actions import Drafted
from ringfence.vaults.draft.deployment import Wiring
from ringfence.vaults.draft.guesses import whole
from ringfence.vaults.draft.positions import Key, Reading
from ringfence.vaults.draft.totals import Observed
from ringfence.vaults.draft.trial import Attempt
from ringfence.vaults.draft.words import Role, words

TEMPLATE: Final = "adapter.py.jinja"
WIDTH: Final = 100  # of a comment
WAITS: Final = {
    "delay",
    "age",
    "lifetime",
    "timeout",
    "heartbeat",
    "period",
    "window",
    "cooldown",
    "duration",
    "staleness",
}
LIMITS: Final = {"age", "lifetime", "timeout", "heartbeat", "staleness", "max"}  # one second later counts too
LONGEST: Final = 10**7  # seconds
MISSING: Final = {
    Kind.OPENS: ("open", {"size": "rf.Size", "margin": "rf.Assets"}, "send what opens a position, here"),
    Kind.CLOSES: ("close", {"position": "rf.Position"}, "send what closes a position, here"),
    Kind.LIQUIDATES: ("liquidate", {"position": "rf.Position"}, "send what liquidates a position, here"),
}


@dataclass
class AdapterDraft:
    """All that an adapter is written of."""

    vault: str
    deployment: Wiring
    key: Key
    reading: Reading | None
    observed: Observed
    actions: Sequence[Drafted]
    unit: int
    unit_reason: str
    margin_token: str
    counter: tuple[str, str] | None
    trial: Attempt = field(default_factory=Attempt)

    @property
    def class_name(self) -> str:
        """Return the adapter's name, a class's."""
        return "".join(word.capitalize() for word in words(self.vault))

    @property
    def remarks(self) -> list[str]:
        """Return what is to be filled in."""
        lacking = [MISSING[kind][2] for kind in self._missing()]
        no_reading = [] if self.reading else ["observe shows no positions: read them there"]
        return [*self.deployment.remarks, *lacking, *no_reading, *self.trial.remarks]

    def text(self) -> str:
        """Return the source code."""
        price = self.deployment.price
        environment = Environment(
            loader=PackageLoader(__package__, ""), undefined=StrictUndefined, keep_trailing_newline=True
        )
        decimals = self.deployment.decimals(self.margin_token) if self.margin_token else 18
        facts: dict[str, Any] = {
            "vault": self.vault,
            "class_name": self.class_name,
            "remarks": self.remarks,
            "unread": self.deployment.sources.remark,
            "unit": whole(self.unit),
            "unit_reason": self.unit_reason,
            "key_reason": self.key.reason,
            "project": self.deployment.sources.text,
            "answer": price.text if price else "1",
            "price_decimals": price.decimals if price else 18,
            "size": whole(self.trial.size),
            "margin": whole(self.trial.margin),
            "trade_reason": "accepted when tried" if self.trial.is_open else "never accepted: fill in",
            "decimals": decimals,
            "seconds": ", ".join(map(whole, self._seconds())),
            "amounts": [*self._position_amounts(), *((n, d) for n, (_, d) in self.observed.amounts.items())],
            "abilities": self._abilities(),
            "not_stated": [line for reason in self._not_stated() for line in wrap(reason, WIDTH)],
            "deployment": [(each.code, wrap(each.reason, WIDTH)) for each in self.deployment.lines],
            "actions": [*map(self._action, self.actions), *map(_unfilled, self._missing())],
            "reading": self._reading() if self.reading else None,
            "totals": [f'"{name}": {text},' for name, text in self.observed.totals.items()],
            "of_keys": self.observed.of_keys,
            "words": self.observed.words,
            "fields": list(self.observed.fields.items()) or [("tokens", "0")],
            "account_amounts": [(name, text) for name, (text, _) in self.observed.amounts.items()],
            "holds": self._mentions("self._held("),
            "pledges": self._mentions("self._pledged("),
            "tokens": list(self.deployment.tokens),
            "lends": any("Lent()" in hint for each in self.actions for hint in each.parameters.values()),
        }
        return environment.get_template(TEMPLATE).render(facts)

    def _mentions(self, call: str) -> bool:
        return any(call in text for each in self.actions for text in (*each.arguments, *each.before))

    def _missing(self) -> list[Kind]:
        known = {each.kind for each in self.actions}
        return [
            kind
            for kind in MISSING
            if kind not in known and not (kind is Kind.CLOSES and Kind.EXECUTES in known)
        ]

    def _seconds(self) -> Iterator[int]:
        """Yield waits: usual ones, and those that views of the contracts are called like."""
        found = []
        for name, contract in self.deployment.named.items():
            for view in contract.views(0):
                called = set(words(view.name))
                value = self.deployment.ask(name, view.name) if WAITS & called else None
                if type(value) is int and 1 < value < LONGEST:
                    found += [value, value + 1] if LIMITS & called else [value]
        yield from dict.fromkeys((1, 60, *(sorted(found) or (3_600,))))

    def _position_amounts(self) -> list[tuple[str, int]]:
        return [(name, 0) for name in self.reading.rest] if self.reading else []

    # Abilities

    def _abilities(self) -> list[tuple[str, str]]:
        found = []
        if self.trial.has_balances:
            why = ("opening and closing moved the tokens that the books say", *self.observed.fund_reasons)
            found.append(("BALANCES", "; ".join(why)))
        if self.trial.has_sums:
            found.append(("SUMS", "the sums of sizes fitted the positions when tried"))
        return found

    def _not_stated(self) -> Iterator[str]:
        if not self.trial.has_balances:
            yield (
                "BALANCES is not stated: what the vault received was not what margins, claimable and the"
                " totals liquidity, insurance and pending came to; name what else it holds by one of these."
            )
        yield "VALUATION is not stated: add it with a method book(state, moment), the vault's own valuation."
        yield "NAMED_ERRORS is not stated: add it where every refusal has a name, and none is a panic."

    # Actions and positions

    def _action(self, drafted: Drafted) -> dict[str, Any]:
        parameters = {"account": drafted.account} | drafted.parameters
        sent = "account", f'"{drafted.contract}"', drafted.sends, *drafted.arguments
        if drafted.kind is Kind.OPENS:
            lines = self._opening(drafted, sent)
        elif drafted.is_undone:
            lines = [
                *drafted.before,
                *_call("outcome = self.send", sent),
                *_undone("outcome"),
                "return outcome",
            ]
        else:
            lines = [*drafted.before, *_call("return self.send", sent)]
        return {
            "kind": "" if drafted.kind is Kind.OTHER else f"rf.{drafted.kind.name}",
            "head": _head(drafted.method, parameters),
            "reason": wrap(drafted.reason, WIDTH),
            "lines": lines,
        }

    def _opening(self, drafted: Drafted, sent: Sequence[str]) -> list[str]:
        """Return the lines that send an open and number its position."""
        lines = [*drafted.before, *_call("opened = self.send", sent)]
        if drafted.is_undone:
            lines += _undone("opened")
        if not self.key.is_id:
            key = self.key.fresh
            refused = [
                f"if any(self.workspace.keys[each - 1] == {key} for each in self.observe().positions):",
                '    return rf.Refused("AlreadyOpen", ())  # the vault would add to it: no new position',
            ]
            again = refused if self.trial.reopens else []
            return [*again, *lines, f"return self.workspace.opened(opened, {key})"]
        outputs = drafted.function.outputs
        if outputs and not outputs[0].parts:
            place = next((place for place, each in enumerate(outputs) if each.role is Role.ID), 0)
            value = f"opened.value[{place}]" if len(outputs) > 1 else "opened.value"
            key = f"{value} if isinstance(opened, rf.Done) else None"
            return [*lines, f"return self.workspace.opened(opened, {key})"]
        if self.counter is None:
            return [*lines, "return self.workspace.opened(opened, len(self.workspace.keys) + 1)  # from 1"]
        count = f'self.workspace.number("{self.counter[0]}", "{self.counter[1]}")'
        if "next" in words(self.counter[1]):
            return [f"key = {count}", *lines, "return self.workspace.opened(opened, key)"]
        return [*lines, f"return self.workspace.opened(opened, {count})"]

    def _reading(self) -> dict[str, Any]:
        """Return how a position is read, as the template takes it."""
        reading = self.reading
        assert reading is not None
        state = [self._owner(reading), self._signed(reading), reading.margin or "0"]
        if reading.entry:
            state.append(f"entry_price_wad={reading.entry}")
        if reading.rest:
            texts = (f'"{name}": {self._plain(name, reading)}' for name in reading.rest)
            state.append(f"amounts={{{', '.join(texts)}}}")
        return {
            "contract": reading.contract,
            "function": reading.function,
            "arguments": reading.arguments,
            "pattern": reading.pattern,
            "reason": wrap(reading.reason, WIDTH),
            "is_stored": reading.is_stored,
            "exists": self._exists(reading),
            "state": state,
        }

    def _exists(self, reading: Reading) -> str:
        """Return when there is a position: with a size, or any margin where that is put in first."""
        sizes = [each for each in (reading.size, reading.margin) if each]
        is_lent = any(each.is_undone for each in self.actions if each.kind is Kind.OPENS)
        return " or ".join(sizes if is_lent else sizes[:1]) or "True"

    def _plain(self, name: str, reading: Reading) -> str:
        return name if reading.fields[name].is_number else f"int({name})"

    def _owner(self, reading: Reading) -> str:
        found = reading.named(Role.OWNER)
        if found:
            return f"self.workspace.book.name({found}.to_bytes(20))" if reading.is_stored else found
        if not self.key.is_id:
            return "key" if len(self.key.roles) == 1 else "key[0]"
        for name, contract in self.deployment.named.items():
            if "ownerOf" in contract.functions:
                return f'str(self.workspace.read("{name}", "ownerOf", key))'
        return '""'

    def _signed(self, reading: Reading) -> str:
        """Return a position's size, positive for a long."""
        size = reading.size or reading.margin
        text = f"{size} * SIZE // UNIT"
        side = reading.side
        if side:
            param = reading.fields[side]
            is_long = f"{side} == 0" if param.is_enum else side
            is_long = f"not {side}" if param.role is Role.SHORT and not param.is_enum else is_long
            return f"{text} * (1 if {is_long} else -1)"
        if len(self.key.roles) > 1:
            return f"{text} * (1 if key[1] else -1)"
        return text


def _unfilled(kind: Kind) -> dict[str, Any]:
    method, parameters, what = MISSING[kind]
    account = "rf.Liquidator" if kind is Kind.LIQUIDATES else "rf.Trader"
    return {
        "kind": f"rf.{kind.name}",
        "head": _head(method, {"account": account} | parameters),
        "reason": ["no function was found that does it"],
        "lines": [f'return rf.Refused("Unfilled", ("{what}",))'],
    }


def _head(method: str, parameters: Mapping[str, str]) -> list[str]:
    """Return the lines that begin a method."""
    given = ", ".join(("self", *(f"{name}: {hint}" for name, hint in parameters.items())))
    line = f"def {method}({given}) -> rf.Outcome:"
    return [line] if len(line) <= WIDTH else [f"def {method}(", f"    {given}", ") -> rf.Outcome:"]


def _undone(outcome: str) -> list[str]:
    """Return the lines that take back what was sent before."""
    return [f"if isinstance({outcome}, rf.Refused):", "    self.workspace.restore(mark)"]


def _call(head: str, arguments: Sequence[str]) -> list[str]:
    """Return a call, on lines of its own where it is long."""
    line = f"{head}({', '.join(arguments)})"
    if len(line) <= WIDTH:
        return [line]
    inner = ", ".join(arguments)
    if len(inner) <= WIDTH - 4:
        return [f"{head}(", f"    {inner}", ")"]
    return [f"{head}(", *(f"    {each}," for each in arguments), ")"]
