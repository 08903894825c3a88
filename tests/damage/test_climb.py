"""Climbing finds more than drawing, and what it finds can be made short, written and done again."""

from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from ringfence.cli.group import ringfence
from ringfence.engine.exhibit import Exhibit
from ringfence.engine.maximise.climb import Climb, Found
from ringfence.engine.maximise.files import read
from ringfence.engine.maximise.quantities import QUANTITIES
from ringfence.engine.maximise.shortening import shortened
from ringfence.engine.maximise.subject import Subject
from ringfence.types.exit_codes import ExitCode
from ringfence.vaults.isolated_margin.markets import COARSE, STANDARD, MarketSetup
from ringfence.vaults.isolated_margin.seeded_bugs import specimens
from ringfence.vaults.isolated_margin.seeded_bugs.vaults import starting

MOST_PPM = 100_000
SPECIMEN = "deficit shared by all margins"


def searched(subject: Subject, name: str, seed: int, steps: int, *, climbing: bool = True) -> Found:
    """Search for so many steps."""
    random = Random(seed)
    course = subject.course(QUANTITIES[name], MOST_PPM)
    return Climb(course, subject.drawer(random), random, climbing=climbing).run(steps=steps)


def specimen(name: str, setup: MarketSetup) -> Subject:
    """Return a vault with a planted bug."""
    (wanted,) = (each for each in specimens() if each.name == name)
    contest = starting(wanted.sources())(setup)
    return Subject(name, Exhibit(contest.watched.inspection, contest.model), setup)


@pytest.mark.slow
def test_climb__on_a_vault_that_moves_value__finds_more_than_drawing_does() -> None:
    """With as many steps, and for three seeds together at least twice as much; one by one never less."""
    climbed, drawn = [], []
    for seed in (1, 2, 3):
        climbed.append(searched(specimen(SPECIMEN, STANDARD), "moved-value", seed, 6_000).value)
        drawn.append(searched(specimen(SPECIMEN, STANDARD), "moved-value", seed, 6_000, climbing=False).value)
    assert sum(climbed) >= 2 * sum(drawn) > 0, (climbed, drawn)


@pytest.mark.slow
@pytest.mark.parametrize("setup", [STANDARD, COARSE], ids=lambda setup: setup.name)
def test_climb__on_our_vault__never_gains_by_rounding_nor_moves_value(setup: MarketSetup) -> None:
    """The rules' bound is zero: what is traded at one price and time never profits (VAL-1)."""
    for name in ("trader-gain", "moved-value"):
        found = searched(Subject.ours(setup), name, 1, 4_000)
        assert found.value == 0, found.program


def test_climb__of_one_seed__finds_the_same_again() -> None:
    """Draws depend on the seed alone, and a longer search finds no less."""
    first, again = (searched(Subject.ours(STANDARD), "liquidator-take", 5, 600) for _ in range(2))
    assert (first.value, first.program, first.steps) == (again.value, again.program, again.steps)
    assert first.value > 0


def test_shortened__of_what_was_found__does_as_much_in_fewer_steps() -> None:
    """Nothing can be dropped from it, and it does no less."""
    subject = Subject.ours(STANDARD)
    found = searched(subject, "liquidator-take", 5, 600)
    course = subject.course(QUANTITIES["liquidator-take"], MOST_PPM)
    short = shortened(course, found.program, found.value, STANDARD.answer)
    assert len(short) < len(found.program)
    assert course.allows(short)
    assert course.worst()[0] >= found.value
    for index in range(len(short)):
        rest = (*short[:index], *short[index + 1 :])
        assert not course.allows(rest) or course.worst()[0] < found.value


def test_command__writes_what_it_found_and_does_it_again(tmp_path: Path) -> None:
    """The file holds the program; a changed value in it is told by the exit code."""
    file = tmp_path / "made" / "damage.json"
    arguments = ["damage", "liquidator-take", "--steps", "500", "--seed", "5", "--out", str(file)]
    result = CliRunner().invoke(ringfence, arguments)
    assert result.exit_code == 0, result.output
    told = read(file)
    assert f"{told.value:,} of its raw units" in result.output
    again = CliRunner().invoke(ringfence, ["damage", "--replay", str(file)])
    assert again.exit_code == 0, again.output
    assert "It comes to the same again" in again.output
    file.write_text(file.read_text().replace(f'"value": "{told.value}"', f'"value": "{told.value + 1}"'))
    assert CliRunner().invoke(ringfence, ["damage", "--replay", str(file)]).exit_code == ExitCode.FAILED


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "Name what to search for"),
        (["bad-debt", "--steps", "0"], "--steps must be more than 0, not 0."),
        (["bad-debt", "--max-move", "-1"], "--max-move must be more than 0, not -1."),
        (["bad-debt", "--adapter", "nowhere.py:Vault"], "there is no such file"),
        (["--replay", __file__], "was not written by ringfence damage"),
    ],
)
def test_command__with_bad_input__says_so_in_one_sentence(arguments: list[str], told: str) -> None:
    """No traceback, no verdict."""
    result = CliRunner().invoke(ringfence, ["damage", *arguments])
    assert result.exit_code == ExitCode.CANNOT_TELL
    assert told in result.output
    assert "Traceback" not in result.output
