"""Our own contracts with marks in them, under a search that compares them with the model."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from random import Random
from typing import Final

from ringfence.adapters.isolated_margin.contracts import Contracts
from ringfence.adapters.isolated_margin.pair import start
from ringfence.adapters.isolated_margin.questions import Questions
from ringfence.arena import Arena, Pair
from ringfence.artifacts import Artifact, load
from ringfence.chains.revm import RevmChain
from ringfence.coverage.instrument import Marking
from ringfence.coverage.marks import reached
from ringfence.coverage.search import Run
from ringfence.hunt import LENGTHS, RULES_IN_USE, rules
from ringfence.lockstep import Divergence
from ringfence.machines.provoking import HuntingMachine
from ringfence.markets import MarketSetup
from ringfence.roles import OWNER, addresses
from ringfence.specimens.compiler import creation_code, real_sources, syntax_trees

ANY_SIZE: Final = 2**20  # bytes of code: with marks, and not optimised, it is large
RUNS_A_QUESTION: Final = 4  # views take as long as a run of steps


class OurSearch:
    """Runs of random rules on vault and model; at the end of some, every view is compared too."""

    def __init__(self, setups: Iterable[MarketSetup], seed: int) -> None:
        """Compile; raises ArtifactMissing, DoesNotCompile."""
        self.marking, self._contracts, self._lens = marked()
        self._random = Random(seed)
        self._chains: dict[str, RevmChain] = {}
        self._questions: dict[str, Questions] = {}
        self._arena = Arena(self._start, setups)
        self._machine = type("Machine", (HuntingMachine,), {"arena": self._arena})()

    def run(self) -> Run:
        """Play some rules from a market's opening; raises Divergence when vault and model differ."""
        market = self._random.choice(list(self._arena.setups))
        self._machine.enter(market)
        pair = self._machine.pair
        opening = len(pair.steps)
        chosen = [rule for rule in rules() if self._random.random() < RULES_IN_USE]
        for _ in range(self._random.choice(LENGTHS) if chosen else 0):
            rule, draws = self._random.choice(chosen)
            rule(self._machine, **{name: draw(self._random) for name, draw in draws.items()})
        if self._random.randrange(RUNS_A_QUESTION) == 0:
            self._ask(market, pair)
        return Run(market, tuple(pair.steps[opening:]))

    def hits(self, market: str) -> frozenset[int]:
        """Return the numbers of the points that a market's runs have reached."""
        return reached(self._chains[market].asked_for())

    def _start(self, setup: MarketSetup) -> Pair:
        chain = self._chains[setup.name] = RevmChain(ANY_SIZE)
        lens_at = chain.deploy(self._lens.bytecode, addresses()[OWNER])
        pair = start(chain, setup, self._contracts)
        self._questions[setup.name] = Questions(pair.vault.deployment, self._lens, lens_at)
        return pair

    def _ask(self, market: str, pair: Pair) -> None:
        differences = tuple(self._questions[market].differences(pair.model.market))
        if differences:
            raise Divergence(tuple(pair.steps), differences)


@cache
def marked() -> tuple[Marking, Contracts, Artifact]:
    """Return our contracts and the lens, compiled with marks; raises ArtifactMissing, DoesNotCompile."""
    marking, sources = Marking(), real_sources()
    files = {path: f"contracts/{path}" for path in sources}
    changed = marking.mark(sources, syntax_trees(sources), files)

    def compiled(name: str) -> Artifact:
        return replace(load(name), bytecode=creation_code(name, changed))

    ordinary = Contracts.compiled()
    contracts = replace(ordinary, vault=compiled("IsolatedMarginVault"), pool=compiled("LiquidityPool"))
    return marking, contracts, compiled("VaultLens")
