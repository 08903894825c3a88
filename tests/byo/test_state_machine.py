"""``state_machine``: a Hypothesis test of any vault, of its actions or of rules of its own."""

import ast
import re
import subprocess
import sys
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
import ringfence as rf
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from ringfence.engine.state_machine import PropertyViolated
from ringfence.vaults.isolated_margin.adapter import IsolatedMargin

from tests.byo.paper_vault import Compared

ROOT = Path(__file__).parents[2]
SEEDED = ROOT / "examples/notional-vault/seeded_bugs.py"
MACHINE = f"""
from ringfence import load, state_machine

MissingOwnerCheckMachine = state_machine(load("{SEEDED}:MissingOwnerCheck"))
"""
MODULE = f"""
from hypothesis import Phase, settings
from hypothesis.database import DirectoryBasedExampleDatabase as Database
{MACHINE}
# With a database of its own: on a server of continuous integration Hypothesis has none, and no seed.
settings.register_profile(
    "short",
    max_examples=1_000,
    stateful_step_count=20,
    phases=set(Phase) - {{Phase.explain}},
    derandomize=False,
    database=Database("examples"),
)
settings.load_profile("short")
TestVault = MissingOwnerCheckMachine.TestCase
"""
PYTEST = (sys.executable, "-m", "pytest", "-p", "no:ape_test")
APE = (str(Path(sys.executable).parent / "ape"), "test")
PRIVATE = re.compile(r"hypothesis\.(.*\.)?(_?internal|_\w+)\b")
CAMPAIGN = """
import sys
from click.testing import CliRunner
from ringfence.cli.group import ringfence

ended = CliRunner().invoke(ringfence, sys.argv[1:])
assert "steps" in ended.output, ended.output
sys.exit("hypothesis" in sys.modules)
"""
SEARCHES = (
    ["campaign", "--steps", "200", "--seed", "1"],
    ["campaign", "--adapter", f"{SEEDED}:MissingOwnerCheck"],
)
Amount = Annotated[int, rf.Drawn(lambda random: random.randrange(10), st.integers(0, 9))]


class Faucet(rf.Adapter):
    """Gives away what it is asked for, with an argument that Hypothesis has another use for."""

    facts = rf.Facts(answer=100, size=10**18, margin=1_000)

    def deploy(self, bench: rf.Workspace) -> None:
        self.given = 0

    @rf.action()
    def give(self, account: rf.Anyone, target: Amount) -> rf.Outcome:
        self.given += target
        return rf.Done(None, ())

    @rf.property_("FAU-1", "Nothing above five is given.")
    def little(self, t: rf.Transition) -> Iterator[str | None]:
        yield f"{t.action.target} is" if t.action.target > 5 else None  # type: ignore[attr-defined]  # its own

    @rf.property_("FAU-2", "No more than fifteen are given in all.")
    def enough(self, state: rf.VaultState) -> bool:
        return state.totals["given"] <= 15

    def observe(self) -> rf.VaultState:
        return rf.VaultState({}, {"given": self.given}, {})


class Stingy(Compared):
    """Refuses what its reference lets in."""

    def open(self, account: str, size: int, margin: int) -> rf.Outcome:
        return rf.Refused("Margin", ()) if margin > 900 else super().open(account, size, margin)


def run(command: tuple[str, ...], folder: Path) -> str:
    """Run a file of tests in a folder of its own, and return the output."""
    (folder / "test_vault.py").write_text(MODULE)
    options = ["test_vault.py", "--hypothesis-show-statistics"]
    done = subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True)
    return done.stdout + done.stderr


def failures(adapter: type[Any]) -> list[Exception]:
    """Return what the state machine of an adapter fails with, each as Hypothesis shrinks it."""
    try:
        run_state_machine_as_test(rf.state_machine(adapter))
    except ExceptionGroup as several:
        return list(several.exceptions)
    except PropertyViolated as failure:
        return [failure]
    return []


def calls(failure: Exception) -> list[str]:
    """Return the calls of rules that Hypothesis prints."""
    return [line for note in failure.__notes__ for line in note.splitlines() if line.startswith("state.")][
        :-1
    ]


def test_state_machine__of_a_broken_vault__fails_with_calls_to_paste_and_again(tmp_path: Path) -> None:
    output = run(PYTEST, tmp_path)
    assert "1 failed" in output
    assert "ACC-1: Only the owner, an operator with that permission" in output
    shrunk = re.findall(r"^E +state\.(\w+)\(.*wait=0\)$", output, re.MULTILINE)
    assert shrunk[-2:] == ["open", "close"]
    pasted = "\n".join(re.findall(r"^E +(state(?: =|\.).*)$", output, re.MULTILINE))
    with pytest.raises(PropertyViolated, match="ACC-1"):
        exec(f"{MACHINE}{pasted}", {})
    assert "during reuse phase" in run(PYTEST, tmp_path)


@pytest.mark.slow
def test_state_machine__under_ape_test__fails_as_under_pytest(tmp_path: Path) -> None:
    """Ape's plugin, which rewinds its own chains, does not stand in the way."""
    output = run(APE, tmp_path)
    assert "1 failed" in output
    assert "state.close(" in output


def test_state_machine__of_a_reference_that_differs__names_the_field() -> None:
    (failure,) = failures(Stingy)
    assert str(failure).startswith("MODEL: The vault does what its reference model does.\noutcome: ")
    assert [call.partition("(")[0] for call in calls(failure)] == ["state.open"]


def test_state_machine__two_properties_violated__shrinks_each_alone() -> None:
    """Own actions and properties count as ours; a parameter's own strategy is drawn and shrunk."""
    found = {str(failure)[:5]: calls(failure) for failure in failures(Faucet)}
    assert found["FAU-1"] == ["state.give(account='owner', target_=6, wait=0)"]
    assert sum(int(call.partition("target_=")[2][0]) for call in found["FAU-2"]) == 16


def test_state_machine__of_our_vault__has_its_rules_and_passes() -> None:
    """The rules find their edges in the model; every property looks, and the model is compared."""
    machine = rf.state_machine(IsolatedMargin)
    assert hasattr(machine, "squeeze_the_pool")
    test: Any = machine.TestCase
    test.settings = settings(max_examples=5)
    result = unittest.TestResult()
    test().run(result)
    assert result.wasSuccessful()


def test_state_machine__of_no_adapter__is_refused_at_once() -> None:
    with pytest.raises(rf.AdapterFault, match="observe"):
        rf.state_machine(type("Empty", (), {"apply": print}))


@pytest.mark.parametrize("folder", ["harness", "model", "operations", "tests", "bench", "examples", "tools"])
def test_imports__of_hypothesis__are_of_public_modules(folder: str) -> None:
    """No module of ours depends on what Hypothesis may change without notice."""
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import | ast.ImportFrom):
                base = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
                private = [each.name for each in node.names if PRIVATE.match(f"{base}{each.name}")]
                assert not private, f"{file.relative_to(ROOT)}, line {node.lineno}"


@pytest.mark.parametrize("arguments", SEARCHES, ids=("ours", "adapter"))
def test_campaign__by_the_explorer__does_not_load_hypothesis(arguments: list[str], tmp_path: Path) -> None:
    """A search takes half a second less to start."""
    command = [sys.executable, "-c", CAMPAIGN, *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
