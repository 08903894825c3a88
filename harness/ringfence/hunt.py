"""The search for a program that breaks one law: rules played at random, then the program made short."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from time import process_time
from typing import Final, TypeAlias

from ringfence.actions import Program
from ringfence.arena import Arena
from ringfence.contest import Contest
from ringfence.draws import Draw, drawing
from ringfence.machines.provoking import HuntingMachine
from ringfence.markets import MarketSetup
from ringfence.minimise import minimise
from ringfence.properties import PROPERTIES, Ability, Breach, Watch
from ringfence.properties.history import opened_by

LENGTHS: Final = (4, 8, 16, 32)  # steps of a run
PROBED: Final = 0.06  # of all probes, after each step
RULES_IN_USE: Final = 0.5  # of all rules, in each run: fewer get further

Rule: TypeAlias = tuple[Callable[..., None], dict[str, Draw]]


@dataclass(frozen=True, slots=True)
class Catch:
    """A law that was broken, and the shortest program that breaks it from the market's opening.

    ``also`` are the other laws that the program breaks, ``differs`` where the vault leaves its model.
    ``steps`` and ``seconds`` are the search's, ``shortening`` the seconds that came after.
    """

    law: str
    complaint: str
    market: str
    program: Program
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
        self._random = Random(seed)
        self._contests: dict[str, Contest] = {}
        self._arena = Arena(lambda setup: self._contests.setdefault(setup.name, start(setup)), setups)
        self._machine = type("Machine", (HuntingMachine,), {"arena": self._arena})

    def catches(self, law: str, seconds: float) -> Iterator[Catch]:
        """Yield programs that break a law, as they are found within some seconds of this process."""
        steps, begun = 0, process_time()
        while process_time() < begun + seconds:
            market = self._random.choice(list(self._arena.setups))
            done, program = self._run(market, law)
            steps += done
            if program is not None:
                yield self._shortened(law, market, program, steps, process_time() - begun)

    def _run(self, market: str, law: str) -> tuple[int, Program | None]:
        """Play rules from a market's opening; return how many steps, and the program if it breaks the law."""
        machine = self._machine()
        machine.enter(market)
        contest = self._contests[market]
        contest.watched.chosen = self._chosen
        rules = [rule for rule in _rules() if self._random.random() < RULES_IN_USE]
        for _ in range(self._random.choice(LENGTHS) if rules else 0):
            if law in contest.watched.broken_at:
                break
            rule, draws = self._random.choice(rules)
            rule(machine, **{name: draw(self._random) for name, draw in draws.items()})
        else:
            contest.watched.note(contest.watched.inspection.relive())
        broken_at = contest.watched.broken_at.get(law)
        return len(contest.steps), None if broken_at is None else tuple(contest.steps[:broken_at])

    def _chosen(self) -> bool:
        return self._random.random() < PROBED

    def _replay(self, market: str, program: Program) -> list[Breach]:
        """Run a program from a market's opening to its end; return all that was broken."""
        self._arena.enter(market)
        contest = self._contests[market]
        contest.watched.chosen = lambda: False
        contest.run(program)
        return contest.end()

    def _shortened(self, law: str, market: str, program: Program, steps: int, seconds: float) -> Catch:
        begun = process_time()
        contest = self._contests[market]
        inspection = contest.watched.inspection
        watch, inspection.watch = inspection.watch, _watch_alone(law, inspection.abilities)

        def attempt(candidate: Program) -> Sequence[int | None] | None:
            is_broken = any(breach.law == law for breach in self._replay(market, candidate))
            return opened_by(inspection.transitions) if is_broken else None

        shortest = minimise(program, attempt, first_answer=self._arena.setups[market].answer)
        inspection.watch = watch
        found = self._replay(market, shortest)
        return Catch(
            law=law,
            complaint=next(breach.complaint for breach in found if breach.law == law),
            market=market,
            program=shortest,
            also=tuple(sorted({breach.law for breach in found} - {law})),
            differs=contest.differences,
            steps=steps,
            seconds=seconds,
            shortening=process_time() - begun,
        )


def _watch_alone(law: str, abilities: frozenset[Ability]) -> Watch:
    return Watch([PROPERTIES[law]] if law in PROPERTIES else [], abilities)


@cache
def _rules() -> list[Rule]:
    """Return every rule of the machine that can do everything, as often as it is listed there."""
    return [
        (rule.function, {name: drawing(strategy) for name, strategy in rule.arguments.items()})
        for rule in HuntingMachine().rules
    ]
