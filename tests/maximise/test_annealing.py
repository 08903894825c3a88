"""Climbing finds more than drawing, and what it finds can be made short, written and done again."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from ringfence.cli.group import ringfence
from ringfence.engine.budget import Budget
from ringfence.engine.maximise.bounds import Bounds
from ringfence.engine.maximise.files import read
from ringfence.engine.maximise.maximum import MaximumSearch
from ringfence.engine.maximise.quantities import QUANTITIES
from ringfence.engine.result import SearchResult
from ringfence.engine.target import Target
from ringfence.types.exit_codes import ExitCode
from ringfence.vaults.isolated_margin.markets import COARSE, STANDARD, MarketSetup
from ringfence.vaults.isolated_margin.seeded_bugs import seeded_bug
from ringfence.vaults.isolated_margin.seeded_bugs.searching import target_of
from ringfence.vaults.isolated_margin.target import our_vault

MOST_PPM = 100_000
SEEDED = "deficit shared by all margins"


def search(
    name: str, seed: int, target: Target, setup: MarketSetup = STANDARD, *, climbing: bool = True
) -> MaximumSearch:
    """Prepare a search for a quantity."""
    return MaximumSearch.of(target, setup.name, QUANTITIES[name], Bounds(MOST_PPM), seed, climbing=climbing)


def ours(name: str, seed: int, steps: int, setup: MarketSetup = STANDARD) -> SearchResult:
    """Search our vault for N steps."""
    return search(name, seed, our_vault(), setup).run(Budget(None, None, steps))


def with_the_bug(seed: int, *, climbing: bool) -> int:
    """Return the largest value that is moved on a vault with a bug that moves it."""
    maximum = search("moved-value", seed, target_of(seeded_bug(SEEDED)), climbing=climbing)
    return maximum.run(Budget(None, None, 6_000)).best


@pytest.mark.slow
def test_climb__on_a_vault_that_moves_value__finds_more_than_drawing_does() -> None:
    """With as many steps, and for eight seeds together at least half as much again."""
    climbed, drawn = [], []
    for seed in range(1, 9):
        climbed.append(with_the_bug(seed, climbing=True))
        drawn.append(with_the_bug(seed, climbing=False))
    assert 2 * sum(climbed) >= 3 * sum(drawn) > 0, (climbed, drawn)


@pytest.mark.slow
@pytest.mark.parametrize("setup", [STANDARD, COARSE], ids=lambda setup: setup.name)
def test_climb__on_our_vault__never_gains_by_rounding_nor_moves_value(setup: MarketSetup) -> None:
    """The rules' bound is zero: what is traded at one price and time never profits (VAL-1)."""
    for name in ("trader-gain", "moved-value"):
        found = ours(name, 1, 4_000, setup)
        assert found.best == 0, found.best_sequence


def test_climb__of_one_seed__finds_the_same_again() -> None:
    first, again = (ours("liquidator-take", 5, 600) for _ in range(2))
    assert (first.best, first.best_sequence) == (again.best, again.best_sequence)
    assert first.stats == again.stats
    assert first.best > 0
    assert ours("liquidator-take", 5, 1_200).best >= first.best


def test_shrunk__of_what_was_found__does_as_much_in_fewer_steps() -> None:
    maximum = search("liquidator-take", 5, our_vault())
    found = maximum.run(Budget(None, None, 600))
    short = maximum.shrunk(found.best_sequence, found.best)
    assert len(short) < len(found.best_sequence)
    assert maximum.value_of(short) >= found.best
    for index in range(len(short)):
        assert maximum.value_of((*short[:index], *short[index + 1 :])) < found.best


def test_command__writes_what_it_found_and_does_it_again(tmp_path: Path) -> None:
    file = tmp_path / "made" / "damage.json"
    arguments = ["damage", "liquidator-take", "--steps", "500", "--seed", "5", "--out", str(file)]
    result = CliRunner().invoke(ringfence, arguments)
    assert result.exit_code == 0, result.output
    found = read(file)
    assert f"{found.value:,} of its raw units" in result.output
    again = CliRunner().invoke(ringfence, ["damage", "--replay", str(file)])
    assert again.exit_code == 0, again.output
    assert "It comes to the same again" in again.output
    file.write_text(file.read_text().replace(f'"value": "{found.value}"', f'"value": "{found.value + 1}"'))
    assert CliRunner().invoke(ringfence, ["damage", "--replay", str(file)]).exit_code == ExitCode.FAILED


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "Name what to search for"),
        (["bad-debt", "--steps", "0"], "--steps must be more than 0, not 0."),
        (["bad-debt", "--moves", "0"], "--moves must be more than 0, not 0."),
        (["bad-debt", "--keepers", "-5"], "--keepers must be more than 0, not -5."),
        (["bad-debt", "--max-move", "-1"], "--max-move must be more than 0, not -1."),
        (["bad-debt", "--adapter", "nowhere.py:Vault"], "there is no such file"),
        (["--replay", __file__], "was not written by ringfence damage"),
    ],
)
def test_command__with_bad_input__says_so_in_one_sentence(arguments: list[str], told: str) -> None:
    result = CliRunner().invoke(ringfence, ["damage", *arguments])
    assert result.exit_code == ExitCode.CANNOT_TELL
    assert told in result.output
    assert "Traceback" not in result.output
