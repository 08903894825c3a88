"""Our search: what a worker of `ringfence campaign` does, the explorer and the laws by turns."""

from dataclasses import dataclass
from time import process_time
from typing import Final

from ringfence.engine.arena import Pair
from ringfence.engine.contest import Contest
from ringfence.engine.explorer import Explorer
from ringfence.engine.workers.searcher import Searcher, Turn
from ringfence.vaults.isolated_margin.fast import OwnVault
from ringfence.vaults.isolated_margin.fast.market import DirectMarket
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.seeded_bugs import Specimen

from bench.side_by_side.chosen import HONEST, compiled, setups_of
from bench.side_by_side.found import Search

OURS: Final = "ours"
STEPS_A_TURN: Final = 400
STEPS_OF_RATE: Final = 40_000


@dataclass
class Timed:
    """A subject that tells how long its markets took to start, and when a difference was first seen.

    The time that starting took until then is not in ``seen_at``.
    """

    subject: OwnVault
    starting: float = 0.0
    seen_at: float | None = None

    @property
    def code(self) -> str:
        """Return the vault's."""
        return self.subject.code

    def direct(self, setup: MarketSetup) -> DirectMarket:
        """Start a market to explore."""
        begun = process_time()
        try:
            return self.subject.direct(setup)
        finally:
            self.starting += process_time() - begun

    def pair(self, setup: MarketSetup) -> Pair:
        """Start a market to tell a difference in: it has been seen now."""
        if self.seen_at is None:
            self.seen_at = process_time() - self.starting
        return self.subject.pair(setup)

    def contest(self, setup: MarketSetup) -> Contest:
        """Start a market that laws look at."""
        begun = process_time()
        try:
            return self.subject.contest(setup)
        finally:
            self.starting += process_time() - begun


def search(specimen: Specimen, seed: int, limit: float) -> Search:
    """Search until something is found, or for so many seconds of this process."""
    timed = Timed(compiled(specimen))
    searcher = Searcher(timed, setups_of(specimen), seed)
    begun, steps = process_time(), 0
    while process_time() - begun - timed.starting < limit:
        turn = searcher.turn(STEPS_A_TURN)
        steps += turn.steps
        if turn.found:
            return Search(OURS, specimen.name, seed, _seconds(timed, turn, begun), steps, _told(turn))
    return Search(OURS, specimen.name, seed, None, None, "")


def _seconds(timed: Timed, turn: Turn, begun: float) -> float:
    """Return the seconds until a turn found something, without starting markets and shortening."""
    if timed.seen_at is not None:
        return timed.seen_at - begun
    return process_time() - turn.catches[0].shortening - begun - timed.starting


def _told(turn: Turn) -> str:
    if turn.explored.disagreements:
        found = turn.explored.disagreements[0]
        return found.differences[0].partition(":")[0].partition("[")[0]
    return turn.catches[0].law


def rate() -> float:
    """Return the explorer's steps a second of this process, all compared, on the unbroken vault."""
    explorer = Explorer(setups_of(HONEST), 1, subject=compiled(HONEST))
    explorer.run(steps=STEPS_OF_RATE // 20)
    begun = process_time()
    return explorer.run(steps=STEPS_OF_RATE).steps / (process_time() - begun)
