"""The list of arguments is itself checked."""

from pathlib import Path

import pytest
import yaml
from ringfence.measure.mutation.argued import OURS, BadList, arguments_in, problems
from ringfence.measure.mutation.verdict import Detection, Fate, Verdict

from tests.mutants.paper_target import SOURCES, mutants

MUTANT = mutants()[0]
CHANGE = MUTANT.change(SOURCES)
WHY = "The other value is never read again."


def listed(tmp_path: Path, **changes: object) -> Path:
    """Write a list of one entry, with something else in it."""
    path = tmp_path / "argued.yaml"
    path.write_text(yaml.safe_dump([{"mutant": MUTANT.id, "change": CHANGE, "why": WHY} | changes]))
    return path


def test_list__of_a_survivor__is_good(tmp_path: Path) -> None:
    """An argument about a mutant that is there and survives is all that is asked for."""
    survived = {MUTANT.id: Verdict(MUTANT.id, Fate.SURVIVED, "", 0.0)}
    assert problems(arguments_in(listed(tmp_path)), mutants(), survived, SOURCES) == []


def test_list__of_a_mutant_that_is_killed__is_refused_with_what_killed_it(tmp_path: Path) -> None:
    """Whoever is told from the vault needs no argument."""
    killed = {MUTANT.id: Verdict(MUTANT.id, Fate.KILLED, "", 0.0, Detection("ISO-1", "", ""))}
    (told,) = problems(arguments_in(listed(tmp_path)), mutants(), killed, SOURCES)
    assert told == f"{MUTANT.id}: ISO-1 tells it from the vault; take it off the list."


@pytest.mark.parametrize("fate", [Fate.EQUIVALENT, Fate.STILLBORN])
def test_list__of_a_mutant_that_needs_no_argument__is_refused(tmp_path: Path, fate: Fate) -> None:
    """Equal bytecode and what does not compile argue for themselves."""
    (told,) = problems(
        arguments_in(listed(tmp_path)), mutants(), {MUTANT.id: Verdict(MUTANT.id, fate, "", 0.0)}, SOURCES
    )
    assert "it needs no argument" in told


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"mutant": "00000000"}, "there is no such mutant"), ({"change": "x -> y"}, "not what the list says")],
)
def test_list__of_what_there_is_not__is_refused(tmp_path: Path, changes: dict[str, str], told: str) -> None:
    """Sources change, and arguments with them."""
    (complaint,) = problems(arguments_in(listed(tmp_path, **changes)), mutants(), {}, SOURCES)
    assert told in complaint


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {mutant: a", "no YAML"),
        ("mutant: a", "a list of entries is wanted"),
        ("- {mutant: a, change: b}", "entry 1: wanted are change, mutant, why"),
        ("- {mutant: a, change: b, why: It is fine.}", "is no argument"),
    ],
)
def test_list__that_can_not_be_read__is_refused_in_one_sentence(tmp_path: Path, text: str, told: str) -> None:
    """The place and what is wanted are named."""
    path = tmp_path / "argued.yaml"
    path.write_text(text)
    with pytest.raises(BadList, match=told):
        arguments_in(path)


def test_our_list__is_readable() -> None:
    """The committed list is one."""
    assert all(argument.why for argument in arguments_in(OURS).values())
