"""Workers that are processes: what they find comes together, and one that is killed is replaced and named."""

import os
import re
import signal
from pathlib import Path

import pytest
from ringfence.adapters.isolated_margin.direct import OwnVault
from ringfence.canary import Canaries
from ringfence.contest import MODEL
from ringfence.explore import BadCorpus
from ringfence.markets import PLAIN
from ringfence.specimens import specimens
from ringfence.specimens.vaults import vault_of
from ringfence.workers import Job, Joint, search
from ringfence.workers.processes import ProcessCrew

BROKEN = specimens()[0]  # compiled for other tests too


class Killing:
    """Kills the first worker as soon as a turn was done."""

    def __init__(self, crew: ProcessCrew) -> None:
        self._crew = crew
        self.hired: list[int] = []

    def hire(self, number: int, seed: int):
        """Hire, and remember the process."""
        worker = self._crew.hire(number, seed)
        self.hired.append(worker.process)
        return worker

    def close(self) -> None:
        """Let go."""
        self._crew.close()

    def kill(self, done: Joint) -> None:
        """Kill the first worker, once."""
        if done.steps and not done.deaths:
            os.kill(self.hired[0], signal.SIGKILL)


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
