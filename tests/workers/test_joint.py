"""A campaign hands out turns, brings findings together, and replaces whoever dies."""

import re

import pytest
from ringfence.engine.disagreement import Disagreement
from ringfence.engine.workers import CrewFailed, Joint, search
from ringfence.engine.workers.job import seed_of
from ringfence.engine.workers.together import cause_of
from ringfence.types.actions import Step
from ringfence.vaults.isolated_margin.actions import Liquidate, Pause

from tests.workers.scripted import ScriptedCrew, turn

STEPS_A_TURN = Joint.steps_a_turn
LIQUIDATION = (Step(Pause("owner"), 0), Step(Liquidate("stranger", 3), 0))


def disagreement(*differences: str) -> Disagreement:
    """Return a disagreement after a liquidation."""
    return Disagreement("plain", LIQUIDATION, differences)


def test_search__with_a_budget_of_steps__hands_out_no_more() -> None:
    """Workers share the steps, the last turn has what is left, and everybody is let go."""
    asked: list[int] = []

    def script(_: int, steps: int):
        asked.append(steps)
        return turn(steps)

    crew = ScriptedCrew(script)
    done = search(crew, 2, seed=1, steps=2 * STEPS_A_TURN + 100)
    assert asked == [STEPS_A_TURN, STEPS_A_TURN, 100]
    assert done.tally.steps == 2 * STEPS_A_TURN + 100
    assert crew.is_closed
    assert all(worker.is_stopped for worker in crew.hired)


def test_search__whose_turn_ends_early__does_the_rest_later() -> None:
    """A turn that finds something leaves steps over; one that can do none at all uses them up."""
    early = ScriptedCrew(lambda _, steps: turn(max(1, steps // 2)))
    assert search(early, 2, seed=1, steps=3_000).tally.steps == 3_000
    idle = ScriptedCrew(lambda _, steps: turn(0))
    assert search(idle, 2, seed=1, steps=3_000).tally.steps == 0


def test_search__with_a_worker_that_dies__has_its_steps_done_by_another_one() -> None:
    """The steps of a lost turn are handed out again, with another seed; the report names the dead."""
    turns: list[int] = []

    def script(number: int, steps: int):
        turns.append(number)
        return None if len(turns) == 2 else turn(steps)

    crew = ScriptedCrew(script)
    done = search(crew, 2, seed=1, steps=4 * STEPS_A_TURN)
    assert done.tally.steps == 4 * STEPS_A_TURN
    assert done.deaths == ["Worker 2 (hand 2) died, and hand 3 took its place."]
    assert len(set(crew.seeds)) == 3


def test_search__whose_worker_dies_at_once__ends_with_a_sentence_and_what_was_found() -> None:
    """A campaign does not hire for ever; what the others have done until then is not lost."""
    found = disagreement("totals: model 1, vault 2")
    crew = ScriptedCrew(lambda number, steps: None if number == 1 else turn(steps, found))
    done = search(crew, 2, seed=1, seconds=60)
    assert re.fullmatch(
        r"Worker 1 died 5 times before it ended a turn; the last was hand \d+\.", done.complaint
    )
    assert list(done.findings.values()) == [found]
    assert crew.is_closed
    assert crew.hired[1].is_stopped


def test_search__whose_workers_all_die__is_refused() -> None:
    """Where nothing was done there is nothing to tell."""
    crew = ScriptedCrew(lambda number, steps: None)
    with pytest.raises(CrewFailed, match="died 5 times"):
        search(crew, 1, seed=1, seconds=60)
    assert crew.is_closed


def test_search__interrupted__tells_what_was_done() -> None:
    """Ctrl-C ends the campaign, and what was done until then is returned."""
    interrupted: list[bool] = []

    def interrupt(done: Joint) -> None:
        if done.steps > STEPS_A_TURN and not interrupted:
            interrupted.append(True)
            raise KeyboardInterrupt

    found = disagreement("totals: model 1, vault 2")
    crew = ScriptedCrew(lambda _, steps: turn(steps, found))
    done = search(crew, 2, seed=1, seconds=60, told=interrupt)
    assert done.is_interrupted
    assert list(done.findings.values()) == [found]
    assert crew.is_closed


def test_findings__of_one_cause__are_kept_once_and_counted() -> None:
    """What differs in a number, a position or an account alone is one finding; another action is another."""
    first = disagreement("positions[1]: model 5, vault 6")
    same = disagreement("positions[22]: model 7, vault 9")
    other = disagreement("outcome: model Done(None), vault Refused(Panic())")
    done = Joint(seed=1, workers=1)
    for found in (first, same, other):
        done.add(turn(1, found))
    assert list(done.findings.values()) == [first, other]
    assert done.seen[cause_of(first)] == 2
    assert cause_of(first) == ("MODEL", "Liquidate", "positions")


def test_seed__of_every_worker__is_its_own() -> None:
    """Seeds follow from the campaign's, and no two workers or lives share one."""
    seeds = [seed_of(7, worker, life) for worker in (1, 2, 3) for life in (0, 1)]
    assert len(set(seeds)) == len(seeds)
    assert seeds == [seed_of(7, worker, life) for worker in (1, 2, 3) for life in (0, 1)]
    assert seed_of(8, 1, 0) not in seeds
