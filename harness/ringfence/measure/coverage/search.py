"""One search of an instrumented vault, and what it reaches of the sources."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Final

from ringfence.engine.budget import Budget
from ringfence.engine.corpus.corpus import BadCorpus, Corpus
from ringfence.engine.corpus.entry import Entry
from ringfence.engine.objective import Violations
from ringfence.engine.proposals import GuidedProposals
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.system import MODEL
from ringfence.measure.coverage.target import InstrumentedTarget
from ringfence.types.errors import AdapterFault

COUNTED_EVERY: Final = 0.5  # seconds: counting hits takes milliseconds
DEPLOYMENTS: Final = 3  # after a run
RUNS_A_VIEW: Final = 4  # all views of a market take as long as a run
MISMATCHES: Final = Violations({MODEL})  # a violation is the campaign's business; here it ends no run


class OtherMismatch(Exception):
    """A view or a deployment differs from the reference model's. The message is a line."""


class CoverageSearch:
    """Searches, next to the reference model if there is one, and compares views and deployments now and then.

    With a corpus it carries out its sequences, and nothing else. ``hits`` were counted last.
    """

    def __init__(self, target: InstrumentedTarget, seed: int, corpus: Path | None = None) -> None:
        """Read the corpus; raises BadCorpus."""
        self.target, self.hits = target, frozenset[int]()
        self._search = Search(target, seed, objective=MISMATCHES, is_checked=False)
        self._deployments = target.deployments(seed)
        self._stored = _stored(target, corpus) if corpus else None
        assert isinstance(self._search.proposals, GuidedProposals)
        self._search.proposals.first(self._stored or ())

    def run(
        self, budget: Budget, progress: Callable[[SearchResult], None] = lambda result: None
    ) -> tuple[SearchResult, str]:
        """Search until the budget is spent, the corpus is done, or the user interrupts.

        Return what was done, and the mismatch that ended it before its time, a sentence. Raises AdapterFault.
        """
        counted = begun = monotonic()
        problem = ""

        def after_run(result: SearchResult) -> None:
            nonlocal counted
            if self._stored is None:
                self._compare_others(result.runs)
            if monotonic() - counted >= COUNTED_EVERY:
                counted, self.hits = monotonic(), self.target.hits()
            progress(result)

        runs = budget.runs if self._stored is None else len(self._stored)
        try:
            result = self._search.run(Budget(runs, budget.seconds, budget.steps), after_run)
        except OtherMismatch as mismatch:
            result, problem = self._search.result, f"Vault and model answer differently: {mismatch}."
            result.seconds = monotonic() - begun
        if result.fault:
            raise AdapterFault(result.fault)
        for found in result.findings.values():
            problem = f"Vault and model differ in market {found.market.name}: {found.first_difference}."
        return result, problem

    def _compare_others(self, runs: int) -> None:
        """Deploy some vaults, and ask every view now and then; raises OtherMismatch."""
        for mismatches in islice(self._deployments, DEPLOYMENTS):
            for mismatch in mismatches:
                raise OtherMismatch(mismatch)
        for each in self.target.comparisons if runs % RUNS_A_VIEW == 0 else ():
            for mismatch in self.target.measurements.view_mismatches(each.workspace, each.model):
                raise OtherMismatch(mismatch)


def _stored(target: InstrumentedTarget, folder: Path) -> list[Entry]:
    """Return the sequences of a corpus, none of which is to be shrunk; raises BadCorpus."""
    if not folder.is_dir():
        raise BadCorpus(f"{folder}: there is no such folder.")
    corpus = Corpus(target.code, target.markets.values(), folder, target.actions)
    return [Entry.of(each.market, each.sequence, (), is_shrunk=True) for each in corpus.fresh()]
