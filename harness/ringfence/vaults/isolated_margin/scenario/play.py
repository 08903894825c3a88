"""A plan carried out on a chain and on the model, with somebody watching."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from isolated_margin.cross import Comparison, compare
from isolated_margin.scenario import Bar, Scenario, ScenarioResult, Start

from ringfence.evm.chains.base import Chain
from ringfence.vaults.isolated_margin import start
from ringfence.vaults.isolated_margin.scenario.plan import Plan
from ringfence.vaults.isolated_margin.scenario.venue import ComparedVenue


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a plan. ``is_whole``: nobody ended it early. ``siblings`` as of ``ComparedVenue``.

    ``unit``: the assets of a whole token.
    """

    result: ScenarioResult
    comparison: Comparison
    siblings: int
    siblings_changed: int
    is_whole: bool
    unit: int


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
        Violated: chain and model differ.
        ArtifactMissing: the contracts are not compiled.
    """
    return play_at(ComparedVenue(start(chain, plan.setup)), plan.start, plan.bars, stop, watch)


def play_at(
    venue: ComparedVenue, begin: Start, bars: Sequence[Bar], stop: Stop, watch: Callable[[], None]
) -> Played:
    """Play on from where a venue stands; arguments as of ``play``. Raises Violated."""
    scenario = Scenario(venue, begin, bars)
    is_whole = _run(scenario, stop, watch)
    result = scenario.result()
    market = venue.market
    comparison = compare(result.positions, result.prices, market.parameters, market.collateral_decimals)
    return Played(
        result, comparison, venue.siblings, venue.siblings_changed, is_whole, 10**market.collateral_decimals
    )


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
