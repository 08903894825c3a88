"""The search for a program that breaks one law: rules played at random, then the program made short."""

from collections.abc import Callable, Iterable, Sequence
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
        self.steps = 0
        self._random = Random(seed)
        self._contests: dict[str, Contest] = {}
        self._arena = Arena(lambda setup: self._contests.setdefault(setup.name, start(setup)), setups)
        self._machine = type("Machine", (HuntingMachine,), {"arena": self._arena})

    def search(self, law: str, seconds: float) -> Catch | None:
        """Return the first breach of a law that is found within some seconds."""
        begun = process_time()
        while process_time() < begun + seconds:
            market = self._random.choice(list(self._arena.setups))
            program = self._run(market, law)
            if program is not None:
                return self._catch(law, market, program, process_time() - begun)
        return None

    def _run(self, market: str, law: str) -> Program | None:
        """Play rules from a market's opening; return the program as far as it breaks the law, if it does."""
        machine = self._machine()
        machine.enter(market)
        contest = self._contests[market]
        inspection = contest.watched.inspection
        if _broken(law, inspection.probe_origin()):
            return ()
        rules = [rule for rule in _rules() if self._random.random() < RULES_IN_USE]
        for _ in range(self._random.choice(LENGTHS) if rules else 0):
            self._play(machine, self._random.choice(rules))
            if _broken(law, contest.breaches + inspection.probe(self._chosen)):
                return tuple(contest.steps)
        program = tuple(contest.steps)
        return program if _broken(law, inspection.relive()) else None

    def _chosen(self) -> bool:
        return self._random.random() < PROBED

    def _replay(self, market: str, program: Program) -> list[Breach]:
        """Run a program from a market's opening, probe its end and relive it; return all that was broken."""
        self._arena.enter(market)
        contest = self._contests[market]
        found = contest.watched.inspection.probe_origin()
        for step in program:
            contest.apply(step)
        return found + contest.breaches + contest.watched.inspection.end()

    def _play(self, machine: HuntingMachine, chosen: Rule) -> None:
        rule, draws = chosen
        rule(machine, **{name: draw(self._random) for name, draw in draws.items()})
        self.steps += 1

    def _catch(self, law: str, market: str, program: Program, seconds: float) -> Catch:
        begun = process_time()
        contest = self._contests[market]
        inspection = contest.watched.inspection
        watched, inspection.watch = inspection.watch, _watch_alone(law, inspection.abilities)

        def attempt(candidate: Program) -> Sequence[int | None] | None:
            broken = _broken(law, self._replay(market, candidate))
            return opened_by(inspection.transitions) if broken else None

        shortest = minimise(program, attempt)
        shortening, inspection.watch = process_time() - begun, watched
        found = self._replay(market, shortest)
        return Catch(
            law=law,
            complaint=next(breach.complaint for breach in found if breach.law == law),
            market=market,
            program=shortest,
            also=tuple(sorted({breach.law for breach in found} - {law})),
            differs=contest.differences,
            steps=self.steps,
            seconds=seconds,
            shortening=shortening,
        )


def _watch_alone(law: str, abilities: frozenset[Ability]) -> Watch:
    return Watch([PROPERTIES[law]] if law in PROPERTIES else [], abilities)


def _broken(law: str, breaches: Iterable[Breach]) -> bool:
    return any(breach.law == law for breach in breaches)


@cache
def _rules() -> list[Rule]:
    """Return every rule of the machine that can do everything, as often as it is listed there."""
    return [
        (rule.function, {name: drawing(strategy) for name, strategy in rule.arguments.items()})
        for rule in HuntingMachine().rules
    ]
