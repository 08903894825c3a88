"""Campaigns for some properties alone, and past what is known already."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ringfence.cli.group import ringfence
from ringfence.engine.budget import Budget
from ringfence.engine.search import Search
from ringfence.engine.target import Target
from ringfence.engine.workers.job import Job
from ringfence.types.exit_codes import ExitCode

VAULT = str(Path(__file__).parents[2] / "examples/cross-margin/adapter.py") + ":CrossMarginVault"
SEED, STEPS = "1", "3000"


def campaign(*options: str, folder: Path) -> Result:
    """Run a campaign on the vault of cross margin."""
    limits = ("--seed", SEED, "--steps", STEPS, "--findings", str(folder))
    return CliRunner().invoke(ringfence, ["campaign", "--adapter", VAULT, *limits, *options])


def found(done: Result) -> str:
    """Return the cause of what was found."""
    (line,) = [line for line in done.output.splitlines() if line.startswith("cause: ")]
    return line.removeprefix("cause: ").partition(";")[0]


def test_only__one_property__finds_that(tmp_path: Path) -> None:
    assert found(campaign("--only", "ISO-1", folder=tmp_path)).startswith("ISO-1, ")


def test_not__property__is_passed_over(tmp_path: Path) -> None:
    first = found(campaign(folder=tmp_path)).partition(",")[0]
    assert not found(campaign("--not", first, folder=tmp_path)).startswith(first)


def test_remember__what_was_found__is_passed_over_the_next_time(tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    causes = [found(campaign("--known", str(known), "--remember", folder=tmp_path)) for _ in range(3)]
    assert len(set(causes)) == 3
    assert len(json.loads(known.read_text())["causes"]) == 3


def test_known__by_workers__is_passed_over() -> None:
    (cause,) = Search(Target.named(VAULT), 1).run(Budget(None, None, 3_000)).findings
    worker = Job(VAULT, is_timed=False, known=frozenset({cause})).start(1)
    done = worker.batch(1_500)
    assert cause not in done.findings
    assert done.findings


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--only", "ISO1"), "There is no property ISO1: did you mean ISO-1?"),
        (("--not", "?"), "There is no property ?: `ringfence properties` lists them."),
        (("--remember",), "--remember writes to the file of --known: name one."),
        (("--known", "{folder}/none.json"), "none.json: No such file or directory: write it by"),
        (("--known", "{folder}/cut.json"), "cut.json was not written by --remember, or is cut off."),
        (("--known", "{folder}/new.json"), "new.json is of the schema 'ringfence.known/9', and"),
    ],
)
def test_options__wrong__are_one_sentence(options: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_text('{"schema": "ringfence.known/1", "causes": [{"prop')
    (tmp_path / "new.json").write_text('{"schema": "ringfence.known/9", "causes": []}')
    done = campaign(*(each.format(folder=tmp_path) for each in options), folder=tmp_path)
    assert sentence in " ".join(done.output.split())
    assert done.exit_code == ExitCode.CANNOT_TELL
