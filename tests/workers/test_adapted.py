"""Workers on anyone's vault, by its adapter: they come together to what one process would tell."""

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ringfence.cli.group import ringfence
from ringfence.engine.canary import Canaries
from ringfence.engine.loading import load
from ringfence.engine.search import Caught, Search, Searched
from ringfence.engine.storage_watch import Unseen
from ringfence.engine.workers.adapted import AdaptedJob, AdaptedJoint, AdaptedSearcher, AdaptedTurn
from ringfence.engine.workers.campaign import run
from ringfence.engine.workers.processes import ProcessCrew
from ringfence.properties import PROPERTIES
from ringfence.report.search_tables import complaints
from ringfence.types.actions import Step
from ringfence.types.exit_codes import ExitCode
from ringfence.vaults.isolated_margin.actions import Open

from tests.workers.killing import Killing
from tests.workers.scripted import ScriptedCrew

ROOT = Path(__file__).parents[2]
CROSS = f"{ROOT / 'examples' / 'cross-margin' / 'adapter.py'}:CrossMarginVault"
NOTIONAL = f"{ROOT / 'examples' / 'notional-vault' / 'adapter.py'}:NotionalVault"
PAPER = f"{ROOT / 'tests' / 'byo' / 'paper_vault.py'}:PaperVault"
BROKEN = """
from ringfence.types.facts import Facts
from ringfence.vaults.isolated_margin.actions import Open

class Vault:
    facts, actions, abilities = Facts(1, 1, 1), {Open}, ()
    def __init__(self, bench): raise LookupError("no such market")
    def apply(self, step): ...
    def observe(self): ...
"""


def campaign(adapter: str, *arguments: str) -> Result:
    """Search with two workers."""
    return CliRunner().invoke(ringfence, ["campaign", "--adapter", adapter, "--workers", "2", *arguments])


def turn(**done: object) -> AdaptedTurn:
    """Return a turn that has done that."""
    sentences = {law.id: law.sentence for law in PROPERTIES}
    searched = Searched(seed=1, canaries=Canaries(law=True), sentences=sentences, **done)  # type: ignore[arg-type]
    return AdaptedTurn(searched)


def caught(complaint: str) -> Caught:
    """Return a violation by an open."""
    return Caught("ISO-1", complaint, (Step(Open("trader_1", 1, 1, 1, 1), 1),), (), 1, 1.0)


CAUGHT = caught("of position 1, margin is 1, not 9")


def test_campaign__of_a_cross_margin_vault__tells_that_it_is_not_isolated(tmp_path: Path) -> None:
    """Two processes find the law of isolation that breaks; it is shortened, told, written and counted."""
    tally = tmp_path / "tally.json"
    arguments = "--seed", "1", "--steps", "200", "--tally", str(tally), "--findings", str(tmp_path / "out")
    ended = campaign(CROSS, *arguments)
    assert ended.exit_code == ExitCode.FAILED
    written = json.loads(tally.read_text())
    laws = [found["law"] for found in written["findings"]]
    law = next(law for law in laws if law.startswith("ISO"))
    assert f"cause: {law}, " in ended.output
    assert (written["workers"], written["died"], written["steps"] >= 200) == (2, [], True)
    assert written["tested"]["ISO-1"] > 0
    files = {file.name for file in (tmp_path / "out").iterdir()}
    assert files >= {"finding.json", "test_finding.py", "finding.t.sol"}
    assert len([name for name in files if name.endswith(".json")]) == len(laws)


def test_campaign__of_a_vault_that_is_isolated__is_clean() -> None:
    """All laws that apply were put to the test by the two together, and nothing was found."""
    ended = campaign(NOTIONAL, "--seed", "2", "--steps", "400")
    assert ended.exit_code == 0, ended.output
    assert "2 workers on this machine" in ended.output
    assert "storage words that steps changed" in ended.output


@pytest.mark.parametrize(
    ("source", "arguments", "sentence"),
    [
        (None, (), "adapter.py: there is no such file."),
        ("vault", (), "can't be imported: NameError"),
        (BROKEN, (), "Vault.__init__ raised LookupError"),
        (BROKEN, ("--runs", "5"), "--runs of your vault are counted by one process"),
    ],
)
def test_campaign__that_can_t_be_had__is_refused_before_a_worker_starts(
    source: str | None, arguments: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    """One sentence, and nobody was hired."""
    if source:
        (tmp_path / "adapter.py").write_text(source)
    ended = campaign(f"{tmp_path / 'adapter.py'}:Vault", *arguments)
    assert ended.exit_code in (ExitCode.FAILED, ExitCode.CANNOT_TELL)
    (line,) = ended.output.splitlines()
    assert sentence in line


def test_search__whose_worker_is_killed__replaces_and_names_it() -> None:
    """A process that is killed is told of, and another one loads the adapter and does its share."""
    crew = Killing(ProcessCrew(AdaptedJob(PAPER)))
    done = run(crew, AdaptedJoint(1, 2), steps=400, told=crew.kill)
    dead, _, successor = crew.hired
    assert done.deaths == [f"Worker 1 (process {dead}) died, and process {successor} took its place."]
    assert done.steps >= 400
    assert done.searched.caught is None


def test_turns__together__tell_what_one_search_does() -> None:
    """Each turn tells of itself alone: brought together they are what one search without turns counts."""
    done, search = AdaptedJoint(1, 1), AdaptedSearcher(NOTIONAL, seed=3)
    for _ in range(3):
        done.add(search.turn(15))
    whole = Search(load(NOTIONAL), seed=3).run(30, steps=done.steps)
    assert whole.caught is None
    told = done.searched
    assert (told.runs, told.steps, told.outcomes) == (whole.runs, whole.steps, whole.outcomes)
    assert (told.tested, told.not_applicable) == (whole.tested, whole.not_applicable)
    assert (told.words_checked, told.canaries) == (whole.words_checked, whole.canaries)
    assert done.reached == set(whole.reached)


def test_turn__after_a_finding__goes_on_and_counts_what_it_tests() -> None:
    """What is done to shorten a program is not counted, and the next turn finds more."""
    search = AdaptedSearcher(CROSS, seed=6)
    turns = [search.turn(100) for _ in range(3)]
    assert all(each.found for each in turns)
    assert all(count >= 0 for each in turns for count in each.searched.tested.values())
    for each in turns:
        assert each.searched.tested["CUS-2"] <= 2 * each.searched.steps


def test_turn__with_a_corpus__hears_what_others_put_there(tmp_path: Path) -> None:
    """The folder is read again in every turn: what can't be read there is the turn's complaint."""
    search = AdaptedSearcher(PAPER, seed=1, corpus=tmp_path)
    assert search.turn(50).complaint == ""
    assert list(tmp_path.glob("*.json"))
    (tmp_path / "damaged.json").write_text("{")
    assert "damaged.json" in search.turn(50).complaint


def test_joint__of_laws_that_each_worker_has_missed__names_none_that_another_has_tested() -> None:
    """A law is untested when no worker put it to the test; then the search is not clean."""
    done = AdaptedJoint(1, 2)
    done.add(turn(tested={"ISO-1": 3, "ISO-3": 0, "ISO-4": 0}))
    done.add(turn(tested={"ISO-1": 4, "ISO-3": 2, "ISO-4": 0}))
    assert done.searched.tested == {"ISO-1": 7, "ISO-3": 2, "ISO-4": 0}
    assert list(complaints(done.searched)) == ["untested: ISO-4 applies and was never put to the test."]
    assert not done.searched.is_clean


@pytest.mark.parametrize(
    ("code", "told", "trouble"),
    [
        (0, "1 runs, 9 steps", {}),
        (1, "nothing is left on the disk", {"complaint": "nothing is left on the disk"}),
        (1, "untested: ISO-3 applies", {"applicable": {"ISO-1", "ISO-3"}}),
        (1, "a canary was not seen", {"canaries": Canaries(law=False)}),
        (ExitCode.CANNOT_TELL, "adapter: Vault.apply raised", {"fault": "Vault.apply raised"}),
        (ExitCode.CANNOT_TELL, "does not do the same", {"findings": {("ISO-1", "Open", ""): CAUGHT}}),
        (ExitCode.INTERRUPTED, "Interrupted; this is what was done.", {"is_interrupted": True}),
    ],
)
def test_campaign__with_workers__ends_with_the_code_of_what_was_told(
    code: int, told: str, trouble: dict[str, object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A search by workers fails where one by a single process does, and when it could not go on."""

    def searched(_: object, done: AdaptedJoint, **__: object) -> AdaptedJoint:
        done.add(turn(runs=1, outcomes=Counter({("Open", "done"): 9}), tested={"ISO-1": 9}))
        for name, value in trouble.items():
            setattr(done, name, value)
        return done

    monkeypatch.setattr("ringfence.engine.workers.campaign.run", searched)
    tally = tmp_path / "tally.json"
    ended = campaign(PAPER, "--steps", "9", "--tally", str(tally))
    assert ended.exit_code == code
    assert told in ended.output
    assert json.loads(tally.read_text())["steps"] == 9


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ({"unseen": [Unseen("vault", 1, "Open")]}, "that observe does not show: slot 1"),
        ({"canaries": Canaries(law=False)}, "a canary was not seen"),
        ({"fault": "Vault.apply raised"}, "adapter: Vault.apply raised"),
    ],
)
def test_joint__whose_one_turn_is_in_trouble__is_not_clean(trouble: dict[str, object], sentence: str) -> None:
    """What makes one process fail makes all together fail, and is told once."""
    done = AdaptedJoint(1, 2)
    for each in (turn(), AdaptedTurn(Searched(1, **trouble)), AdaptedTurn(Searched(1, **trouble)), turn()):  # type: ignore[arg-type]
        done.add(each)
    (told,) = complaints(done.searched)
    assert sentence in told
    assert not done.searched.is_clean


def test_joint__of_one_cause__keeps_one_finding() -> None:
    """Complaints that differ in numbers are one; a violation that can't be shown again is none."""
    done = AdaptedJoint(1, 2)
    for margin in (-5, 7):
        done.add(turn(caught=caught(f"of position 1, margin is {margin}, not 9")))
    done.add(turn(caught=caught("of position 1, size is 1, not 9"), fault="does not do the same"))
    assert list(done.seen.items()) == [(("ISO-1", "Open", "of position N, margin is N, not N"), 2)]
    assert done.searched.caught is next(iter(done.findings.values()))
    assert done.is_over


def test_search__with_an_adapter_at_fault__ends_before_its_budget() -> None:
    """A fault that one worker tells ends the campaign of all."""
    asked: list[int] = []

    def script(number: int, steps: int) -> AdaptedTurn:
        asked.append(number)
        return turn(steps=steps, fault="Vault.apply raised" if len(asked) == 3 else None)

    done = run(ScriptedCrew(script), AdaptedJoint(1, 2), seconds=60)
    assert done.fault == "Vault.apply raised"
    assert len(asked) <= 5  # the other worker's answer may be heard first, and its next turn handed out
