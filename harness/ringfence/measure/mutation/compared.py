"""Who notices a mutant of our vault: the model beside it, its views, every law."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from random import Random
from time import process_time
from typing import Final

from ringfence.engine.arena import Arena, Pair
from ringfence.engine.contest import MODEL, Contest
from ringfence.engine.disagreement import shortened
from ringfence.engine.generators.rules import chosen_rules
from ringfence.engine.hunt import Hunt
from ringfence.engine.lockstep import Divergence
from ringfence.evm.artifacts import load
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.measure.coverage.instrument import Marking
from ringfence.measure.coverage.making import Making
from ringfence.measure.coverage.marked import MarkedContracts
from ringfence.measure.mutation.target import Known
from ringfence.measure.mutation.verdict import DEPLOYMENT, FACTORY, READING, VIEWS, Detection
from ringfence.types.actions import CallSequence
from ringfence.vaults.isolated_margin.contracts import LENS, Contracts
from ringfence.vaults.isolated_margin.deployment import deploy
from ringfence.vaults.isolated_margin.examined import examine
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.pair import paired
from ringfence.vaults.isolated_margin.questions import Questions
from ringfence.vaults.isolated_margin.rules import AllRules
from ringfence.vaults.isolated_margin.seeded_bugs.vaults import ANY_SIZE, SETUPS

KNOWN: Final = "known program"
SEARCH: Final = "search"
LAWS_LOOKING: Final = "search by all laws"
MADE: Final = "markets made"
LENGTHS: Final = (8, 16, 32, 64)  # rules of a run
VIEWED: Final = 0.25  # of all runs, at their end


class DifferentialSearch:
    """A vault beside its model in every market, with whatever code it has."""

    def __init__(self, codes: Mapping[str, bytes], seed: int) -> None:
        self._artifacts = {name: replace(load(name), bytecode=code) for name, code in codes.items()}
        self._random = Random(seed)
        self._seed = seed
        self._entered = ""  # the market of the present run, once it stands
        self._pairs: dict[str, Pair] = {}
        self._questions: dict[str, Questions] = {}
        self._arena = Arena(self._start, SETUPS.values())
        self._player = AllRules()

    def find(
        self, known: Sequence[Known], seconds: float, law_seconds: float, made_seconds: float
    ) -> Detection | None:
        """Return what is noticed first; searches take so many seconds of this process."""
        found = (
            self._noticed(lambda: self._replayed(known), KNOWN)
            or self._noticed(lambda: self._searched(seconds), SEARCH)
            or self._noticed(lambda: self._made(made_seconds), MADE)
            or self._looked(law_seconds)
        )
        if found is None:
            return None
        shorter = self._shortened(found)
        return replace(shorter, broken=self._broken(shorter))

    def _noticed(self, run: Callable[[], Detection | None], stage: str) -> Detection | None:
        """Return what a run finds. It works on the unbroken vault, so what fails is the mutant's doing."""
        self._entered = ""
        try:
            return run()
        except Divergence as divergence:
            return self._told(divergence, stage)
        except Exception as failure:
            by = READING if self._entered else DEPLOYMENT
            told = f"{type(failure).__name__}: {failure}"[:300]
            return Detection(by, told, stage, self._arena.market, self._program() if self._entered else ())

    def _told(self, divergence: Divergence, stage: str) -> Detection:
        market, complaint = self._arena.market, divergence.differences[0]
        if not self._entered:
            return Detection(DEPLOYMENT, complaint, stage, market)
        program = self._program()
        if stage == SEARCH:
            with suppress(Exception):  # done again, it may end in what can't be read: the long one serves
                program = shortened(self._arena, divergence).program
        return Detection(MODEL, complaint, stage, market, program)

    def _replayed(self, known: Sequence[Known]) -> Detection | None:
        """Do known programs again, and ask the views at the end of each."""
        for each in known:
            pair = self._enter(each.market)
            pair.run(each.program)
            found = self._viewed(KNOWN)
            if found:
                return found
        return None

    def _searched(self, seconds: float) -> Detection | None:
        """Play random rules until something is noticed or the time is up."""
        end = process_time() + seconds
        while process_time() < end:
            market = self._random.choice(list(SETUPS))
            pair = self._enter(market)
            self._play(pair, SETUPS[market], self._random.choice(LENGTHS))
            if self._random.random() < VIEWED:
                found = self._viewed(SEARCH)
                if found:
                    return found
        return None

    def _play(self, pair: Pair, setup: MarketSetup, rules_played: int) -> None:
        """Play random rules, from a market's opening on; raises Divergence."""
        self._player.start(setup, pair.model, lambda step, scene: pair.apply(step))
        chosen = chosen_rules(AllRules, self._random)
        for _ in range(rules_played):
            self._random.choice(chosen).play(self._player, self._random)

    def _viewed(self, stage: str) -> Detection | None:
        market = self._arena.market
        pair = self._pairs[market]
        for difference in self._questions[market].differences(pair.model.market):
            return Detection(VIEWS, difference, stage, market, self._program())
        return None

    def _shortened(self, found: Detection) -> Detection:
        """Return what views show already at a market's opening without the program that came after it."""
        if found.by != VIEWS:
            return found
        self._enter(found.market)
        return self._viewed(found.stage) or found

    def made(self, seconds: float) -> Detection | None:
        """Return what is noticed first where markets are made by the factory."""
        return self._noticed(lambda: self._made(seconds), MADE)

    def _made(self, seconds: float) -> Detection | None:
        """Make markets of drawn parameters, as the model would refuse them, for so many seconds."""
        lens, factory = (self._artifacts[name] for name in ("VaultLens", "VaultFactory"))
        contracts = MarkedContracts(Marking(), self._contracts("MockToken"), lens, factory)
        making, end = Making(contracts, self._seed), process_time() + seconds
        while process_time() < end:
            for difference in making.differences():
                return Detection(FACTORY, difference[:300], MADE)
        return None

    def _looked(self, seconds: float) -> Detection | None:
        """Have every law look at random runs."""
        try:
            hunt = Hunt(self._examined, SETUPS.values(), self._seed)
            catch = next(hunt.catches(None, seconds), None)
        except Exception as failure:  # as above: the unbroken vault is looked at without one
            return Detection(READING, f"{type(failure).__name__}: {failure}"[:300], LAWS_LOOKING)
        if catch is None:
            return None
        return Detection(catch.law, catch.complaint, LAWS_LOOKING, catch.market, catch.program)

    def _broken(self, found: Detection) -> tuple[str, ...]:
        """Return every law that the program breaks, the one that was noticed first among them."""
        laws = {found.by}
        if found.market:
            with suppress(Exception):  # a vault may end in what laws can't read
                contest = self._examined(SETUPS[found.market])
                contest.run(found.program)
                laws |= {violation.property_id for violation in contest.end()}
        return tuple(sorted(laws))

    # Markets

    def _enter(self, market: str) -> Pair:
        self._entered = ""
        self._arena.enter(market)
        self._entered = market
        return self._pairs[market]

    def _program(self) -> CallSequence:
        """Return the steps of the present run, the market's opening left out."""
        market = self._arena.market
        return tuple(self._pairs[market].steps[len(SETUPS[market].opening()) :])

    def _start(self, setup: MarketSetup) -> Pair:
        workspace = Workspace(RevmChain(ANY_SIZE))
        workspace.deploy(LENS, self._artifacts["VaultLens"])
        pair = paired(deploy(workspace, setup, self._contracts("MockToken")))
        self._questions[setup.name] = Questions(workspace)
        self._pairs[setup.name] = pair
        return pair

    def _examined(self, setup: MarketSetup) -> Contest:
        lens = self._artifacts["VaultLens"]
        return examine(RevmChain(ANY_SIZE), setup, self._contracts("BlacklistToken"), lens)

    def _contracts(self, token: str) -> Contracts:
        vault, pool = (self._artifacts[name] for name in ("IsolatedMarginVault", "LiquidityPool"))
        return Contracts(vault, pool, load(token), load("MockPriceFeed"))
