"""What an adapter may state besides its facts: tolerances by property."""

from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
import ringfence as rf
from click.testing import CliRunner
from ringfence.cli.group import ringfence
from ringfence.engine.loading import check
from ringfence.types.exit_codes import ExitCode

from tests.byo.paper_vault import PaperVault
from tests.byo.searches import found_in, searched

HERE = Path(__file__)
LACKING = 2  # units that the first position loses to rounding


class Rounding(PaperVault):
    """Every later open takes two units of the first position's margin."""

    def open(self, account: str, size: int, margin: int) -> rf.Outcome:
        outcome = super().open(account, size, margin)
        if isinstance(outcome, rf.Done) and self.opened > 1 and 1 in self.positions:
            self.positions[1] = replace(self.positions[1], margin=self.positions[1].margin - LACKING)
        return outcome


class Tolerant(Rounding):
    """Says that this is meant."""

    tolerances: ClassVar = {"ISO-1": LACKING}


class TooStrict(Rounding):
    """Says that one unit is meant."""

    tolerances: ClassVar = {"ISO-1": LACKING - 1}


class Drifting(Tolerant):
    """Has a property of its own about an amount."""

    tolerances: ClassVar = {"SUM-1": 10**9}

    @rf.property_("SUM-1", "Margins are the tokens of the vault, and 7.")
    def margins_are_tokens(self, state: rf.VaultState) -> str | None:
        margins = sum(held.margin for held in state.positions.values())
        return rf.equal("the sum of margins", margins, state.totals["vault_tokens"] + 7)


def test_tolerance__amount_is_off_by_no_more__is_no_finding() -> None:
    result = searched(Tolerant, runs=40, only="ISO-1")
    assert result.finding is None
    assert result.tested["ISO-1"]


@pytest.mark.parametrize("adapter", [Rounding, TooStrict])
def test_tolerance__amount_is_off_by_more__is_found(adapter: type[Any]) -> None:
    finding = found_in(adapter, only="ISO-1")
    assert finding.cause.broken
    assert finding.cause.broken.sentence.endswith(" Tolerated: 1 units.") == (adapter is TooStrict)


def test_tolerance__other_fields__are_not_tolerated() -> None:
    class Renaming(Tolerant):
        """Hands the first position to the next trader too."""

        def open(self, account: str, size: int, margin: int) -> rf.Outcome:
            outcome = super().open(account, size, margin)
            if 1 in self.positions:
                self.positions[1] = replace(self.positions[1], owner=account)
            return outcome

    assert "owner is " in str(found_in(Renaming, only="ISO-1").cause.broken)


def test_tolerance__property_of_its_own__compares_amounts() -> None:
    assert searched(Drifting, runs=5, only="SUM-1").finding is None
    assert found_in(type("Strict", (Drifting,), {"tolerances": {"SUM-1": 6}}), only="SUM-1")


@pytest.mark.parametrize(
    "command", [["properties"], ["check", "--steps", "20"], ["campaign", "--steps", "20"]]
)
def test_command__tolerance__is_shown(command: list[str], tmp_path: Path) -> None:
    arguments = [*command, "--adapter", f"{HERE}:Tolerant"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        output = CliRunner().invoke(ringfence, arguments, env={"COLUMNS": "200"}).output
    (row,) = [line for line in output.splitlines() if line.startswith("ISO-1 ")]
    assert "olerated: 2 units" in row


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("tolerances = {'ISO-99': 1}", "tolerances name 'ISO-99', and there is no such property."),
        ("tolerances = {'ISO-1': 0.5}", "tolerances of ISO-1 must be a number of units, not 0.5."),
        ("tolerances = {'ISO-1': -1}", "tolerances of ISO-1 must be a number of units, not -1."),
        ("tolerances = 2", "tolerances must be numbers of units by the ids of properties, not 2."),
    ],
)
def test_load__option_wrong__is_told_with_file_and_line(options: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "stated.py"
    lines = ["import ringfence as rf", "from tests.byo.paper_vault import PaperVault", "class V(PaperVault):"]
    file.write_text("\n".join([*lines, '    """Paper."""', f"    {options}", ""]))
    with pytest.raises(rf.AdapterFault) as refusal:
        rf.load(f"{file}:V")
    assert str(refusal.value) == f"{file}, line 5: {sentence}"


def test_command__option_wrong__exits_without_a_traceback(tmp_path: Path) -> None:
    file = tmp_path / "stated.py"
    file.write_text(
        "from tests.byo.paper_vault import PaperVault\nclass V(PaperVault):\n    tolerances = {'X': 1}\n"
    )
    result = CliRunner().invoke(ringfence, ["check", "--adapter", f"{file}:V"], env={"COLUMNS": "200"})
    assert result.exit_code == ExitCode.CANNOT_TELL
    assert "line 3: tolerances name 'X'" in result.output.replace("\n", "")


def test_check__without_options__is_accepted() -> None:
    check(PaperVault)
