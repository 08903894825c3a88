"""Values, calls and refusals as Solidity writes them, by the ABIs of a workspace."""

import json
import re
from collections.abc import Iterator, Sequence
from textwrap import indent
from typing import Any, Final

from eth_utils.address import to_checksum_address

from ringfence.evm.abi.coder import ARRAY, coder, tuple_coder
from ringfence.evm.abi.interface import signature
from ringfence.evm.artifacts import Artifact, loaded
from ringfence.evm.workspace import Workspace
from ringfence.report.foundry.declarations import Declarations, Part, identifier, is_dynamic, member, returned
from ringfence.report.foundry.recording import Called
from ringfence.report.literals import exponent_of
from ringfence.report.units import decimals_of
from ringfence.types.market import WAD_DECIMALS, VaultMarket
from ringfence.types.outcome import Done, Refused, Value
from ringfence.types.parameters import MAX_UINT
from ringfence.types.roles import NOBODY

WIDTH: Final = 100  # of a struct in one line
LARGEST: Final = {MAX_UINT: "type(uint256).max", -(2**255): "type(int256).min"}
WORD_STARTS: Final = re.compile(r"[\W_]+(\w)")


class Solidity:
    """Writes for one workspace; ``accounts`` are the addresses that were named, ``declared`` what is used."""

    def __init__(self, workspace: Workspace, market: VaultMarket) -> None:
        """Write amounts by a market's decimals."""
        self.declared, self.accounts = Declarations(), dict[str, str]()
        self.artifacts, self._book, self._market = workspace.artifacts, workspace.book, market

    def contract(self, name: str) -> str:
        """Return the variable of a contract; of one without a name, made of its address."""
        return camel(f"{self.artifacts[name].name}_{name[-4:]}" if name.startswith("0x") else name)

    def call(self, called: Called) -> str:
        """Return a call's expression, and declare the function."""
        artifact, entry = self.entry("function", called.function, called.args, called.contract)
        is_empty = isinstance(called.outcome, Done) and called.outcome.value is None
        self.declared.function(artifact, entry, returns_nothing=is_empty)
        values = self.values(entry["inputs"], called.args)
        given = f"{{value: {called.value:_}}}" if called.value else ""
        return f"{self.contract(called.contract)}.{entry['name']}{given}({values})"

    def answer(self, called: Called) -> Iterator[tuple[str, Part, Value]]:
        """Yield the plain parts of what a call returned: where in it, as what, and their values.

        Where it returns several values, they are called ``value0``, ``value1``, ...
        """
        outputs, outcome = self.returned(called), called.outcome
        if isinstance(outcome, Done) and outcome.value is not None:
            values: Any = outcome.value if len(outputs) > 1 else (outcome.value,)
            for at, (part, value) in enumerate(zip(outputs, values, strict=True)):
                yield from _plain(part, value, f"value{at}" if len(outputs) > 1 else "")

    def returned(self, called: Called) -> list[Part]:
        """Return what a call returns; several values of fixed size are one."""
        return returned(self.entry("function", called.function, called.args, called.contract)[1])

    def entry(self, kind: str, name: str, args: Sequence[Value], *contracts: str) -> tuple[Artifact, Part]:
        """Return the first contract that declares a name with as many inputs, and how; raises KeyError."""
        for artifact in filter(None, map(self.artifacts.get, contracts)):
            alike = (
                each for each in artifact.abi if each["type"] == kind and len(each["inputs"]) == len(args)
            )
            for entry in alike:
                if name in (entry["name"], signature(entry)):
                    return artifact, entry
        raise KeyError(name)

    def revert_data(self, refused: Refused, contract: str) -> str:
        """Return what a call of a contract reverts with; raises KeyError for an error that none declares."""
        match refused:
            case Refused("Empty"):
                return 'bytes("")'
            case Refused("Unknown", (bytes(data), *_)):
                return _bytes(data)
            case Refused("Error", (str(reason),)):
                return f"bytes({json.dumps(reason)})"
            case Refused("Panic", (int(code),)):
                return f'abi.encodeWithSignature("Panic(uint256)", {code:#x})'
        artifact, entry = self.entry("error", refused.error, refused.args, contract, *self.artifacts)
        selector = f"{self.declared.error(artifact, entry)}.selector"
        values = self.values(entry["inputs"], refused.args)
        return f"abi.encodeWithSelector({selector}, {values})" if values else selector

    def values(self, parts: Sequence[Part], values: Sequence[Value]) -> str:
        """Return values by their ABI parameters, separated by commas."""
        return ", ".join(self.value(part, value) for part, value in zip(parts, values, strict=True))

    def value(self, part: Part, value: Any) -> str:
        """Return a value as an expression."""
        kind = part["type"]
        if ARRAY.fullmatch(kind):
            return self._array(part, value)
        match kind:
            case "tuple":
                values = (
                    [value[each["name"]] for each in part["components"]] if isinstance(value, dict) else value
                )
                inner = enumerate(zip(part["components"], values, strict=True))
                named = [f"{member(each, at)}: {self.value(each, item)}" for at, (each, item) in inner]
                return f"{self.declared.kind(part)}({{{_in_lines(named)}}})"
            case "address":
                return self.account(value)
            case "bool":
                return str(bool(value)).lower()
            case "string":
                return json.dumps(value)
            case "bytes":
                known = [each.name for each in self.artifacts.values() if value and each.bytecode == value]
                return f'code("{known[0]}")' if known else _bytes(value)
            case _ if kind.startswith(("bytes", "function")):
                return f'{self.declared.kind(part)}(hex"{value.hex()}")'
        known_decimals = decimals_of(part["name"], self._market)
        usual = (each for each in (WAD_DECIMALS, self._market.collateral_decimals) if value % 10**each == 0)
        return number(value, known_decimals or next(usual, 0))

    def account(self, name: str) -> str:
        """Return the expression of an account, a contract, or a bare address."""
        if name in self.artifacts:
            return f"address({self.contract(name)})"
        if name == NOBODY or name.startswith("0x"):
            return to_checksum_address(name) if name else "address(0)"
        self.accounts[camel(name)] = to_checksum_address(self._book.text(name))
        return camel(name)

    def deployment(self, artifact: Artifact, args: Sequence[Value], sender: str, value: int) -> str:
        """Return the expression that deploys a contract: the project's, by its name.

        Of a mock that comes with the harness, in another project, the code is there as bytes.
        """
        inputs = next((each["inputs"] for each in artifact.abi if each["type"] == "constructor"), ())
        encoded = f"abi.encode({self.values(inputs, args)})" if args else '""'
        ours = {each.name: each.bytecode for each in loaded()}
        is_here = all(each.name in ours for each in self.artifacts.values())
        is_mock = not is_here and ours.get(artifact.name) == artifact.bytecode
        code = _bytes(artifact.bytecode) if is_mock else f'code("{artifact.name}")'
        given = f", {value:_}" if value else ""
        return f"deploy({self.account(sender)}, {code}, {encoded}{given})"

    def _array(self, part: Part, values: Any) -> str:
        """Return an array, which Solidity has no literal of, decoded from its content."""
        array = ARRAY.fullmatch(part["type"])
        assert array
        item = {**part, "type": array[1]}
        if is_dynamic(item):
            content = _bytes(tuple_coder([coder(dict(part), self._book)]).encode([values]))
        else:
            head = [] if array[2] else ["32", str(len(values))]
            content = f"abi.encode({', '.join([*head, *(self.value(item, value) for value in values)])})"
        return f"abi.decode({content}, ({self.declared.kind(part)}))"


def number(value: int, decimals: int) -> str:
    """Return an integer literal: ``1_840e8`` where the last digits are the zeros of its decimals."""
    exponent = exponent_of(value, decimals)
    literal = f"{value // 10**exponent:_}e{exponent}" if exponent else f"{value:_}"
    return LARGEST.get(value, literal)


def camel(name: str) -> str:
    """Return a name as Solidity has it: ``trader_1`` is ``trader1``."""
    return identifier(WORD_STARTS.sub(lambda found: found[1].upper(), name))


def _plain(part: Part, value: Any, place: str) -> Iterator[tuple[str, Part, Value]]:
    if array := ARRAY.fullmatch(part["type"]):
        if not array[2]:
            yield f"{place}.length", {"name": "", "type": "uint256"}, len(value)
        for index, item in enumerate(value):
            yield from _plain({**part, "type": array[1]}, item, f"{place}[{index}]")
    elif part["type"] == "tuple":
        for index, (each, item) in enumerate(zip(part["components"], value, strict=True)):
            yield from _plain(each, item, f"{place}.{member(each, index)}")
    else:
        yield place, part, value


def _in_lines(parts: Sequence[str]) -> str:
    """Return parts in one line, or when that is long in a line each."""
    line = ", ".join(parts)
    return line if len(line) <= WIDTH else "\n" + indent(",\n".join(parts), "    ") + "\n"


def _bytes(content: bytes) -> str:
    return f'bytes(hex"{content.hex()}")'
