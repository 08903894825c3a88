"""A finding as a Foundry test: the calls that showed it, by their names, and what must have come of them.

Where the finding differs from a reference model, the test asks for what the model says. Else it takes the
steps, and asserts the property on the value that it is about; where no view shows that value, it fails when
all that was asked from the last step on is answered as it was then.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ringfence.engine.replay import Frame
from ringfence.evm.chains.base import GENESIS_TIME
from ringfence.report.foundry.assertions import Assertions, NotExportable
from ringfence.report.foundry.lines import Lines, folded
from ringfence.report.foundry.recording import Called, Entry, Named, Recording, lasting, recorded
from ringfence.report.foundry.solidity import Solidity
from ringfence.report.templates import rendered
from ringfence.report.text import headlines, wrapped_headlines
from ringfence.report.words import phrase
from ringfence.types.finding import Finding

TEMPLATE: Final = "finding.t.sol.jinja"
STEPS: Final = "try this.steps() {} catch { return; } // a step is refused that was not"
FOUND: Final = "try this.found(start) {} catch { return; } // something is answered otherwise"


def foundry_test(finding: Finding) -> str:
    """Return the source of the test.

    Raises NotExportable for a vault that does not use the workspace, and for what no contract shows.
    """
    recording = recorded(finding)
    if not recording.vault.bench.contracts:
        reason = f"A Foundry test is written for vaults that use the workspace, not for {finding.vault.id}."
        raise NotExportable(reason)
    if recording.vault.bench.is_loaded:
        raise NotExportable("A Foundry test deploys its vault, and this one is from a dumped state.")
    try:
        return FoundryTest(finding, recording).source()
    except KeyError as missing:
        raise NotExportable(f"No contract of the vault declares {missing.args[0]} as it is used.") from None


class FoundryTest:
    """Puts the parts of a finding's test together: ``steps`` may be refused, ``found`` answered otherwise."""

    def __init__(self, finding: Finding, recording: Recording) -> None:
        """Take a finding and what was asked when it was replayed."""
        self._finding, self._recording = finding, recording
        self._lines = Lines(Solidity(recording.vault.bench, finding.market))
        self._assertions = Assertions(finding, recording, self._lines)
        self._steps: list[str] = []
        self._found: list[str] = []

    def source(self) -> str:
        """Return the source; raises NotExportable."""
        write, name = self._lines.write, re.sub(r"\W+", "_", self._finding.name).strip("_")
        blocks = list(self._lines.blocks(lasting(self._recording.ready)))
        set_up, fund = folded(blocks, list(write.accounts))
        frame, entries = self._recording.frames[-1]
        test = list(
            self._of_model(frame, entries) if frame.differences else self._of_property(frame, entries)
        )
        facts = {
            "headline": wrapped_headlines(self._finding),
            "name": name,
            "market": self._finding.market.name,
            "assertions": self._assertions.declared,
            "declared": write.declared,
            "accounts": write.accounts,
            "contracts": self._lines.contracts,
            "time": f"{GENESIS_TIME:_}",
            "test": test,
            "steps": self._steps,
            "found": self._found,
            "set_up": set_up,
            "fund": fund,
            "block_time": self._recording.vault.facts.block_time,
            "sends_ether": any(
                each.value
                for entries in (self._recording.ready, *(each for _, each in self._recording.frames))
                for each in entries
                if isinstance(each, Called | Named)
            ),
            "text": "\n".join([*test, *self._steps, *self._found, *set_up]),
        }
        return rendered(TEMPLATE, facts)

    def _of_model(self, frame: Frame, entries: Sequence[Entry]) -> Iterator[str]:
        """Yield the test of a mismatch: the steps, and the last as the model has it."""
        sent = [each for each in lasting(entries) if isinstance(each, Called) and each.seconds is not None]
        if not sent:
            raise NotExportable(f"{self._finding.name} shows in no transaction.")
        yield from self._played(self._recording.frames[1:-1])
        yield from self._played([(frame, sent[:-1])])
        yield from self._assertions.of_model(frame, sent[-1])

    def _of_property(self, frame: Frame, entries: Sequence[Entry]) -> Iterator[str]:
        """Yield the test of a violation, which another vault may not come to."""
        asserted = self._assertions.of_property()
        if asserted and not any(each.is_tried for each in frame.violations):
            self._steps += self._played(self._recording.frames[1:])
            yield from (STEPS, asserted)
            return
        if not any(isinstance(each, Called) and each.seconds is None for each in entries):
            raise NotExportable(f"{self._finding.name} shows in no value that a view of the vault returns.")
        self._steps += self._played(self._recording.frames[1:-1])
        self._found += [*self._played([(frame, ())]), *self._lines.answers(_since(frame, entries))]
        message = f"{self._finding.name}: {headlines(self._finding)[1]}".replace("\\", "/").replace('"', "'")
        yield from ("uint256 start = vm.snapshotState();", STEPS, FOUND, f'revert("{message}");')

    def _played(self, frames: Iterable[tuple[Frame, Sequence[Entry]]]) -> Iterator[str]:
        """Yield the statements of steps, after what each does in words."""
        for frame, entries in frames:
            if frame.step:
                action = frame.step.action
                yield f"// {frame.number}. {action.account}: {phrase(action, self._finding.market)}"
            for block in self._lines.blocks(lasting(entries)):
                yield from block


def _since(frame: Frame, entries: Sequence[Entry]) -> Sequence[Entry]:
    """Return what was asked since the frame's step was sent, or the opening gone back to."""
    is_first = (isinstance(each, Called) and each.seconds is not None for each in entries)
    return entries[next((at for at, first in enumerate(is_first) if first), 0) if frame.step else 1 :]
