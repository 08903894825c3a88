"""A finding of any vault as a Foundry test: the calls that showed it, byte for byte, and what came of them.

The test ends in the finding's message when everything that was asked after its last step began is
answered as it was then. It passes as soon as anything is answered otherwise. Contracts come from the project
that the test is run in, by their names.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, cast

from eth_utils.address import to_checksum_address

from ringfence.engine.guard import ValidatedVault
from ringfence.engine.replay import replay
from ringfence.engine.target import ANY_SIZE, Target
from ringfence.evm.artifacts import Artifact
from ringfence.evm.chains.base import Chain
from ringfence.evm.chains.revm import RevmChain
from ringfence.report.foundry.recording import Asked, Created, Entry, RecordingChain, Sent, TookMark, WentBack
from ringfence.report.templates import rendered
from ringfence.report.text import headlines, wrapped_headlines
from ringfence.types.finding import Finding
from ringfence.types.roles import addresses

TEMPLATE: Final = "raw_finding.t.sol.jinja"
WORD: Final = 32
PADDING: Final = bytes(12)  # before an address in its word


@dataclass(frozen=True, slots=True)
class Recording:
    """What was asked of the chain until the last step began, and from there on."""

    before: Sequence[Entry]
    after: Sequence[Entry]
    contracts: dict[str, str]  # addresses by name
    artifacts: Sequence[Artifact]


def raw_test(finding: Finding) -> str:
    """Return the source of the test, for a vault that uses the workspace."""
    recording = _recorded(finding)
    write = Writer(recording)
    before, after = list(write.quietly(recording.before)), list(write.compared(recording.after))
    name = re.sub(r"\W+", "_", finding.name).strip("_")
    facts = {
        "headline": wrapped_headlines(finding),
        "message": f"{finding.name}: {headlines(finding)[1]}".replace("\\", "\\\\").replace('"', "'"),
        "contract": f"{name.replace('_', '')}Test",
        "test": f"test_{name}",
        "names": list(map(variable, recording.contracts)),
        "before": before,
        "after": after,
        "accounts": write.accounts,
        "uses_marks": any("marks[" in line for line in after),
        "marks": sum(isinstance(each, TookMark) for each in (*recording.before, *recording.after)),
    }
    return rendered(TEMPLATE, facts)


def _recorded(finding: Finding) -> Recording:
    """Replay the call sequence; without a step, everything is the last one."""
    chain = RecordingChain(RevmChain(ANY_SIZE))
    system = Target.named(finding.vault.name).system(finding.market, cast(Chain, chain))
    vault = system.vault
    assert isinstance(vault, ValidatedVault)
    last = 0
    for frame in replay(system, finding.sequence, finding.property_id):
        if frame.number == len(finding.sequence) - 1:
            last = len(chain.entries)
    artifacts = list(vault.bench.artifacts.values())
    return Recording(chain.entries[:last], chain.entries[last:], dict(vault.bench.contracts), artifacts)


class Writer:
    """Writes entries as lines of Solidity; addresses of contracts become their names."""

    def __init__(self, recording: Recording) -> None:
        self._artifacts = recording.artifacts
        self._names = {bytes.fromhex(at[2:]): variable(name) for name, at in recording.contracts.items()}
        self._unbound = dict(self._names)
        self._roles = {address.lower(): role.upper() for role, address in addresses().items()}
        self.accounts: dict[str, str] = {}
        self._is_opening = True

    def quietly(self, entries: Sequence[Entry]) -> Iterator[str]:
        """Yield the lines up to the last step; of the views, those that say where a contract is."""
        for entry in entries:
            match entry:
                case Created():
                    yield from self._created(entry)
                case Sent(_, ok, _, _):
                    sent = f"send({self._call(entry)}) == {str(ok).lower()}"
                    yield (
                        f'require({sent}, "the opening");' if self._is_opening else f"if (!({sent})) return;"
                    )
                case Asked():
                    yield from self._named(entry)
                case TookMark(number):
                    yield f"marks[{number}] = vm.snapshotState();"
                case WentBack(number):
                    self._is_opening = False
                    yield f"vm.revertToState(marks[{number}]);"

    def compared(self, entries: Sequence[Entry]) -> Iterator[str]:
        """Yield the lines of the last step and of what the property tries; they leave at another answer."""
        asked: set[str] = set()
        for entry in entries:
            match entry:
                case Sent(_, ok, output, _):
                    answered = f"{str(ok).lower()}, {self._bytes(output)}"
                    yield f"if (!sends({self._call(entry)}, {answered})) return false;"
                case Asked(_, ok, output, _):
                    yield from self._named(entry)
                    answered = f"{str(ok).lower()}, {self._bytes(output)}"
                    line = f"if (!answers({self._call(entry)}, {answered})) return false;"
                    if line not in asked:
                        yield line
                    asked.add(line)
                    continue
                case _:
                    yield from self.quietly([entry])
            asked.clear()

    def _created(self, entry: Created) -> Iterator[str]:
        artifact = next(each for each in self._artifacts if entry.code.startswith(each.bytecode))
        arguments = self._bytes(entry.code[len(artifact.bytecode) :])
        name = self._bind(entry.address)
        deployed = f'deploy({entry.timestamp}, {self._account(entry.sender)}, "{artifact.name}", {arguments})'
        yield f"{name} = {deployed};"

    def _named(self, entry: Asked) -> Iterator[str]:
        """Yield the line that takes a contract's address from the first view that answers with it."""
        address = entry.output[12:]
        if len(entry.output) == WORD and entry.output[:12] == PADDING and address in self._unbound:
            call = self._call(entry)
            yield f"{self._bind('0x' + address.hex())} = addressOf({call});"

    def _bind(self, address: str) -> str:
        return self._unbound.pop(bytes.fromhex(address[2:]), "unnamed")

    def _call(self, entry: Sent | Asked) -> str:
        call = entry.call
        to = self._names.get(bytes.fromhex(call.to[2:]))
        target = to or to_checksum_address(call.to)
        return f"{entry.timestamp}, {self._account(call.sender)}, {target}, {self._bytes(call.data)}"

    def _account(self, address: str) -> str:
        name = self._roles[address.lower()]
        self.accounts[name] = to_checksum_address(address)
        return name

    def _bytes(self, content: bytes) -> str:
        """Return an expression for bytes; a word that is a contract's address is that contract's now."""
        start = len(content) % WORD
        parts, plain = [], content[:start]
        for at in range(start, len(content), WORD):
            word = content[at : at + WORD]
            name = self._names.get(word[12:]) if word[:12] == PADDING else None
            if name is None:
                plain += word
                continue
            parts += [*([_hex(plain)] if plain else []), f"abi.encode({name})"]
            plain = b""
        if not parts:
            return _hex(plain)
        return f"bytes.concat({', '.join([*parts, *([_hex(plain)] if plain else [])])})"


def variable(name: str) -> str:
    """Return what a contract is called in the test: no keyword, and none of its functions."""
    return re.sub(r"\W", "_", name) + "_"


def _hex(content: bytes) -> str:
    return f'hex"{content.hex()}"'
