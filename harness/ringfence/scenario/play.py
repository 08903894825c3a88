"""A plan carried out on a chain and on the model, with somebody watching."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from isolated_margin.cross import Comparison, compare
from isolated_margin.scenario import Scenario, ScenarioResult
from isolated_margin.scenario.orders import COLLATERAL_DECIMALS

from ringfence.adapters.isolated_margin import start
from ringfence.chains.base import Chain
from ringfence.scenario.plan import Plan
from ringfence.scenario.venue import LockstepVenue


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a plan. ``is_whole``: nobody ended it early. ``siblings`` as of ``LockstepVenue``."""

    result: ScenarioResult
    comparison: Comparison
    siblings: int
    siblings_changed: int
    is_whole: bool


class Stop:
    """Whether the run was asked to end."""

    def __init__(self) -> None:
        self.asked = False

    def ask(self, signal_number: int, frame: FrameType | None) -> None:
        """Ask; the next time, the run is interrupted where it is."""
        self.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)


def play(plan: Plan, chain: Chain, stop: Stop, watch: Callable[[], None]) -> Played:
    """Play a plan on ``chain``; ``watch`` is called after each order and each bar.

    Raises:
        Divergence: chain and model disagree.
        ArtifactMissing: the contracts are not compiled.
    """
    venue = LockstepVenue(start(chain, plan.setup))
    scenario = Scenario(venue, plan.start, plan.bars)
    is_whole = _run(scenario, stop, watch)
    result = scenario.result()
    comparison = compare(result.positions, result.prices, plan.parameters, COLLATERAL_DECIMALS)
    return Played(result, comparison, venue.siblings, venue.siblings_changed, is_whole)


def _run(scenario: Scenario, stop: Stop, watch: Callable[[], None]) -> bool:
    """Return whether the scenario came to its end."""
    try:
        for _ in scenario.steps():
            watch()
            if stop.asked:
                return False
    except OSError:
        if not stop.asked:  # a node that was started from the same terminal ends by the same Ctrl-C
            raise
        return False
    return True


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Take Ctrl-C as the wish to end the run in good order, for as long as the block lasts."""
    stop = Stop()
    before = signal.signal(signal.SIGINT, stop.ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
