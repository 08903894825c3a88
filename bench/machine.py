"""Steps per second of the machine, and of its parts: ``python -m bench.machine``."""

from collections.abc import Callable, Iterable
from time import process_time
from typing import Final

from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test
from rich.table import Table
from ringfence.engine.arena import Arena, Pair
from ringfence.engine.lockstep import Lockstep
from ringfence.engine.tally import Tally
from ringfence.evm.chains.base import GENESIS_TIME
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.actions import Step
from ringfence.vaults.isolated_margin import start
from ringfence.vaults.isolated_margin.markets import MARKETS, MarketSetup
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault
from ringfence.vaults.isolated_margin.rules import MovingPriceRules
from ringfence.vaults.isolated_margin.rules.hypothesis_campaign import PROFILE
from ringfence.vaults.isolated_margin.rules.hypothesis_campaign import machine as machine_of

BATCHES: Final = range(1, 4)  # seeds
HYPOTHESIS: Final = "hypothesis"  # its own way to draw


class Recorder(Arena):
    """An arena that keeps the programs of all runs, by market."""

    def __init__(self, begin: Callable[[MarketSetup], Pair]) -> None:
        """Run in every market."""
        super().__init__(begin, MARKETS)
        self.programs: list[tuple[str, list[Step]]] = []
        self._last: Pair | None = None

    def enter(self, name: str) -> Pair:
        """Let the run before keep its list of steps."""
        if self._last:
            self._last.steps = self._last.steps.copy()
        self._last = super().enter(name)
        self.programs.append((name, self._last.steps))
        return self._last


def table() -> Table:
    """Measure, and return the rates beside that of the whole machine."""
    whole, recorder = machine(on_vault, PROFILE)
    rates = Table("machine", "steps/s", "times", "situations per 1,000", box=None, pad_edge=False)

    def add(name: str, rate: float, reached: str) -> None:
        rates.add_row(name, f"{rate:,.0f}", f"{rate / whole:.1f}", reached)

    add("draw, act on vault and model, compare", whole, density(recorder.tally))
    own, drawn = machine(on_vault, settings(PROFILE, backend=HYPOTHESIS))
    add("drawn Hypothesis's own way", own, density(drawn.tally))
    mirrored, _ = machine(on_model, PROFILE)
    add("a second model as the vault", mirrored, "")
    add("its programs on vault and model", replayed(recorder, on_vault), "")
    add("its programs on the model alone", alone(recorder), "")
    return rates


def on_vault(setup: MarketSetup) -> Pair:
    """Return the compiled vault and its model."""
    return start(RevmChain(), setup)


def on_model(setup: MarketSetup) -> Pair:
    """Return two models."""
    pair = Lockstep(model(setup), model(setup))
    pair.run(setup.opening())
    return pair


def model(setup: MarketSetup) -> ReferenceVault:
    """Return a model of a market."""
    return ReferenceVault(setup, deployed_at=GENESIS_TIME, ready_at=GENESIS_TIME)


def machine(
    begin: Callable[[MarketSetup], Pair], profile: settings, seeds: Iterable[int] = BATCHES
) -> tuple[float, Recorder]:
    """Return the machine's steps a second and what it did, markets started before."""
    recorder = Recorder(begin)
    for name in recorder.setups:
        recorder.enter(name)
    armed = machine_of(MovingPriceRules, recorder)
    begun = process_time()
    for number in seeds:
        run_state_machine_as_test(seed(number)(armed), settings=profile)
    return recorder.tally.steps / (process_time() - begun), recorder


def density(tally: Tally) -> str:
    """Return how many situations a thousand steps reach."""
    return f"{1000 * sum(tally.situations.values()) / tally.steps:.0f}"


def replayed(recorder: Recorder, begin: Callable[[MarketSetup], Pair]) -> float:
    """Return the steps a second of recorded programs, acted and compared alone."""
    arena = Arena(begin, MARKETS)
    for name in arena.setups:
        arena.enter(name)
    begun = process_time()
    for name, steps in recorder.programs:
        arena.enter(name).run(steps[len(arena.setups[name].opening()) :])
    return recorder.tally.steps / (process_time() - begun)


def alone(recorder: Recorder) -> float:
    """Return the steps a second of recorded programs on a model, without a look at its state."""
    models = {setup.name: model(setup) for setup in MARKETS}
    marks = {name: each.snapshot() for name, each in models.items()}
    begun = process_time()
    for name, steps in recorder.programs:
        models[name].restore(marks[name])
        for step in steps:
            models[name].apply(step)
    return recorder.tally.steps / (process_time() - begun)


if __name__ == "__main__":
    from rich import print as show

    show(table())
