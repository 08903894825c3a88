"""What was asked of a workspace, as statements of a test."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from eth_utils.address import to_checksum_address

from ringfence.report.foundry.declarations import Part
from ringfence.report.foundry.recording import Called, Entry, Mark, Named
from ringfence.report.foundry.solidity import Solidity
from ringfence.report.foundry.views import answer
from ringfence.report.literals import grouped
from ringfence.types.outcome import Outcome, Refused, Value

Block = tuple[str, ...]  # the statements of one call
HASHED: Final = {"string": "keccak256(bytes({}))", "bytes": "keccak256({})"}
ACCOUNT: Final = "account"
LONGEST, LEAST = 6, 3  # calls that repeat, and how often they must


class Lines:
    """Writes entries as statements; ``contracts`` are the variables that hold contracts, with their types."""

    def __init__(self, write: Solidity) -> None:
        """Write for a workspace."""
        self.write = write
        self.contracts: dict[str, str] = {}
        self._sources: dict[str, Called | str] = {}  # what gives an address

    def blocks(self, entries: Sequence[Entry]) -> Iterator[Block]:
        """Yield the statements of deployments, names and transactions."""
        for entry in entries:
            match entry:
                case Named():
                    yield self._named(entry)
                case Called(seconds=None):
                    for _, part, value in answer(entry, self.write):
                        if part["type"] == "address":
                            self._sources.setdefault(str(value), entry)
                case Called():
                    yield self.called(entry, entry.outcome)

    def called(self, called: Called, outcome: Outcome, before: Block = (), result: str = "") -> Block:
        """Return the statements of a call that must end so.

        ``before`` are those right before the call, ``result`` is what takes the returned value.
        """
        lines = [f"wait({grouped(called.seconds)});"] if called.seconds else []
        if isinstance(outcome, Refused):
            lines.append(f"vm.expectRevert({self.write.revert_data(outcome, called.contract)});")
        if called.seconds is not None:
            lines += [*before, f"vm.prank({self.write.account(called.account)});"]
        return (*lines, f"{result}{self.write.call(called.contract, called.function, called.args)};")

    def answers(self, entries: Sequence[Entry]) -> Iterator[str]:
        """Yield statements that revert where anything is answered otherwise; repeated ones once."""
        restored = {each.number for each in entries if isinstance(each, Mark) and each.is_restored}
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
                case Mark(number, is_restored=True):
                    yield f"vm.revertToState({f'mark{number}' if number in taken else 'start'});"
                case Mark(number) if number in restored:
                    taken.add(number)
                    yield f"uint256 mark{number} = vm.snapshotState();"
            asked.clear()

    def _answered(self, called: Called) -> Iterator[str]:
        """Yield the statements of a call that must end, and return, what it did; a struct is not looked at in
        what a transaction returns.
        """
        *lines, call = self.called(called, called.outcome)
        parts = list(answer(called, self.write))
        if isinstance(called.outcome, Refused) or not (parts and (called.seconds is None or len(parts) == 1)):
            yield from (*lines, call)
            return
        yield from lines
        for place, part, value in parts:
            yield self._same(f"{call.removesuffix(';')}{place}", part, value)

    def _same(self, expression: str, part: Part, value: Value) -> str:
        form = HASHED.get(part["type"], "{}")
        return f"same({form.format(expression)} == {form.format(self.write.value(part, value))});"

    def _named(self, named: Named) -> Block:
        """Return the statement that puts a contract into its variable."""
        artifact, variable = self.write.artifacts[named.name], self.write.contract(named.name)
        kind = self.contracts[variable] = self.write.declared.interface(artifact)
        source = self._sources.get(named.address, to_checksum_address(named.address))
        if named.sender:
            source = self.write.deployment(artifact, named.args, named.sender)
        elif isinstance(source, Called):
            source = self._expression(source, named.address)
        self._sources[named.address] = f"address({variable})"
        return (f"{variable} = {kind}({source});",)

    def _expression(self, called: Called, address: str) -> str:
        call = self.write.call(called.contract, called.function, called.args)
        return call + next(place for place, _, value in answer(called, self.write) if value == address)


def folded(blocks: Sequence[Block], accounts: Sequence[str]) -> tuple[list[str], Block]:
    """Return the lines of blocks, and of a function of one account whose calls stand for those that repeat.

    It is the repetition that saves most, none if nothing repeats.
    """
    best = (0, 0, list[str](), Block())
    for start in range(len(blocks)):
        for size in range(1, LONGEST + 1):
            for name in accounts:
                pattern = _of_any(blocks[start : start + size], name)
                repeated = _repeated(blocks[start:], size, pattern, accounts) if pattern else []
                if len(repeated) >= LEAST and size * len(repeated) > best[1] * len(best[2]):
                    best = start, size, repeated, pattern
    start, size, repeated, pattern = best
    end = start + size * len(repeated)
    calls = [f"fund({each});" for each in repeated]
    before, after = ([line for block in part for line in block] for part in (blocks[:start], blocks[end:]))
    return [*before, *calls, *after], pattern


def _repeated(blocks: Sequence[Block], size: int, pattern: Block, accounts: Sequence[str]) -> list[str]:
    """Return the accounts for which a pattern repeats from the first block on."""
    found: list[str] = []
    for place in range(0, len(blocks), size):
        part = blocks[place : place + size]
        name = next((each for each in accounts if _of_any(part, each) == pattern), None)
        if name is None:
            break
        found.append(name)
    return found


def _of_any(blocks: Sequence[Block], name: str) -> Block:
    """Return the lines with an account as the function's parameter; none if it is not in them."""
    lines = tuple(line for block in blocks for line in block)
    replaced = tuple(re.sub(rf"\b{name}\b", ACCOUNT, line) for line in lines)
    return replaced if replaced != lines else ()
