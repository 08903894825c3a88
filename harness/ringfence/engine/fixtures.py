"""What a search works with in each market: systems, executors and comparisons, started when first needed."""

from collections import Counter
from collections.abc import Callable
from math import inf
from random import Random

from ringfence.engine.canary import Canaries, tampered
from ringfence.engine.comparison import FastComparison, Mismatched
from ringfence.engine.executors import CheckedExecutor, ComparedExecutor, Executor
from ringfence.engine.guard import ValidatedVault
from ringfence.engine.result import SearchResult
from ringfence.engine.speculation import Speculation
from ringfence.engine.storage_watch import StorageWatch, Tries
from ringfence.engine.system import System
from ringfence.engine.target import Target
from ringfence.properties import Violation
from ringfence.types.outcome import Done


class Fixtures:
    """The started markets of one vault.

    Without ``is_checked`` no property is looked at where there is a comparison; without ``is_compared``
    there is none; without both no property is looked at anywhere.
    """

    def __init__(
        self,
        target: Target,
        wanted: Callable[[Violation], bool],
        random: Random,
        *,
        is_checked: bool,
        is_compared: bool,
    ) -> None:
        """Start nothing yet. ``wanted`` and ``random`` are for the executors."""
        self._target, self._wanted, self._random = target, wanted, random
        self._is_checked, self._is_compared = is_checked, is_compared
        self._systems: dict[str, System] = {}
        self._checked: dict[str, CheckedExecutor] = {}
        self._comparisons: dict[str, FastComparison | None] = {}
        self._storage: dict[str, StorageWatch] = {}
        self._tries = Tries()
        self._deadline = inf
        self._tested: Counter[str] = Counter()  # when it was last counted
        self._words = 0

    def system(self, market: str) -> System:
        """Return a market's system, started when it is first asked for; raises AdapterFault."""
        if market not in self._systems:
            self._systems[market] = system = self._target.system(market)
            self.limit(self._deadline)
            if not (self._is_checked or self._is_compared):
                system.checker = system.checker.only()
        return self._systems[market]

    def comparison(self, market: str) -> FastComparison | None:
        """Return a market's comparison of words; None without one, or when it differs from the opening on."""
        if not (self._is_checked or self._is_compared):
            return None  # words that no observation shows may differ
        if market not in self._comparisons:
            try:
                self._comparisons[market] = self._target.comparison(market)
            except Mismatched:
                self._comparisons[market] = None  # the system shows it at its opening
        return self._comparisons[market]

    def executor(self, market: str, *, is_compared: bool) -> Executor:
        """Return where a run takes place; where nothing can be compared, all is checked."""
        comparison = self.comparison(market) if is_compared else None
        if comparison is not None:
            return ComparedExecutor(comparison)
        if market not in self._checked:
            system = self.system(market)
            is_limited = self.comparison(market) is None
            speculation = Speculation(self._random, system, is_limited=is_limited)
            watch = self._watch(market, system)
            self._checked[market] = CheckedExecutor(system, self._wanted, speculation, watch)
        return self._checked[market]

    def limit(self, deadline: float) -> None:
        """Have no vault carry out a step after ``deadline``, on the clock of ``monotonic``."""
        self._deadline = deadline
        for system in self._systems.values():
            if isinstance(system.vault, ValidatedVault):
                system.vault.deadline = deadline

    def count(self, result: SearchResult) -> None:
        """Bring into a result what was counted since the last time."""
        checkers = [system.checker for system in self._systems.values()]
        tested = sum((checker.tested for checker in checkers), Counter[str]())
        words = sum(watch.checked for watch in self._storage.values())
        result.tested, result.words_checked = tested - self._tested, words - self._words
        self._tested, self._words = tested, words
        result.applicable = frozenset[str]().union(*(checker.applicable for checker in checkers))
        for checker in checkers:
            result.lacking |= checker.missing
        result.unseen = {
            place: unseen for watch in self._storage.values() for place, unseen in watch.unseen.items()
        }
        result.canaries = self._canaries()

    def _watch(self, market: str, system: System) -> StorageWatch | None:
        if not (self._is_checked and isinstance(system.vault, ValidatedVault)):
            return None
        self._storage[market] = watch = StorageWatch(system.vault, self._tries)
        return watch

    def _canaries(self) -> Canaries:
        """Return whether a violation would have been seen, and a mismatch with the reference."""
        checkers = [system.checker for system in self._systems.values() if system.checker.tested]
        seen = [_sees_mismatches(system) for system in self._systems.values() if system.reference]
        seen += [not each.is_blind for each in self._comparisons.values() if each]
        return Canaries(
            violation=not any(checker.is_blind for checker in checkers) if checkers else None,
            comparison=all(seen) if seen else None,
        )


def _sees_mismatches(system: System) -> bool:
    """Return whether a state that is one token off, or one more than is tolerated, differs from the
    reference's.
    """
    assert system.reference is not None
    same, state = Done(None, ()), system.reference.observe()
    off = 1 + max(system.tolerances.values(), default=0)
    return bool(system.differences("", (same, same), (state, tampered(state, off))))
