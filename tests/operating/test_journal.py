"""A keeper's journal: on the disk before anything is sent, read by the next keeper, one keeper's alone."""

import os
from pathlib import Path
from typing import Any

import pytest
from ringfence.types.errors import RingfenceError
from ringfence_operations.sending.journal import Journal

from tests.operating.keeper_rig import KeeperRig, in_danger
from tests.operating.live_market import LiveMarket

SUBJECT = {"keeper": "0xkeeper", "vault": "0xvault"}


def opened(path: Path) -> Journal:
    """Return the journal in a file."""
    return Journal(path, SUBJECT, now=lambda: 7.0)


def test_journal__read_by_the_next__has_all_that_was_written(tmp_path: Path) -> None:
    with opened(tmp_path / "j") as journal:
        journal.write([{"kind": "intended", "hash": "0x1"}, {"kind": "mined", "hash": "0x1"}])
    with opened(tmp_path / "j") as journal:
        assert [line["kind"] for line in journal.past] == ["journal", "intended", "mined"]
        assert {line["at"] for line in journal.past} == {7.0}


def test_journal__cut_short_in_its_last_line__is_read_without_it(tmp_path: Path) -> None:
    """A line that was never whole was never acted on; what is written next begins a line of its own."""
    path = tmp_path / "j"
    with opened(path) as journal:
        journal.write([{"kind": "intended", "hash": "0x1"}])
    path.write_bytes(path.read_bytes() + b'{"kind": "inten')
    with opened(path) as journal:
        assert len(journal.past) == 2
        journal.write([{"kind": "intended", "hash": "0x2"}])
    with opened(path) as journal:
        assert [line.get("hash") for line in journal.past] == [None, "0x1", "0x2"]


def test_journal__damaged_before_its_end__is_refused_with_the_line(tmp_path: Path) -> None:
    """What was pending can't be known, so nothing is sent."""
    path = tmp_path / "j"
    with opened(path) as journal:
        journal.write([{"kind": "intended"}])
    path.write_text(path.read_text().replace('"intended"}', '"intended'))
    with pytest.raises(RingfenceError, match=r"j, line 2: the journal is damaged"):
        opened(path)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}\n", '{"kind": "journal"}\n'])
def test_journal__that_is_none__is_refused_and_left_alone(tmp_path: Path, content: str) -> None:
    """A journal has its first line from the beginning, so a file without it is something else."""
    path = tmp_path / "j"
    path.write_text(content)
    with pytest.raises(RingfenceError, match=r"this is no journal|an unfinished run of another"):
        opened(path)
    assert path.read_text() == content


def test_journal__whose_beginning_was_interrupted__is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its first line and its place on the disk: there is no journal, or a whole one."""
    monkeypatch.setattr(os, "link", lambda *paths: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        opened(tmp_path / "j")
    monkeypatch.undo()
    assert not (tmp_path / "j").exists()
    with opened(tmp_path / "j") as journal:
        assert [line["kind"] for line in journal.past] == ["journal"]
    assert [path.name for path in tmp_path.iterdir()] == ["j"]


def test_outbox__of_a_journal_that_contradicts_itself__is_refused_with_the_line(tmp_path: Path) -> None:
    """A transaction that was mined without having been meant: what is pending can't be known."""
    rig = KeeperRig(LiveMarket(), tmp_path / "keeper.jsonl")
    rig.journal.write([{"kind": "mined", "nonce": 7, "receipt": {}}])
    with pytest.raises(RingfenceError, match=r"keeper\.jsonl, line 2: the journal is damaged"):
        rig.restart()


def test_journal__in_use__is_refused(tmp_path: Path) -> None:
    """Two keepers of one account would use the same nonces."""
    with opened(tmp_path / "j"), pytest.raises(RingfenceError, match="another run uses this journal"):
        opened(tmp_path / "j")


@pytest.mark.parametrize("other", SUBJECT)
def test_journal__of_another_keeper_or_vault__is_refused(tmp_path: Path, other: str) -> None:
    opened(tmp_path / "j").__exit__(None, None, None)
    with pytest.raises(RingfenceError, match="of another keeper or vault"):
        Journal(tmp_path / "j", SUBJECT | {other: "0xother"})


def test_journal__in_a_folder_that_can_not_be__is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        RingfenceError, match=r"file/j: the journal can't be written: Not a directory|File exists"
    ):
        opened(tmp_path / "file" / "j")


def test_keeper__whose_disk_is_full__sends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = KeeperRig(in_danger(LiveMarket()), tmp_path / "keeper.jsonl")

    def full(descriptor: int) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RingfenceError, match="No space left on device"):
        bench.turn()
    assert bench.market.chain.sent == []
