"""Simulated annealing with restarts: proposals for a search that maximises a quantity."""

from collections.abc import Callable, Sequence
from math import exp
from typing import TYPE_CHECKING, Final

from ringfence.engine.executors import CheckedExecutor
from ringfence.engine.generators.generator import LENGTHS
from ringfence.engine.generators.mutation import Repeatable, again, mutated, scaled
from ringfence.engine.maximise.quantities import Quantity
from ringfence.engine.proposals import Proposal, repeated
from ringfence.engine.run import Run
from ringfence.engine.shrink import without_needless
from ringfence.types.actions import CallSequence

if TYPE_CHECKING:
    from ringfence.engine.search import Search

AFTERMATH: Final = (0, 0, 0, 1, 2)  # turns after a changed sequence
FRESH: Final = 24  # runs drawn before the best of them is climbed from
FLAT: Final = 0.5  # of all runs are drawn afresh while nothing shows which way is up
PATIENCE: Final = 160  # runs that find nothing better before it starts afresh
HEAT: Final = 0.2  # of the value: how much worse is still accepted, at first
COOLING: Final = 0.97  # a run
SCALED: Final = 0.4  # of all changes; the rest are mutations
MOST_STEPS: Final = 64  # of a sequence


class Annealing:
    """Looks for the sequence with the largest value. Without ``climbing`` every run is drawn afresh."""

    problem = ""

    def __init__(self, search: "Search", quantity: Quantity, *, climbing: bool = True) -> None:
        self._search, self._quantity, self._random = search, quantity, search.random
        self._climbing = climbing
        self._market = next(iter(search.markets))
        self._here: tuple[int, Repeatable] | None = None
        self._peaks: list[Repeatable] = []  # where each climb ended
        self._drawn = self._without_gain = 0
        self._heat = HEAT

    def __len__(self) -> int:
        return 0

    def flush(self) -> None:
        """Do nothing: what is best is in the result."""

    def next(self) -> Proposal:
        """Return a fresh run, or a changed one."""
        here = self._here
        is_fresh = not self._climbing or here is None or self._drawn < FRESH
        if is_fresh or (here is not None and here[0] == 0 and self._random.random() < FLAT):
            return Proposal(self._market, length=self._random.choice(LENGTHS), is_fresh=True)
        assert here is not None
        plan = again(here[1])
        if self._random.random() < SCALED:
            plan = scaled(plan, self._random)
        else:
            plan = mutated(here[1], self._random.choice([here[1], *self._peaks]), self._random)
        return Proposal(self._market, plan[:MOST_STEPS], self._random.choice(AFTERMATH))

    def learn(self, proposal: Proposal, run: Run) -> None:
        """Keep the run if it is the largest, and decide where to go on from."""
        value, source = self._value(run)
        if not source.sequence:
            return
        if not proposal.is_fresh:
            self._step_to(value, source)
            return
        self._drawn += 1
        if self._here is None or value > self._here[0]:
            self._here = value, source
        if self._climbing and self._drawn == FRESH:
            self._here = self._shrunk(*self._here)

    def _value(self, run: Run) -> tuple[int, Repeatable]:
        """Return what the run came to, and the run as far as it is needed for that."""
        result = self._search.result
        assert isinstance(run.executor, CheckedExecutor)
        value, last = self._quantity.worst(run.executor.system.transitions)
        if value > result.best:
            result.best, result.best_sequence = value, run.sequence[:last]
        length = last if value else len(run.steps)
        return value, Repeatable(run.sequence[:length], run.opened[:length])

    def _shrunk(self, value: int, source: Repeatable) -> tuple[int, Repeatable]:
        """Return a run without the steps that its value does not need: from a short one more is tried."""
        attempt = reaching(self._search, self._quantity, value)
        sequence, opened = without_needless(tuple(source.sequence), attempt)
        return value, source if opened is None else Repeatable(sequence, opened)

    def _step_to(self, value: int, source: Repeatable) -> None:
        """Go on from a run that is no worse, or not much worse while it is still hot."""
        assert self._here is not None
        now = self._here[0]
        self._heat *= COOLING
        self._without_gain = 0 if value > now else self._without_gain + 1
        if value == now:
            is_next = len(source.sequence) <= len(self._here[1].sequence)
        else:
            worse = (now - value) / (self._heat * max(now, 1))
            is_next = value > now or self._random.random() < exp(-worse)
        if is_next:
            self._here = value, source
        if self._without_gain >= PATIENCE:
            self._peaks.append(self._here[1])
            self._here, self._drawn, self._without_gain, self._heat = None, 0, 0, HEAT


def reaching(
    search: "Search", quantity: Quantity, value: int
) -> Callable[[CallSequence], Sequence[int | None] | None]:
    """Return what carries out a sequence and says what its steps opened, if it comes to ``value`` at least.

    A sequence that the objective would change does not count.
    """
    market = next(iter(search.markets))

    def reaches(sequence: CallSequence) -> Sequence[int | None] | None:
        executor = search.fixtures.executor(market, is_compared=False)
        assert isinstance(executor, CheckedExecutor)
        run = search.perform(Proposal(market, repeated(sequence)), executor, is_compared=False)
        length = len(sequence)
        is_allowed = run.sequence[:length] == sequence  # keepers may act after its last step
        is_enough = is_allowed and quantity.worst(executor.system.transitions)[0] >= value
        return run.opened[:length] if is_enough else None

    return reaches
