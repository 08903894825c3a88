"""Each example vault, and ours, under forge's invariant runner, as the comparison of both runs it."""

from collections.abc import Callable
from functools import cache

import pytest

from bench.side_by_side import forge
from bench.side_by_side.chosen import our_vault
from bench.side_by_side.examples import examples
from bench.side_by_side.forge import PROJECT, Handlers
from bench.side_by_side.subject import Case, Subject

SUBJECTS = {subject.name: subject for subject in examples()}
FOUND = {
    "lending-market": "BadDebtStaysInTheSupply",
    "notional-vault": "MissingOwnerCheck",
    "skew-funding": "FundingPaidToNobody",
    "two-step-orders": "ExpiredOrderExecuted",
}
CALLS, SECONDS = 2_000, 60.0


@pytest.fixture(scope="module")
def handlers() -> Callable[[Subject, Case], Handlers]:
    forge.build()
    return cache(Handlers)


def test_examples__with_seeded_bugs__have_handlers() -> None:
    for subject in SUBJECTS.values():
        assert {"Handler.sol", "Invariants.t.sol"} <= {
            file.name for file in (PROJECT / "test" / subject.handlers).iterdir()
        }
        assert subject.cases


@pytest.mark.slow
@pytest.mark.parametrize("name", SUBJECTS)
def test_forge__sound_vault__finds_nothing(name: str, handlers: Callable[[Subject, Case], Handlers]) -> None:
    subject = SUBJECTS[name]
    assert handlers(subject, subject.sound).rate(1, CALLS) > 0


@pytest.mark.slow
def test_forge__our_own_vault__finds_nothing(handlers: Callable[[Subject, Case], Handlers]) -> None:
    """The handlers follow the rules: what they say of a sound vault, forge does not find broken."""
    subject = our_vault()
    assert handlers(subject, subject.sound).rate(1, CALLS) > 0


@pytest.mark.slow
@pytest.mark.parametrize(("name", "bug"), FOUND.items())
def test_forge__seeded_bug__is_found(
    name: str, bug: str, handlers: Callable[[Subject, Case], Handlers]
) -> None:
    subject = SUBJECTS[name]
    (case,) = (each for each in subject.cases if each.name == bug)
    assert handlers(subject, case).search(1, SECONDS).seconds is not None
