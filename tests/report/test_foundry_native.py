"""Foundry tests under the native forge: they fail on the broken vault, and pass on the sound one."""

import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from ringfence.engine.findings import finding_of
from ringfence.engine.system import MODEL
from ringfence.engine.target import Target
from ringfence.report.foundry import foundry_test
from ringfence.types.actions import CallSequence, Step
from ringfence.types.roles import OWNER, STRANGER, TRADERS
from ringfence.vaults.isolated_margin.actions import (
    AddMargin,
    FundInsurance,
    Liquidate,
    Open,
    RemoveMargin,
    SetPrice,
)
from ringfence.vaults.isolated_margin.markets import COARSE, INFINITE, PLAIN, SIZE, STANDARD, MarketSetup
from ringfence.vaults.isolated_margin.seeded_bugs import SeededBug, seeded_bugs

from tests.chains.every_action import EVERY_ACTION
from tests.forge import ROOT, failure, forge
from tests.report.broken import LAST

ANY_SIZE: Final = 10**6  # bytes of code: seeded bugs are compiled without the optimiser
CONFIG: Final = f"""libs = ["node_modules"]
code_size_limit = {ANY_SIZE}
remappings = ["@openzeppelin/contracts/=node_modules/@openzeppelin/contracts/"]
"""
MARGIN: Final = 20 * SIZE  # twice what the plain market asks for one whole size
BOUGHT: Final = Step(Open(TRADERS[0], SIZE, MARGIN, INFINITE, INFINITE), 1)

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Broken:
    """A seeded bug, a call sequence that breaks its property, and what forge says then."""

    seeded: str
    market: MarketSetup
    sequence: CallSequence
    said: str

    @property
    def bug(self) -> SeededBug:
        """Return the seeded bug."""
        return next(each for each in seeded_bugs() if each.name == self.seeded)

    def test(self) -> str:
        """Return the Foundry test of the finding."""
        adapter = f"isolated-margin({self.seeded})"
        system = Target.named(adapter).system(self.market)
        found = finding_of(system, adapter, None, self.sequence, self.bug.property_id)
        assert found is not None
        return foundry_test(found)


BROKEN: Final = (
    Broken(
        "anyone removes margin",
        PLAIN,
        (BOUGHT, Step(RemoveMargin(STRANGER, 1, 1), 1)),
        "next call did not revert as expected",
    ),
    Broken(
        "event before the change",
        PLAIN,
        (BOUGHT, Step(AddMargin(TRADERS[0], 1, SIZE, TRADERS[0]), 1)),
        "!= expected",
    ),
    Broken("no close while paused", PLAIN, (BOUGHT,), "MarketPaused()"),
    Broken(
        "deficit shared by all margins",
        COARSE,
        (
            Step(Open(TRADERS[0], 2 * SIZE, 5_000, INFINITE, INFINITE), 0),
            Step(SetPrice(OWNER, 20_000, 0), 0),
            Step(Open(TRADERS[1], 900 * SIZE, 7_000_000, INFINITE, INFINITE), 0),
            Step(Liquidate(STRANGER, 1), 0),
        ),
        "ISO-1: ",
    ),
)


@cache
def name(broken: Broken) -> str:
    """Return a file's name for a seeded bug's test."""
    return broken.seeded.replace(" ", "_")


def contracts(folder: Path) -> Path:
    """Copy our sources to a folder."""
    shutil.copytree(ROOT / "contracts", folder / "contracts")
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    return folder


@pytest.mark.parametrize(
    "broken",
    [pytest.param(each, id=name(each), marks=pytest.mark.property(each.bug.property_id)) for each in BROKEN],
)
def test_foundry_test__on_its_seeded_bug__fails_for_the_same_reason(broken: Broken, tmp_path: Path) -> None:
    folder = contracts(tmp_path)
    for edit in broken.bug.edits:
        path = folder / "contracts" / edit.file
        path.write_text(path.read_text().replace(edit.find, edit.put))
    failed = failure(forge(folder, {"Finding": broken.test()}, CONFIG))
    assert broken.said in failed
    assert f"test_{broken.bug.property_id.replace('-', '_')}()" in failed


def test_foundry_tests__on_the_sound_vault__pass(tmp_path: Path) -> None:
    """The same files, and one of every action and refusal there is, signatures and their flaws among them."""
    sources = {name(broken): broken.test() for broken in BROKEN} | {"every_action": every_action()}
    code, output = forge(contracts(tmp_path), sources, CONFIG)
    assert code == 0, output
    assert f"{len(sources)} tests passed, 0 failed" in output


def every_action() -> str:
    """Return a long test of what an adapter misreads at the very end, which every sound vault passes."""
    program = [Step(action, 1 + number % 7) for number, (action, _) in enumerate(EVERY_ACTION, start=1)]
    program.append(Step(FundInsurance(OWNER, LAST), 1))
    adapter = "tests.report.broken:MisreadsTheLast"
    system = Target.named(adapter).system(STANDARD)
    found = finding_of(system, adapter, None, tuple(program), MODEL)
    assert found is not None
    assert found.step == len(program)
    return foundry_test(found)
