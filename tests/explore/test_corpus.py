"""The corpus: what is kept, that it outlives a campaign, and what it says of files that it can't use."""

import errno
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from ringfence.cli.group import ringfence
from ringfence.engine.budget import Budget
from ringfence.engine.corpus import corpus as corpus_module
from ringfence.engine.corpus.corpus import BadCorpus, Corpus
from ringfence.engine.corpus.entry import Entry
from ringfence.engine.proposals import Proposal, repeated
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.types.actions import Step
from ringfence.types.roles import OWNER
from ringfence.vaults.isolated_margin.actions import ALPHABET, Pause
from ringfence.vaults.isolated_margin.markets import PLAIN, STANDARD, MarketSetup
from ringfence.vaults.isolated_margin.target import our_vault

STEPS = 1_000
CODE = "sha256:0"


def entry(steps: int = 1) -> Entry:
    """Return an entry of N steps."""
    return Entry.of(
        STANDARD.name, (Step(Pause(OWNER), 1),) * steps, ["('Pause', 'done', 0)"], is_shrunk=False
    )


def contents(entries: list[Entry]) -> list[tuple[object, ...]]:
    """Return what can be compared of entries."""
    return [(each.market, each.sequence, each.reached, each.is_shrunk) for each in entries]


def corpus(folder: Path, *setups: MarketSetup) -> Corpus:
    """Open the corpus of a folder, in the standard market unless others are given."""
    return Corpus(CODE, setups or [STANDARD], folder, ALPHABET)


def compared(seed: int, folder: Path | None = None) -> Search:
    """Return a search of our vault that only compares."""
    return Search(our_vault(), seed, corpus=folder, is_checked=False)


def steps(number: int) -> Budget:
    """Return a budget of N steps."""
    return Budget(None, None, number)


def names(folder: Path) -> set[str]:
    """Return the names of all files."""
    return {path.name for path in folder.iterdir()}


def test_corpus__is_replayed_first__and_what_it_reached_is_not_new_again(tmp_path: Path) -> None:
    first = compared(1, tmp_path).run(steps(STEPS))
    again = compared(2, tmp_path)
    replayed = again.run(steps(1))
    while again.proposals._memory.waiting:
        replayed.reached += again.run(steps(1)).reached
    assert set(map(str, first.reached)) <= set(map(str, replayed.reached))
    assert not set(map(str, first.reached)) & set(map(str, again.run(steps(STEPS)).reached))


def test_corpus__trimmed_entry__takes_the_place_of_the_long_one(tmp_path: Path) -> None:
    kept = corpus(tmp_path)
    kept.add(entry(3))
    kept.replace(entry(3), entry(1))
    assert contents(corpus(tmp_path).fresh()) == contents([entry(1)])


def test_search__removes_what_entries_do_not_need(monkeypatch: pytest.MonkeyPatch) -> None:
    search = compared(2)
    lengths = []
    replace = search.proposals._memory.replace

    def recorded(entry: Entry, shorter: Entry, opened: Sequence[int | None]) -> None:
        lengths.append((len(entry.sequence), len(shorter.sequence)))
        replace(entry, shorter, opened)

    monkeypatch.setattr(search.proposals._memory, "replace", recorded)
    search.run(steps(20_000))
    assert all(after <= before for before, after in lengths), lengths
    assert any(after < before for before, after in lengths), lengths


def test_search__every_entry__reaches_what_it_was_kept_for() -> None:
    """What is left out, refused steps before all, was not needed."""
    search = compared(3)
    search.run(steps(4_000))
    entries = [entry for market in search.markets for entry in search.proposals.stored(market)]
    assert len(entries) > 50
    for each in entries:
        executor = search.fixtures.executor(each.market, is_compared=True)
        run = search.perform(Proposal(each.market, repeated(each.sequence)), executor, is_compared=True)
        assert executor.found is None
        assert set(each.reached) <= set(map(str, run.reached))


def test_corpus__two_campaigns__share_a_folder(tmp_path: Path) -> None:
    one, other = (corpus(tmp_path) for _ in range(2))
    one.add(entry(1))
    other.add(entry(2))
    other.add(entry(1))
    assert contents(one.fresh()) == contents([entry(2)])
    assert other.fresh() == []
    assert len(names(tmp_path)) == 2


def test_corpus__entries_of_other_markets__are_left_alone(tmp_path: Path) -> None:
    corpus(tmp_path, STANDARD, PLAIN).add(entry())
    assert corpus(tmp_path, PLAIN).fresh() == []


@pytest.mark.parametrize(
    ("part", "value", "told"),
    [
        ("format", "older", "is of the format 'older', and ringfence-corpus/2 is read"),
        ("package", "0.0.1", "was made with another version of Ringfence: 0.0.1, not "),
        ("vault", "sha256:1", "was made with another version of the vault: sha256:1, not sha256:0"),
        ("market", "standard:0", "was made with another version of the market: standard:0, not "),
        ("sequence", [{"action": {"action": "Fly"}, "seconds": "0"}], "holds no call sequence"),
        ("sequence", 5, "holds no call sequence"),
    ],
)
def test_corpus__of_something_else__is_refused(part: str, value: object, told: str, tmp_path: Path) -> None:
    corpus(tmp_path).add(entry())
    (path,) = tmp_path.iterdir()
    path.write_text(json.dumps(json.loads(path.read_text()) | {part: value}))
    with pytest.raises(BadCorpus) as refusal:
        corpus(tmp_path).fresh()
    assert str(refusal.value).startswith(f"{path} {told}")
    assert str(refusal.value).endswith(": remove it, or use another folder.")


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"null", b"\xff\xfe", b'{"format": 1}'])
def test_corpus__damaged_entry__is_refused_by_its_name(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "damaged.json"
    path.write_bytes(content)
    with pytest.raises(BadCorpus, match="is no entry of a corpus, or is damaged: remove it"):
        corpus(tmp_path).fresh()
    failed = CliRunner().invoke(ringfence, ["campaign", "--steps", "10", "--corpus", str(tmp_path)])
    assert failed.exit_code == 2
    assert failed.output.splitlines()[-1].startswith(f"Error: {path} is no entry")


def test_corpus__disk_is_full__goes_on_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What can't be written is kept in memory, tried again and told; nothing is left half written."""

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(corpus_module.os, "fsync", full)
    search = compared(1, tmp_path)
    done = search.run(steps(STEPS))
    kept = f"{done.entries} entries are kept in memory alone."
    assert done.problem.startswith(str(tmp_path))
    assert done.problem.endswith(f".json: No space left on device; {kept}")
    assert names(tmp_path) == set()
    monkeypatch.undo()
    assert search.run(steps(1)).problem == ""
    assert len(names(tmp_path)) >= done.entries


def test_corpus__folder_that_cannot_be_made__is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadCorpus, match="file: File exists"):
        corpus(tmp_path / "file")


def test_rescan__a_bad_file_arrives_meanwhile__loses_nothing(tmp_path: Path) -> None:
    search = compared(1, tmp_path)
    search.run(steps(STEPS))
    (tmp_path / "zz.json").write_text("{")
    search.proposals._rescan_at = 0
    done = search.run(steps(STEPS))
    assert done.steps >= STEPS
    assert "zz.json is no entry of a corpus" in done.problem


def test_interrupt__keeps_what_was_found(tmp_path: Path) -> None:
    def interrupt(done: SearchResult) -> None:
        if done.steps > STEPS:
            raise KeyboardInterrupt

    done = compared(1, tmp_path).run(steps(10**6), interrupt)
    assert done.is_interrupted
    assert done.reached
    assert len(names(tmp_path)) == done.entries > 0
