"""What was asked of a workspace, as statements of a test."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product, takewhile
from textwrap import indent
from typing import Final

from eth_utils.address import to_checksum_address

from ringfence.report.foundry.declarations import Part
from ringfence.report.foundry.recording import Called, Entry, Named, StateMark
from ringfence.report.foundry.solidity import Solidity
from ringfence.types.outcome import Outcome, Refused, Value

Block = tuple[str, ...]  # the statements of one call
VALUE: Final = "value"  # what one of several returned values is called
INDENT: Final = " " * 4
HASHED: Final = {"string": "keccak256(bytes({}))", "bytes": "keccak256({})"}
ACCOUNT: Final = "account"
LONGEST, LEAST = 6, 3  # calls that repeat, and how often they must


class Lines:
    """Writes entries as statements; ``contracts`` are the variables that hold contracts, with their types."""

    def __init__(self, write: Solidity) -> None:
        """Write for a workspace."""
        self.write = write
        self.contracts: dict[str, str] = {}
        self._variables: dict[str, str] = {}  # by the address of the contract
        self._sources: dict[str, tuple[Called, str]] = {}  # the views that show an address

    def blocks(self, entries: Sequence[Entry]) -> Iterator[Block]:
        """Yield the statements of deployments, names and transactions."""
        for entry in entries:
            match entry:
                case Named():
                    yield self._named(entry)
                case Called(seconds=None):
                    for place, part, value in self.write.answer(entry):
                        if part["type"] == "address" and not place.startswith(VALUE):
                            self._sources.setdefault(str(value), (entry, place))
                case Called():
                    yield self.called(entry, entry.outcome)

    def called(self, called: Called, outcome: Outcome, before: Block = (), result: str = "") -> Block:
        """Return the statements of a call that must end so.

        ``before`` are those right before the call, ``result`` is what takes the returned value.
        """
        lines = [f"wait({called.seconds:_});"] if called.seconds else []
        if isinstance(outcome, Refused):
            lines.append(f"vm.expectRevert({self.write.revert_data(outcome, called.contract)});")
        if called.seconds is not None:
            lines += [*before, f"vm.prank({self.write.account(called.account)});"]
        return (*lines, f"{result}{self.write.call(called)};")

    def answers(self, entries: Sequence[Entry]) -> Iterator[str]:
        """Yield statements that revert where anything is answered otherwise; repeated ones once."""
        restored = {each.number for each in entries if isinstance(each, StateMark) and each.is_restored}
        taken, asked = set[int](), set[str]()
        for entry in entries:
            match entry:
                case Called(seconds=None):
                    lines = [line for line in self._answered(entry) if line not in asked]
                    asked.update(lines)
                    yield from lines
                    continue
                case Called():
                    yield from self._answered(entry)
                case StateMark(number, is_restored=True):
                    yield f"vm.revertToState({f'mark{number}' if number in taken else 'start'});"
                case StateMark(number) if number in restored:
                    taken.add(number)
                    yield f"uint256 mark{number} = vm.snapshotState();"
            asked.clear()

    def _answered(self, called: Called) -> Iterator[str]:
        """Yield the statements of a call that must end, and return, what it did; a struct is not looked at in
        what a transaction returns.
        """
        *lines, call = self.called(called, called.outcome)
        parts, outputs = list(self.write.answer(called)), self.write.returned(called)
        yield from lines
        if not parts or (called.seconds is not None and len(parts) > 1):
            yield call
        elif len(outputs) == 1:
            yield from self._same(call.removesuffix(";"), parts)
        else:
            values = ", ".join(
                f"{self.write.declared.typed(each)} {VALUE}{at}" for at, each in enumerate(outputs)
            )
            yield indent("\n".join([f"({values}) = {call}", *self._same("", parts)]), INDENT).join(
                ("{\n", "\n}")
            )

    def _same(self, call: str, parts: Iterable[tuple[str, Part, Value]]) -> Iterator[str]:
        for place, part, value in parts:
            form, expected = HASHED.get(part["type"], "{}"), self.write.value(part, value)
            yield f"same({form.format(call + place)} == {form.format(expected)});"

    def _named(self, named: Named) -> Block:
        """Return the statement that puts a contract into its variable."""
        artifact, variable = self.write.artifacts[named.name], self.write.contract(named.name)
        kind = self.contracts[variable] = self.write.declared.interface(artifact)
        known = self._variables.setdefault(named.address, variable)
        if named.sender:
            source = self.write.deployment(artifact, named.args, named.sender, named.value)
        elif known != variable:  # a proxy has two interfaces
            source = f"address({known})"
        elif shown := self._sources.get(named.address):
            source = self.write.call(shown[0]) + shown[1]
        else:
            source = to_checksum_address(named.address)
        return (f"{variable} = {kind}({source});",)


def folded(blocks: Sequence[Block], accounts: Sequence[str]) -> tuple[list[str], Block]:
    """Return the lines of blocks, and of a function of one account whose calls stand for those that repeat.

    It is the repetition that saves most, none if nothing repeats.
    """
    first, size, pattern, names = 0, 0, Block(), list[str]()
    for start, length in product(range(len(blocks)), range(1, LONGEST + 1)):
        parts = [_patterns(blocks[at : at + length], accounts) for at in range(start, len(blocks), length)]
        for each in parts[0]:
            found = _calls(each, parts)
            if len(found) >= LEAST and length * len(found) > size * len(names):
                first, size, pattern, names = start, length, each, found
    calls = tuple(f"fund({name});" for name in names)
    whole = (*blocks[:first], calls, *blocks[first + size * len(names) :])
    return [line for block in whole for line in block], pattern


def _calls(pattern: Block, parts: Sequence[Mapping[Block, str]]) -> list[str]:
    """Return the accounts for which a pattern repeats, from the first part on."""
    return [part[pattern] for part in takewhile(lambda part: pattern in part, parts)]


def _patterns(blocks: Sequence[Block], accounts: Sequence[str]) -> dict[Block, str]:
    """Return the lines with an account as a parameter, for each account in them."""
    lines = [line for block in blocks for line in block]
    named = {name: rf"\b{name}\b" for name in accounts}
    found = {name: tuple(re.sub(word, ACCOUNT, line) for line in lines) for name, word in named.items()}
    return {pattern: name for name, pattern in found.items() if list(pattern) != lines}
