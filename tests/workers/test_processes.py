"""Workers that are processes: what they find comes together, and one that is killed is replaced and named."""

import re
from concurrent.futures import Future
from pathlib import Path

import pytest
from ringfence.engine.corpus.corpus import BadCorpus
from ringfence.engine.result import SearchResult
from ringfence.engine.system import MODEL
from ringfence.engine.workers.batches import search
from ringfence.engine.workers.job import Job
from ringfence.engine.workers.pool import WorkerDied
from ringfence.engine.workers.processes import ProcessPool, translated
from ringfence.vaults.isolated_margin.seeded_bugs import seeded_bugs

from tests.workers.killing import searched_while_killing

OURS = "isolated-margin"
PAPER = f"{Path(__file__).parents[1] / 'byo' / 'paper_vault.py'}:PaperVault"
BROKEN = seeded_bugs()[0]  # compiled for other tests too


@pytest.mark.parametrize(("vault", "steps"), [(OURS, 6_000), (PAPER, 2_400)], ids=["ours", "theirs"])
def test_search__whose_worker_is_killed__replaces_and_names_it(vault: str, steps: int) -> None:
    done = searched_while_killing(ProcessPool(Job(vault, is_timed=False)), steps)
    assert done.canaries.violation
    assert done.canaries.comparison or vault != OURS


def test_search__of_a_broken_vault__finds_each_cause_once() -> None:
    pool = ProcessPool(Job(f"{OURS}({BROKEN.name})", is_timed=False))
    done = search(pool, SearchResult(1, 2), steps=4_000)
    assert {cause.property_id for cause in done.findings} & {MODEL, BROKEN.property_id}
    assert done.seen.keys() == done.findings.keys()
    assert done.seen.total() > len(done.findings)
    assert done.steps >= 4_000


def test_worker__given_a_corpus_that_can_t_be_read__is_refused_in_its_words(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.json"
    damaged.write_text("{")
    with pytest.raises(BadCorpus, match=re.escape(str(damaged))):
        search(ProcessPool(Job(OURS, tmp_path)), SearchResult(1, 1), steps=100)


def test_batch__of_a_worker_that_is_stopped__reports_its_death() -> None:
    """A batch that is called off before it began is one without an answer, and nothing is printed of it."""
    asked: Future[SearchResult] = Future()
    told = translated(asked, KeyError)
    asked.cancel()
    assert isinstance(told.exception(timeout=0), WorkerDied)
