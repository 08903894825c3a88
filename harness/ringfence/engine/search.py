"""The search: propose a run, carry it out, keep what it reached, and make a finding of what it violates."""

from collections.abc import Callable, Collection
from contextlib import suppress
from math import inf
from pathlib import Path
from random import Random
from time import monotonic, process_time
from typing import Final

from ringfence.engine.budget import Budget
from ringfence.engine.executors import ComparedExecutor, Executor
from ringfence.engine.features import Tracer
from ringfence.engine.findings import finding_of, located, reproduced, shrunk, unrepeatable
from ringfence.engine.fixtures import Fixtures
from ringfence.engine.generators.generator import Generator
from ringfence.engine.guard import StepTooLate
from ringfence.engine.objective import Objective, Violations
from ringfence.engine.proposals import GuidedProposals, Proposal, Proposals
from ringfence.engine.result import SearchResult
from ringfence.engine.run import Run, RunOver
from ringfence.engine.system import MODEL, System
from ringfence.engine.target import Target
from ringfence.types.actions import CallSequence
from ringfence.types.errors import AdapterFault, RingfenceError
from ringfence.types.finding import CauseKey

CHECKED_EVERY: Final = 4  # steps that are only compared for one that every property looks at
LONGER: Final = 2  # times: a fresh run that is only compared, which costs a tenth
SECONDS_TO_SHRINK: Final = 2  # after the time of a search is spent


class Unconfirmed(RingfenceError):
    """A mismatch that a replay does not show. The message is one sentence."""


class Search:
    """Searches one vault in some of its markets, in one process, from call to call of ``run``.

    Its draws depend on the seed and on what the corpus had at the start; what another campaign puts into the
    same folder meanwhile changes them.
    """

    def __init__(
        self,
        target: Target,
        seed: int,
        *,
        markets: tuple[str, ...] = (),
        corpus: Path | None = None,
        objective: Objective | None = None,
        known: Collection[CauseKey] = (),
        proposals: Callable[["Search"], Proposals] | None = None,
        tracer: Tracer | None = None,
        at_end: Callable[[System], None] = lambda system: None,
        is_checked: bool = True,
        is_compared: bool = True,
    ) -> None:
        """Read the corpus, whose sequences are done first; without a folder it lives in memory.

        What has a ``known`` cause is no finding.

        Without ``is_checked`` a vault that can be compared fast is only compared; without ``is_compared``
        every step is checked by all properties; without both, what the vault shows is compared with its
        reference model's, and nothing else. ``at_end`` is called after each run that violates nothing,
        where a system carried it out; what it raises ends the search. Raises AdapterFault, BadCorpus.
        """
        self.target, self.seed, self.random = target, seed, Random(seed)
        self.markets = {name: target.market(name) for name in markets or target.markets}
        self.objective: Objective = objective or Violations()
        self._is_checked, self._is_compared, self._at_end = is_checked, is_compared, at_end
        self.fixtures = Fixtures(
            target, self.objective.wants, self.random, is_checked=is_checked, is_compared=is_compared
        )
        self._generators: dict[tuple[str, bool], Generator] = {}
        self._features = {name: target.features(name) for name in self.markets}
        self._causes = set(known)
        self._deadline = inf
        self._balance = 0  # compared steps that are not yet matched by checked ones
        self.result = SearchResult(seed)
        self.proposals = (proposals or (lambda search: GuidedProposals(search, corpus, tracer)))(self)

    def run(
        self, budget: Budget, progress: Callable[[SearchResult], None] = lambda result: None
    ) -> SearchResult:
        """Search until the budget is spent or the objective is met; return what this call has done.

        A run that was begun is ended, so that a few more steps may be done. ``progress`` is called after
        every run. An interrupt by the user ends the call. Raises Unconfirmed.
        """
        self.result = result = SearchResult(self.seed)
        begun, cpu = monotonic(), process_time()
        self._cpu, self._deadline = cpu, budget.deadline(begun)
        try:
            while not budget.is_spent(result.stats, monotonic() - begun):
                self.fixtures.limit(self._deadline)
                with suppress(StepTooLate):
                    self._round()
                progress(result)
                if result.findings and self.objective.is_met_by_one:
                    break
        except AdapterFault as fault:
            result.fault = str(fault)
        except KeyboardInterrupt:
            result.is_interrupted = True
        finally:
            self.fixtures.limit(inf)
        self.proposals.flush()
        result.seconds, result.processor_seconds = monotonic() - begun, process_time() - cpu
        self.fixtures.count(result)
        result.missing = self.target.missing(result.stats)
        result.entries, result.problem = len(self.proposals), self.proposals.problem
        return result

    def system(self, market: str) -> System:
        """Return a market's system; raises AdapterFault."""
        return self.fixtures.system(market)

    def perform(self, proposal: Proposal, executor: Executor, *, is_compared: bool) -> Run:
        """Carry out a proposal: the steps of its plan, and what is generated after them."""
        market = proposal.market
        run = Run(executor, self._features[market], self.result.stats, self.objective, self.target.limits)
        generator = self._generator(market, is_compared)
        generator.start(executor, run.do)
        stats, before = self.result.stats, self.result.steps
        system = None if is_compared else self.system(market)
        sent, tried = (system.messages, system.tried) if system else (0, 0)
        with suppress(RunOver):
            self._play(proposal, run, generator)
        if system:
            stats.checked += self.result.steps - before
            stats.messages += system.messages - sent
            stats.tried += system.tried - tried
        return run

    def _play(self, proposal: Proposal, run: Run, generator: Generator) -> None:
        if run.executor.found is not None:
            return
        for each in proposal.plan:
            if each is None:
                generator.play()
            else:
                done = len(run.steps)
                generator.repeat(each.named())
                each.note(run.opened[-1] if len(run.steps) > done else None)
        longer = LONGER if isinstance(run.executor, ComparedExecutor) and not proposal.plan else 1
        for _ in range(proposal.length * longer):
            generator.play()
        run.executor.finish()

    def _round(self) -> None:
        """Carry out one proposal, and keep what came of it."""
        proposal = self.proposals.next()
        is_compared = self._compares(proposal.market)
        executor = self.fixtures.executor(proposal.market, is_compared=is_compared)
        run = self.perform(proposal, executor, is_compared=is_compared)
        self.result.markets[proposal.market] += len(run.steps)
        self._balance += len(run.steps) * (1 if is_compared else -CHECKED_EVERY)
        self.proposals.learn(proposal, run)
        if run.executor.found is not None:
            self._found(proposal.market, run.sequence, run.executor.found.property_id)
        elif not is_compared:
            self._at_end(self.system(proposal.market))

    def _compares(self, market: str) -> bool:
        """Return whether the next run is only compared; properties look at one step in five."""
        if not self._is_compared or self.fixtures.comparison(market) is None:
            return False
        return not self._is_checked or self._balance < CHECKED_EVERY * 100

    def _generator(self, market: str, is_compared: bool) -> Generator:
        key = market, is_compared
        if key not in self._generators:
            self._generators[key] = self.target.generator(market, lambda: self.system(market), self.random)
        return self._generators[key]

    def forget_causes(self) -> None:
        """Let causes that were found be found again."""
        self._causes.clear()

    def _found(self, market: str, sequence: CallSequence, property_id: str) -> None:
        """Make a finding, unless its cause is known: what is done for that is not counted."""
        seen_at = self.result.steps, process_time() - self._cpu
        system = self.system(market)
        self.fixtures.limit(inf)
        if property_id == MODEL:
            property_id = self._named(system, sequence)
        cause = reproduced(system, sequence, property_id)
        if cause is None:
            self._not_again(system, sequence, property_id)
            return
        cause = located(system, cause)
        self.result.seen[cause] += 1
        if cause in self._causes:
            return
        self._causes.add(cause)
        self.result.found_at[cause] = seen_at
        ended = system.sequence
        try:
            self.fixtures.limit(self._deadline + SECONDS_TO_SHRINK)
            shortest = shrunk(system, ended, cause)
        except KeyboardInterrupt:
            shortest, self.result.is_interrupted = ended, True
        self.fixtures.limit(inf)
        finding = finding_of(system, self.target.name, self.seed, shortest, property_id)
        assert finding is not None, "what was just shrunk fails"
        self.result.findings[cause] = finding
        if self.result.is_interrupted:
            raise KeyboardInterrupt

    def _named(self, system: System, sequence: CallSequence) -> str:
        """Return the property that a sequence with a mismatch violates; ``MODEL`` without one."""
        found = [each.property_id for each in system.carry_out(sequence) if self.objective.wants(each)]
        return next((each for each in found if each != MODEL), MODEL)

    def _not_again(self, system: System, sequence: CallSequence, property_id: str) -> None:
        """Say that a violation was seen that a repeated sequence does not show; raises."""
        if property_id != MODEL:
            raise AdapterFault(unrepeatable(system, property_id))
        steps, market = "\n".join(map(repr, sequence)), system.market.name
        raise Unconfirmed(f"Vault and model seemed to differ in market {market} after\n{steps}")
