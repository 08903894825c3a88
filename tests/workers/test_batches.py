"""A campaign hands out batches, brings findings together, and replaces every worker that dies."""

import re
from typing import Any

import pytest
from ringfence.engine.canary import Canaries
from ringfence.engine.result import SearchResult
from ringfence.engine.storage_watch import Unseen
from ringfence.engine.workers.batches import STEPS_A_BATCH, search
from ringfence.engine.workers.job import seed_of
from ringfence.engine.workers.pool import PoolFailed
from ringfence.report.search_tables import problems

from tests.workers.scripted import ScriptedPool, batch, looked_at, violation


def searched(pool: ScriptedPool, workers: int, **limits: Any) -> SearchResult:
    """Search with N workers."""
    return search(pool, SearchResult(1, workers), **limits)


def test_search__with_a_budget_of_steps__hands_out_no_more() -> None:
    pool = ScriptedPool(lambda _, steps: batch(steps))
    done = searched(pool, 2, steps=2 * STEPS_A_BATCH + 101)
    assert sorted(pool.asked) == [(1, 51), (1, STEPS_A_BATCH), (2, 50), (2, STEPS_A_BATCH)]
    assert done.steps == 2 * STEPS_A_BATCH + 101
    assert pool.is_closed
    assert all(worker.is_stopped for worker in pool.started)


def test_search__whose_batch_ends_early__does_the_rest_later() -> None:
    """A batch that takes long leaves steps over; one that can do none at all uses them up."""
    early = ScriptedPool(lambda _, steps: batch(max(1, steps // 2)))
    assert searched(early, 2, steps=3_000).steps == 3_000
    idle = ScriptedPool(lambda _, steps: batch(0))
    assert searched(idle, 2, steps=3_000).steps == 0


def test_search__with_a_worker_that_dies__has_its_steps_done_by_another_one() -> None:
    pool = ScriptedPool(lambda _, steps: None if len(pool.asked) == 2 else batch(steps))
    done = searched(pool, 2, steps=4 * STEPS_A_BATCH)
    assert done.steps == 4 * STEPS_A_BATCH
    assert done.deaths == ["Worker 2 (hand 2) died, and hand 3 took its place."]
    assert len(set(pool.seeds)) == 3


def test_search__whose_worker_dies_at_once__ends_with_a_sentence_and_what_was_found() -> None:
    """A campaign does not start workers for ever; what the others have done until then is not lost."""
    found = violation()
    pool = ScriptedPool(lambda number, steps: None if number == 1 else batch(steps, found))
    done = searched(pool, 2, seconds=60)
    died = r"Worker 1 died 5 times before it ended a batch; the last was hand \d+\."
    assert re.fullmatch(died, done.problem)
    assert list(done.findings.values()) == [found]
    assert pool.is_closed
    assert pool.started[1].is_stopped


def test_search__whose_workers_all_die__is_refused() -> None:
    pool = ScriptedPool(lambda number, steps: None)
    with pytest.raises(PoolFailed, match="died 5 times"):
        searched(pool, 1, seconds=60)
    assert pool.is_closed


def test_search__interrupted__returns_what_was_done() -> None:
    def interrupt(done: SearchResult) -> None:
        if done.steps > STEPS_A_BATCH and not done.is_interrupted:
            raise KeyboardInterrupt

    found = violation()
    pool = ScriptedPool(lambda _, steps: batch(steps, found))
    done = searched(pool, 2, seconds=60, progress=interrupt)
    assert done.is_interrupted
    assert list(done.findings.values()) == [found]
    assert pool.is_closed


def test_search__with_an_adapter_at_fault__ends_before_its_budget() -> None:
    pool = ScriptedPool(lambda _, steps: batch(steps, fault="Vault.apply raised" if pool.asked[2:] else ""))
    done = searched(pool, 2, seconds=60)
    assert done.fault == "Vault.apply raised"
    assert len(pool.asked) <= 5  # the other worker's answer may be heard first, and its next batch handed out


def test_findings__of_one_cause__are_counted_and_stored_once() -> None:
    first, same, other = violation(), violation("of position 2, margin is 7, not 9"), violation("another")
    done = SearchResult(seed=1, workers=2)
    done.add(batch(1, first))
    done.add(batch(1, same))
    done.add(batch(1, other, detail="Panic"))
    assert list(done.findings.values()) == [first, other]
    assert list(done.seen.values()) == [2, 1]
    assert done.finding is first


def test_properties__that_each_worker_has_missed__are_none_that_another_has_tested() -> None:
    done = SearchResult(1, 2)
    applicable = frozenset({"ISO-1", "ISO-3", "ISO-4"})
    done.add(batch(1, tested=looked_at(ISO_1=3), applicable=applicable))
    done.add(batch(1, tested=looked_at(ISO_1=4, ISO_3=2), applicable=applicable))
    assert done.tested == looked_at(ISO_1=7, ISO_3=2)
    assert list(problems(done)) == ["untested: ISO-4 applies and was never put to the test."]
    assert not done.is_clean


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ({"unseen": {("vault", 1): Unseen("vault", 1, "Open")}}, "that observe does not show: slot 1"),
        ({"canaries": Canaries(violation=False)}, "a canary was not seen"),
        ({"fault": "Vault.apply raised"}, "adapter: Vault.apply raised"),
    ],
)
def test_result__with_a_batch_in_trouble__is_not_clean(trouble: dict[str, object], sentence: str) -> None:
    done = SearchResult(1, 2)
    for each in (batch(1), batch(1, **trouble), batch(1, **trouble), batch(1)):
        done.add(each)
    (reported,) = problems(done)
    assert sentence in reported
    assert not done.is_clean


def test_seed__of_every_worker__is_its_own() -> None:
    seeds = [seed_of(7, worker, life) for worker in (1, 2, 3) for life in (0, 1)]
    assert len(set(seeds)) == len(seeds)
    assert seeds == [seed_of(7, worker, life) for worker in (1, 2, 3) for life in (0, 1)]
    assert seed_of(8, 1, 0) not in seeds
