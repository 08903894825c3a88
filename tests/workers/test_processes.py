"""Workers that are processes: what they find comes together, and one that is killed is replaced and named."""

import re
from concurrent.futures import Future
from pathlib import Path

import pytest
from ringfence.engine.canary import Canaries
from ringfence.engine.contest import MODEL
from ringfence.engine.corpus.corpus import BadCorpus
from ringfence.engine.workers import Job, search
from ringfence.engine.workers.crew import WorkerDied
from ringfence.engine.workers.processes import ProcessCrew, translated
from ringfence.vaults.isolated_margin.fast import OwnVault
from ringfence.vaults.isolated_margin.markets import PLAIN
from ringfence.vaults.isolated_margin.seeded_bugs import specimens
from ringfence.vaults.isolated_margin.seeded_bugs.vaults import vault_of

from tests.workers.killing import Killing

BROKEN = specimens()[0]  # compiled for other tests too


def test_search__whose_worker_is_killed__replaces_and_names_it() -> None:
    """A process that is killed is told of, and another one does its share."""
    crew = Killing(ProcessCrew(Job(OwnVault.compiled(), (PLAIN,))))
    done = search(crew, 2, seed=1, steps=3_000, told=crew.kill)
    dead, _, successor = crew.hired[0], *crew.hired[1:3]
    assert done.deaths == [f"Worker 1 (process {dead}) died, and process {successor} took its place."]
    assert done.tally.steps >= 3_000
    assert done.findings == {}
    assert done.canaries == Canaries(law=True, comparison=True)


def test_search__of_a_broken_vault__finds_each_cause_once() -> None:
    """Two processes meet the same bug many times; it is told once for each way in which it shows."""
    crew = ProcessCrew(Job(vault_of(BROKEN.sources()), (PLAIN,)))
    done = search(crew, 2, seed=1, steps=4_000)
    laws = {law for law, _, _ in done.findings}
    assert laws & {MODEL, BROKEN.law}
    assert sum(done.seen.values()) > len(done.findings)
    assert done.tally.steps >= 4_000


def test_worker__given_a_corpus_that_can_t_be_read__is_refused_in_its_words(tmp_path: Path) -> None:
    """What a worker's search refuses comes back as it was said there."""
    damaged = tmp_path / "damaged.json"
    damaged.write_text("{")
    job = Job(OwnVault.compiled(), (PLAIN,), tmp_path)
    with pytest.raises(BadCorpus, match=re.escape(str(damaged))):
        search(ProcessCrew(job), 1, seed=1, steps=100)


def test_turn__of_a_worker_that_is_let_go__tells_its_death() -> None:
    """A turn that is called off before it began is one without an answer, and nothing is printed of it."""
    asked: Future[int] = Future()
    told = translated(asked, KeyError)
    asked.cancel()
    assert isinstance(told.exception(timeout=0), WorkerDied)
