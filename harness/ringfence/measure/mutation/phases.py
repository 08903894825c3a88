"""What may notice a mutant: one phase after another, until one does."""

import json
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from random import Random
from time import process_time
from typing import Final

from ringfence.engine.budget import Budget
from ringfence.engine.corpus.entry import Entry
from ringfence.engine.guard import ValidatedVault
from ringfence.engine.objective import Violations
from ringfence.engine.proposals import GuidedProposals
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.system import MODEL, System
from ringfence.evm.projects.rewriting import current_rewriting, rewriting
from ringfence.measure.mutation.fixed_tests import failing_test
from ringfence.measure.mutation.verdict import (
    DEPLOYMENT,
    DEPLOYMENTS,
    FACTORY,
    KNOWN,
    READING,
    SEARCH,
    STORAGE,
    VIEWS,
    Detection,
    KnownSequence,
)
from ringfence.measure.target import MeasuredTarget
from ringfence.types.actions import CallSequence, Step
from ringfence.types.codec import decode, encode
from ringfence.types.finding import CauseKey

MISMATCH: Final = Violations({MODEL})
VIEWED: Final = 0.25  # of all runs, at whose end every view is asked


@dataclass(frozen=True, slots=True)
class PhaseSeconds:
    """How long each phase looks; violations are looked for longer where there is no model."""

    mismatches: float
    deployments: float
    violations: float
    violations_alone: float


MUTANT: Final = PhaseSeconds(5.0, 2.0, 2.0, 10.0)
CHECK: Final = PhaseSeconds(1.0, 1.0, 1.0, 5.0)


class ViewMismatch(Exception):
    """A view answers what the reference model's does not."""

    def __init__(self, found: Detection) -> None:
        super().__init__(found.message)
        self.found = found


@dataclass(eq=False)
class MutantCase:
    """A vault whose sources may be changed, and what it is given: ``file`` is the one that was changed.

    Findings of causes that are ``passed_over`` notice nothing: the unchanged vault has them.
    """

    target: MeasuredTarget
    killers: Sequence[KnownSequence]
    seed: int
    seconds: PhaseSeconds
    file: str = ""
    passed_over: Collection[CauseKey] = ()

    def __post_init__(self) -> None:
        self._random, self._ended = Random(self.seed), 0

    @cached_property
    def has_reference(self) -> bool:
        """Return whether there is a model to compare with; raises what stands in the way of a start."""
        return self.target.system(next(iter(self.target.markets))).reference is not None

    @cached_property
    def known(self) -> list[Entry]:
        """Return the sequences of the vault's own corpus, and those that killed other mutants."""

        def sequence(text: str) -> CallSequence:
            return tuple(decode(step, Step, self.target.actions) for step in json.loads(text))

        killers = [(each.market, sequence(each.sequence)) for each in self.killers]
        every = (*self.target.measurements.corpus(), *killers)
        return [Entry.of(market, steps, (), is_shrunk=True) for market, steps in every if steps]

    def search(self, search: Search, known: Sequence[Entry], seconds: float) -> Detection | None:
        """Return what a search finds in known sequences, or else within some seconds of processor time."""
        assert isinstance(search.proposals, GuidedProposals)
        search.proposals.first(known)
        found, end = self._in(search.run(Budget(len(known), None)), KNOWN), process_time() + seconds
        while found is None and (left := end - process_time()) > 0:
            found = self._in(search.run(Budget(None, left)), SEARCH)
        return found

    def ask_views(self, system: System) -> None:
        """Ask every view at the end of a known sequence, and of some others; raises ViewMismatch."""
        self._ended += 1
        phase = KNOWN if self._ended <= len(self.known) else SEARCH
        if phase == KNOWN or self._random.random() < VIEWED:
            assert isinstance(system.vault, ValidatedVault)
            place = phase, system.market.name, system.sequence
            views = self.target.measurements.view_mismatches(system.vault.bench, system.reference)
            for mismatch in views:
                raise ViewMismatch(self._detection(VIEWS, mismatch, *place))

    def _in(self, result: SearchResult, phase: str) -> Detection | None:
        """Return what a search has found, if anything."""
        finding = result.finding
        if finding:
            by = finding.property_id or (MODEL if finding.sequence else DEPLOYMENT)
            broken = finding.cause.broken
            message = broken.message if broken else str(finding.first_difference)
            return self._detection(by, message, phase, finding.market.name, finding.sequence)
        if result.fault:
            return Detection(READING, result.fault, phase)
        return next((Detection(STORAGE, str(unseen), phase) for unseen in result.unseen.values()), None)

    def _detection(self, by: str, message: str, phase: str, market: str, sequence: CallSequence) -> Detection:
        """Return a detection by a sequence, with every property that the sequence violates."""
        violated = {by}
        with suppress(Exception):  # a vault may answer what properties cannot read
            system = self.target.system(market)
            system.speculate_at_origin()
            for step in sequence:
                system.apply(step)
            system.end()
            violated |= {each.property_id for each in system.violations}
        text = json.dumps([encode(step) for step in sequence])
        return Detection(by, message, phase, market, text, tuple(sorted(violated)))


def compare(case: MutantCase) -> Detection | None:
    """Search for a mismatch of what the vault shows with the reference model, views included."""
    if not case.has_reference:
        return None
    search = Search(
        case.target,
        case.seed,
        objective=MISMATCH,
        known=case.passed_over,
        at_end=case.ask_views,
        is_checked=False,
        is_compared=False,
    )
    try:
        return case.search(search, case.known, case.seconds.mismatches)
    except ViewMismatch as mismatch:
        return mismatch.found


def deploy(case: MutantCase) -> Detection | None:
    """Deploy vaults of drawn parameters, as the model would refuse them."""
    end = process_time() + case.seconds.deployments
    for mismatches in case.target.measurements.deployments(case.target.chain(), case.seed):
        for mismatch in mismatches:
            return Detection(FACTORY, mismatch, DEPLOYMENTS)
        if process_time() >= end:
            break
    return None


def check(case: MutantCase) -> Detection | None:
    """Search with every property looking at each step; without a model nothing else looks."""
    search = Search(case.target, case.seed, known=case.passed_over, is_compared=False)
    if case.has_reference:
        return case.search(search, (), case.seconds.violations)
    return case.search(search, case.known, case.seconds.violations_alone)


def run_tests(case: MutantCase) -> Detection | None:
    """Run the vault's own tests of what call sequences cannot show, on deployed code."""
    now, measurements = current_rewriting(), case.target.measurements
    if now is None or not case.file:
        return None
    with rewriting(now.rewrite, is_optimised=True):
        return failing_test(measurements.codes(), measurements.tests_of(case.file))


PHASES: Final[Sequence[Callable[[MutantCase], Detection | None]]] = (compare, deploy, check, run_tests)


def detection(case: MutantCase) -> Detection | None:
    """Return what notices a mutant first.

    All of this works on the unchanged vault, so that a failure is the mutant's doing.
    """
    for phase in PHASES:
        try:
            found = phase(case)
        except Exception as failure:
            by = READING if "has_reference" in vars(case) else DEPLOYMENT
            return Detection(by, f"{type(failure).__name__}: {failure}", phase.__name__)
        if found:
            return found
    return None
