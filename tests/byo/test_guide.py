"""docs/bring-your-own-vault.md says what is so: the example's code, and what commands find."""

import re
from pathlib import Path

import pytest
import ringfence as rf
from click.testing import CliRunner
from ringfence.cli.group import ringfence
from ringfence.types.exit_codes import ExitCode

from tests.structure import missing

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "notional-vault"
GUIDE = (ROOT / "docs" / "bring-your-own-vault.md").read_text()
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)\n```", GUIDE, re.DOTALL)
OUTPUT = re.compile(r"```console\n\$ (ringfence campaign [^\n]*)\n(.*?)\n```", re.DOTALL)
WIDTH, README_WIDTH = "100", "80"


def test_guide__code__is_the_examples() -> None:
    adapter = "".join((EXAMPLE / "adapter.py").read_text().split())
    quoted = [block for block in BLOCKS if not re.search("check_vault|assert_holds", block)]
    assert quoted
    assert [block for block in quoted if "".join(block.split()) not in adapter] == []


def test_guide__calls__run() -> None:
    (block,) = [block for block in BLOCKS if "assert_holds" in block]
    exec(block, {"rf": rf, "NotionalVault": rf.load(f"{EXAMPLE / 'adapter.py'}:NotionalVault")})


@pytest.mark.parametrize(("command", "output"), OUTPUT.findall(GUIDE), ids=("clean", "found", "workers"))
def test_guide__output__is_real(
    command: str, output: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(EXAMPLE)
    monkeypatch.setenv("COLUMNS", WIDTH)
    arguments = [*command.split()[1:], "--findings", str(tmp_path)]
    done = CliRunner().invoke(ringfence, arguments)
    assert missing(output, done.output) == []
    assert done.exit_code == (ExitCode.FAILED if "ISO-1: " in output else ExitCode.CLEAN)


def test_guide__parameters__are_public_names() -> None:
    """Whatever the table names can be had as ``rf.Name``, and each kind of number and account is in it."""
    table = GUIDE[GUIDE.index("| parameter |") : GUIDE.index("`observe` reads")]
    named = set(re.findall(r"`(?:[^`]*rf\.)?(\w+)[^`]*` ?[|,]", table))
    assert named - {"Annotated"} <= set(rf.__all__)
    assert {"Trader", "Size", "Assets", "Drawn"} <= named


def test_readme__finding__is_what_the_command_finds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (block,) = re.findall(r"```\n\$ (ringfence campaign [^\n]*)\n(.*?)\n```", README, re.DOTALL)
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", README_WIDTH)
    done = CliRunner().invoke(ringfence, [*block[0].split()[1:], "--findings", str(tmp_path)])
    assert missing(block[1], done.output) == []
    assert done.exit_code == ExitCode.FAILED


def test_guide__commands__are_all_shown() -> None:
    shown = [" ".join(command.split()[1:4]) for command, _ in OUTPUT.findall(GUIDE)]
    broken = "campaign --adapter seeded_bugs.py:LossTakenFromTheOtherSide"
    assert shown == ["campaign --adapter adapter.py:NotionalVault", broken, broken]
