"""Invariants that a project has already: contracts' functions are properties, found, shrunk and exported."""

from pathlib import Path
from typing import Any

import pytest
import ringfence as rf
from click.testing import CliRunner
from ringfence.cli.group import ringfence
from ringfence.engine.loading import check, name_of
from ringfence.engine.replay import replay
from ringfence.engine.system import System
from ringfence.engine.target import Target
from ringfence.evm.chains import connect
from ringfence.report.foundry import foundry_test
from ringfence.types.exit_codes import ExitCode

from tests.byo.searches import found_in, searched
from tests.byo.test_ether import Till
from tests.forge import failure, forge

HERE = Path(__file__).parent
SENTENCES = {
    "invariant_hasItsFloat": "tester.invariant_hasItsFloat() does not revert.",
    "invariant_hasItsFloatForForge": "tester.invariant_hasItsFloatForForge() does not revert.",
    "invariant_fewFees": "tester.invariant_fewFees() does not revert.",
    "invariant_asksWithWrites": "tester.invariant_asksWithWrites() does not revert.",
    "invariant_notesAsDsTest": "tester.invariant_notesAsDsTest() does not revert.",
    "echidna_few_fees": "tester.echidna_few_fees() returns true.",
    "property_written": "tester.property_written() returns true.",
}
MESSAGES = {
    "invariant_fewFees": ("it reverts with TooMany(3000000000)", 2),
    "invariant_asksWithWrites": ("it reverts with Panic(0x1)", 3),
    "invariant_notesAsDsTest": ("failed returns true after invariant_notesAsDsTest", 2),
    "echidna_few_fees": ("echidna_few_fees returns false", 2),
    "property_written": ("property_written returns false", 2),
}


class TillWithTests(Till):
    """The till with a test contract that is there already."""

    tests = rf.solidity(HERE / "taken_along")
    invariants: Any = ("tester",)

    def deploy(self, workspace: rf.Workspace) -> None:
        super().deploy(workspace)
        workspace.deploy("tester", self.tests["TillTest"], "till")


def started(adapter: type[Any] = TillWithTests) -> System:
    """Start a till."""
    return Target(adapter).system(adapter.__name__)


def test_functions__without_parameters__are_properties() -> None:
    own = {id: said for id, said in Target(TillWithTests).properties.items() if id in SENTENCES or "_" in id}
    assert own == SENTENCES


@pytest.mark.parametrize("property_id", MESSAGES)
def test_property__violated__is_found_and_shrunk(property_id: str) -> None:
    message, steps = MESSAGES[property_id]
    found = found_in(name_of(TillWithTests), only=property_id)
    assert found.cause.broken is not None
    assert found.cause.broken.id == property_id
    assert found.cause.broken.message == message
    assert found.step == len(found.sequence) == steps


@pytest.mark.parametrize("property_id", ["invariant_hasItsFloat", "invariant_hasItsFloatForForge"])
def test_property__that_holds__is_put_to_the_test_at_every_state(property_id: str) -> None:
    done = searched(TillWithTests, runs=10, only=property_id)
    assert not done.findings
    assert done.tested[property_id] > done.steps / 2


def test_property__asked__leaves_nothing_behind() -> None:
    system = started()
    before = system.vault.bench.storage("tester", range(3))
    with system.only("invariant_asksWithWrites"):
        for number in range(2):
            opened = system.actions["Open"]("trader_1", size=10**18, margin=10**15)
            assert system.apply(rf.Step(opened, number)).violations == []
    assert system.vault.bench.storage("tester", range(3)) == before


@pytest.mark.parametrize("chain", ["eth-tester", "anvil"])
def test_property__on_another_chain__is_violated_alike(chain: str) -> None:
    found = found_in(name_of(TillWithTests), only="property_written")
    with connect(chain) as connected:
        system = Target(TillWithTests).system("TillWithTests", connected)
        sequence = tuple(rf.Step(step.action, max(1, step.seconds)) for step in found.sequence)
        assert list(replay(system, sequence, "property_written"))[-1].fails


def test_property__of_two_contracts__is_named_after_its_contract() -> None:
    def deploy(self: Any, workspace: rf.Workspace) -> None:
        TillWithTests.deploy(self, workspace)
        workspace.deploy("again", self.tests["TillTest"], "till")

    twice = type("Twice", (TillWithTests,), {"deploy": deploy, "invariants": ("tester", "again")})
    assert {"tester.echidna_few_fees", "again.echidna_few_fees"} <= Target(twice).properties.keys()


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        (("nobody",), "names nobody, and the workspace has no contract of that name: it has till, tester."),
        (("till",), "names till, which has no invariant_"),
    ],
)
def test_invariants__wrong__are_one_sentence(stated: Any, sentence: str) -> None:
    wrong = type("Wrong", (TillWithTests,), {"invariants": stated})
    with pytest.raises(rf.AdapterFault, match=sentence):
        started(wrong)


@pytest.mark.parametrize("stated", ["tester", (1,)])
def test_invariants__not_names__are_one_sentence(stated: Any) -> None:
    with pytest.raises(rf.AdapterFault, match="invariants must be a tuple of names of contracts"):
        check(type("Wrong", (TillWithTests,), {"invariants": stated}))


def test_commands__list_and_look_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    name = name_of(TillWithTests)
    listed = CliRunner().invoke(ringfence, ["properties", "--adapter", name])
    assert "tester.echidna_few_fees() returns true." in " ".join(listed.output.split())
    arguments = ["campaign", "--adapter", name, "--steps", "500", "--seed", "1", "--only", "echidna_few_fees"]
    done = CliRunner().invoke(ringfence, [*arguments, "--findings", str(tmp_path)])
    assert "echidna_few_fees: tester.echidna_few_fees() returns true." in done.output
    assert done.exit_code == ExitCode.FAILED
    explained = CliRunner().invoke(ringfence, ["explain", str(tmp_path / "finding.json")])
    assert "echidna_few_fees returns false" in explained.output


@pytest.mark.parametrize("property_id", MESSAGES)
def test_foundry_test__asks_the_function(property_id: str) -> None:
    source = foundry_test(found_in(name_of(TillWithTests), only=property_id))
    assert f"tester.{property_id}()" in source
    assert ("tester.failed()" in source) == property_id.startswith("invariant")


@pytest.mark.slow
def test_foundry_tests__are_failed_by_the_till(tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    for source in (HERE / "ether" / "Till.sol", HERE / "taken_along" / "TillTest.sol"):
        (tmp_path / "contracts" / source.name).write_text(source.read_text())
    sources = {each: foundry_test(found_in(name_of(TillWithTests), only=each)) for each in MESSAGES}
    done = forge(tmp_path, sources)
    assert failure(done)
    assert f"{len(sources)} failed" in done[1], done[1]
