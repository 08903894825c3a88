"""The list of equivalent mutants is itself checked."""

from pathlib import Path

import pytest
import yaml
from ringfence.measure.mutation.equivalents import equivalents_in, mistakes
from ringfence.measure.mutation.verdict import Detection, Fate, Verdict
from ringfence.vaults.isolated_margin.measurements import OurMeasurements
from ringfence.vaults.isolated_margin.yaml_file import BadFile

from tests.mutants.paper_target import SOURCES, mutants

MUTANT = mutants()[0]
ENTRY = {"mutant": MUTANT.id, "change": MUTANT.change(SOURCES), "why": "The other value is never read again."}


@pytest.mark.parametrize(
    ("changes", "fate", "wrong"),
    [
        ({}, Fate.SURVIVED, ""),
        ({}, Fate.KILLED, "ISO-1 notices it; take it off the list."),
        ({}, Fate.SAME_CODE, "it needs no argument (equal bytecode); take it off the list."),
        ({}, Fate.INVALID, "it needs no argument (does not compile); take it off the list."),
        ({"mutant": "00000000"}, None, "there is no such mutant any more; take it off the list."),
        ({"change": "x -> y"}, None, f"its change is `{ENTRY['change']}`, not what the list says."),
    ],
)
def test_list__of_anything_but_survivors__is_refused(
    tmp_path: Path, changes: dict[str, str], fate: Fate | None, wrong: str
) -> None:
    """Sources change, and arguments with them; what is noticed needs none."""
    path = tmp_path / "equivalent.yaml"
    path.write_text(yaml.safe_dump([ENTRY | changes]))
    found = Detection("ISO-1", "", "") if fate is Fate.KILLED else None
    verdicts = {MUTANT.id: Verdict(MUTANT.id, fate, "", 0.0, found)} if fate else {}
    expected = [f"{(ENTRY | changes)['mutant']}: {wrong}"] if wrong else []
    assert mistakes(equivalents_in(path), mutants(), verdicts, SOURCES) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- {mutant: a", "line 1: this is no YAML"),
        ("mutant: a", "line 1: the file has to be a list"),
        ("- {mutant: a, change: b}", "line 1: the key 'why' is missing"),
        (
            "- {mutant: a, change: b, why: It is fine.}",
            "line 1: why is 'It is fine.', and has to be five words at least",
        ),
    ],
)
def test_list__unreadable__is_refused_in_one_sentence(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "equivalent.yaml"
    path.write_text(text)
    with pytest.raises(BadFile, match=reason):
        equivalents_in(path)


def test_our_list__is_readable() -> None:
    assert equivalents_in(OurMeasurements.equivalent_mutants)
