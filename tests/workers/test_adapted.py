"""Workers on anyone's vault, by its adapter: they come together to what one process would tell."""

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ringfence.cli.group import ringfence
from ringfence.engine.budget import Budget
from ringfence.engine.canary import Canaries
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.target import Target
from ringfence.engine.workers.job import Job
from ringfence.types.exit_codes import ExitCode
from ringfence.types.finding import CauseKey

from tests.workers.scripted import batch, violation

ROOT = Path(__file__).parents[2]
CROSS = f"{ROOT / 'examples' / 'cross-margin' / 'adapter.py'}:CrossMarginVault"
NOTIONAL = f"{ROOT / 'examples' / 'notional-vault' / 'adapter.py'}:NotionalVault"
PAPER = f"{ROOT / 'tests' / 'byo' / 'paper_vault.py'}:PaperVault"
BROKEN = """
import ringfence as rf

class Vault(rf.Adapter):
    facts = rf.Facts(1, 1, 1)

    @rf.action()
    def touch(self, account: rf.Anyone): ...

    def __init__(self, workspace): raise LookupError("no such market")
    def observe(self): ...
"""


def campaign(adapter: str, *arguments: str) -> Result:
    """Search with two workers."""
    return CliRunner().invoke(ringfence, ["campaign", "--adapter", adapter, "--workers", "2", *arguments])


def test_campaign__of_a_cross_margin_vault__tells_that_it_is_not_isolated(tmp_path: Path) -> None:
    tally = tmp_path / "tally.json"
    arguments = "--seed", "3", "--steps", "600", "--stats", str(tally), "--findings", str(tmp_path / "out")
    ended = campaign(CROSS, *arguments)
    assert ended.exit_code == ExitCode.FAILED
    written = json.loads(tally.read_text())
    properties = [found["property"] for found in written["findings"]]
    isolation = next(each for each in properties if each.startswith("ISO"))
    assert f"cause: {isolation}, " in ended.output
    assert (written["workers"], written["died"], written["steps"] >= 600) == (2, [], True)
    assert written["tested"]["ISO-1"] > 0
    files = {file.name for file in (tmp_path / "out").iterdir()}
    assert files >= {"finding.json", "test_finding.py", "finding.t.sol"}
    assert len([name for name in files if name.endswith(".json")]) == len(properties)


def test_campaign__of_a_vault_that_is_isolated__is_clean() -> None:
    ended = campaign(NOTIONAL, "--seed", "2", "--steps", "3000")
    assert ended.exit_code == 0, ended.output
    assert "2 workers on this machine" in ended.output
    assert "storage words that steps changed" in ended.output


@pytest.mark.parametrize(
    ("source", "arguments", "sentence"),
    [
        (None, (), "adapter.py: there is no such file."),
        ("vault", (), "can't be imported: NameError"),
        (BROKEN, (), "Vault.__init__ raised LookupError"),
        (BROKEN, ("--runs", "5"), "--runs are counted by one process"),
    ],
)
def test_campaign__that_can_t_be_had__is_refused_before_a_worker_starts(
    source: str | None, arguments: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    if source:
        (tmp_path / "adapter.py").write_text(source)
    ended = campaign(f"{tmp_path / 'adapter.py'}:Vault", *arguments)
    assert ended.exit_code in (ExitCode.FAILED, ExitCode.CANNOT_TELL)
    (line,) = ended.output.splitlines()
    assert sentence in line


def test_batches__together__report_what_one_search_does() -> None:
    done, worked = SearchResult(3), Job(NOTIONAL, is_timed=False).start(3)
    for _ in range(3):
        done.add(worked.batch(15))
    whole = Search(Target.named(NOTIONAL), 3).run(Budget(None, None, done.steps))
    assert whole.finding is done.finding is None
    assert (done.runs, done.steps, done.stats) == (whole.runs, whole.steps, whole.stats)
    assert (done.tested, done.not_applicable) == (whole.tested, whole.not_applicable)
    assert (done.words_checked, done.canaries) == (whole.words_checked, whole.canaries)
    assert done.reached == whole.reached


def test_batch__after_a_finding__goes_on_and_counts_what_it_tests() -> None:
    """What is done to shrink a sequence is not counted, and the next batch finds more."""
    worked = Job(CROSS, is_timed=False).start(6)
    batches = [worked.batch(100) for _ in range(3)]
    assert all(each.seen for each in batches)
    assert all(count >= 0 for each in batches for count in each.tested.values())
    for each in batches:
        assert each.tested["CUS-2"] <= 2 * each.steps


def test_batch__with_a_corpus__hears_what_others_put_there(tmp_path: Path) -> None:
    """The folder is read again in every batch: what can't be read there is the batch's complaint."""
    worked = Job(PAPER, tmp_path, is_timed=False).start(1)
    assert worked.batch(50).problem == ""
    assert list(tmp_path.glob("*.json"))
    (tmp_path / "damaged.json").write_text("{")
    assert "damaged.json" in worked.batch(50).problem


NEVER = {CauseKey("ISO-1", "Open", ""): violation()}  # by no paper vault


@pytest.mark.parametrize(
    ("code", "told", "trouble"),
    [
        (0, "1 runs, 9 steps", {}),
        (1, "nothing is left on the disk", {"problem": "nothing is left on the disk"}),
        (1, "untested: ISO-3 applies", {"applicable": {"ISO-1", "ISO-3"}}),
        (1, "a canary was not seen", {"canaries": Canaries(violation=False)}),
        (ExitCode.CANNOT_TELL, "adapter: Vault.apply raised", {"fault": "Vault.apply raised"}),
        (ExitCode.CANNOT_TELL, "does not do the same", {"findings": NEVER}),
        (ExitCode.INTERRUPTED, "Interrupted; this is what was done.", {"is_interrupted": True}),
    ],
)
def test_campaign__with_workers__ends_with_the_code_of_what_was_told(
    code: int, told: str, trouble: dict[str, object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def searched(_: object, done: SearchResult, **__: object) -> SearchResult:
        done.add(batch(9, tested=Counter({"ISO-1": 9})))
        for name, value in trouble.items():
            setattr(done, name, value)
        return done

    monkeypatch.setattr("ringfence.cli.campaign.search", searched)
    tally = tmp_path / "tally.json"
    ended = campaign(PAPER, "--steps", "9", "--stats", str(tally))
    assert ended.exit_code == code
    assert told in ended.output
    assert json.loads(tally.read_text())["steps"] == 9
