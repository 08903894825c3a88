"""The search for a program that breaks one law: rules played at random, then the program made short."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from random import Random
from time import process_time
from typing import Final

from ringfence.engine.arena import Arena
from ringfence.engine.canary import Canaries, is_blind
from ringfence.engine.contest import Contest
from ringfence.engine.generators.rules import chosen_rules
from ringfence.engine.shrink import minimise
from ringfence.properties import BY_ID, PROPERTIES, Checker, Violation
from ringfence.properties.history import opened_by
from ringfence.types.actions import CallSequence
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.rules import AllRules

LENGTHS: Final = (4, 8, 16, 32)  # steps of a run
PROBED: Final = 0.06  # of all probes, after each step


@dataclass(frozen=True, slots=True)
class Catch:
    """A law that was broken, and the shortest program that breaks it from the market's opening.

    ``also`` are the other laws that the program breaks, ``differs`` where the vault leaves its model.
    ``steps`` and ``seconds`` are the search's, ``shortening`` the seconds that came after.
    """

    law: str
    complaint: str
    market: str
    program: CallSequence
    also: tuple[str, ...]
    differs: tuple[str, ...]
    steps: int
    seconds: float
    shortening: float


class Hunt:
    """Runs of random rules on the vaults that ``start`` gives, one for each market."""

    def __init__(
        self, start: Callable[[MarketSetup], Contest], setups: Iterable[MarketSetup], seed: int
    ) -> None:
        self.steps = 0
        self._but: Set[str] = frozenset()
        self._random = Random(seed)
        self._contests: dict[str, Contest] = {}
        self._arena = Arena(lambda setup: self._contests.setdefault(setup.name, start(setup)), setups)
        self._player = AllRules()

    def catches(
        self, law: str | None, seconds: float, steps: int | None = None, *, but: Set[str] = frozenset()
    ) -> Iterator[Catch]:
        """Yield programs that break a law, or any if none is named, as they are found.

        The search ends after some seconds of this process, or some steps if they are limited. ``but``: laws
        that are not searched for when none is named.
        """
        begun, self._but = process_time(), but
        while process_time() < begun + seconds and (steps is None or self.steps < steps):
            market = self._random.choice(list(self._arena.setups))
            program = self._run(market, law)
            if program is not None:
                broken = law or self._wanted(self._broken_at(market))[0]
                yield self.shortened(broken, market, program, process_time() - begun)

    def long_program(self, law: str, market: str, rules_played: int) -> CallSequence:
        """Return a program of so many random rules that breaks a law somewhere; tries until one does."""
        while True:
            contest = self._contest(market)
            self._play(contest, rules_played, lambda: False)
            if law in contest.watched.broken_at:
                return tuple(contest.steps)

    @property
    def tested(self) -> Counter[str]:
        """Return how often each law was put to the test."""
        return sum((checker.tested for checker in self._checkers), Counter[str]())

    @property
    def untested(self) -> list[str]:
        """Return the laws that apply in some market and were never put to the test."""
        applicable = frozenset[str]().union(*(checker.applicable for checker in self._checkers))
        return [law.id for law in PROPERTIES if law.id in applicable and not self.tested[law.id]]

    @property
    def never_applicable(self) -> frozenset[str]:
        """Return the laws that apply in no market."""
        return frozenset(BY_ID).difference(*(checker.applicable for checker in self._checkers))

    @property
    def canaries(self) -> Canaries:
        """Return whether a violation would have been seen, and a difference from the model."""
        contests = self._contests.values()
        checkers = [checker for checker in self._checkers if checker.tested]
        return Canaries(
            law=not any(checker.is_blind for checker in checkers) if checkers else None,
            comparison=not any(is_blind(each.vault, each.model) for each in contests) if contests else None,
        )

    @property
    def _checkers(self) -> list[Checker]:
        return [contest.watched.inspection.checker for contest in self._contests.values()]

    def _broken_at(self, market: str) -> dict[str, int]:
        return self._contests[market].watched.broken_at

    def _run(self, market: str, law: str | None) -> CallSequence | None:
        """Play rules from a market's opening; return the program as far as it breaks the law, if it does."""
        contest = self._contest(market)
        broken_at = contest.watched.broken_at
        if not self._play(
            contest, self._random.choice(LENGTHS), lambda: self._first(law, broken_at) is not None
        ):
            contest.watched.note(contest.watched.inspection.relive())
        broken = self._first(law, broken_at)
        return None if broken is None else tuple(contest.steps[:broken])

    def _play(self, contest: Contest, rules_played: int, is_over: Callable[[], bool]) -> bool:
        """Play some of the rules, so many times or until it is over; return whether it is."""
        chosen = chosen_rules(AllRules, self._random)
        for _ in range(rules_played):
            if is_over():
                break
            self._random.choice(chosen).play(self._player, self._random)
        self.steps += len(contest.steps)
        return is_over()

    def _first(self, law: str | None, broken_at: dict[str, int]) -> int | None:
        """Return after how many steps a law was broken, or the first of any that is wanted."""
        if law:
            return broken_at.get(law)
        return min((at for each, at in broken_at.items() if each not in self._but), default=None)

    def _contest(self, market: str) -> Contest:
        """Return a market at its opening."""
        self._arena.enter(market)
        contest = self._contests[market]
        contest.watched.chosen = self._chosen
        self._player.start(self._arena.setups[market], contest.model, lambda step, scene: contest.apply(step))
        return contest

    def _chosen(self) -> bool:
        return self._random.random() < PROBED

    def _replay(self, market: str, program: CallSequence) -> list[Violation]:
        """Run a program from a market's opening to its end; return all that was broken."""
        self._arena.enter(market)
        contest = self._contests[market]
        contest.watched.chosen = lambda: False
        contest.run(program)
        return contest.end()

    def broken_by(self, market: str, program: CallSequence) -> list[str]:
        """Return the laws that a program breaks, the first broken first."""
        self._replay(market, program)
        return self._wanted(self._broken_at(market))

    def _wanted(self, broken_at: dict[str, int]) -> list[str]:
        return sorted(broken_at.keys() - self._but, key=lambda law: (broken_at[law], law))

    def shortened(self, law: str, market: str, program: CallSequence, seconds: float) -> Catch:
        """Return the shortest program that breaks a law as this one does, found in ``seconds``."""
        begun = process_time()
        contest = self._contests[market]
        inspection = contest.watched.inspection
        checker, inspection.checker = inspection.checker, inspection.checker.only(law)

        def attempt(candidate: CallSequence) -> Sequence[int | None] | None:
            is_broken = any(violation.property_id == law for violation in self._replay(market, candidate))
            return opened_by(inspection.transitions) if is_broken else None

        shortest = minimise(program, attempt, first_answer=self._arena.setups[market].answer)
        inspection.checker = checker
        found = self._replay(market, shortest)
        return Catch(
            law=law,
            complaint=next(violation.message for violation in found if violation.property_id == law),
            market=market,
            program=shortest,
            also=tuple(sorted({violation.property_id for violation in found} - {law})),
            differs=contest.differences,
            steps=self.steps,
            seconds=seconds,
            shortening=process_time() - begun,
        )
