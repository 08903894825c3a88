"""What notices a mutant of our vault: the reference model next to it, its views, every property."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from random import Random
from time import process_time
from typing import Final

from ringfence.engine.budget import Budget
from ringfence.engine.guard import Guarded
from ringfence.engine.search import Search
from ringfence.engine.system import MODEL, System
from ringfence.engine.target import Target
from ringfence.evm.artifacts import load
from ringfence.evm.chains.base import Chain
from ringfence.measure.coverage.instrument import Marking
from ringfence.measure.coverage.making import Making
from ringfence.measure.coverage.marked import MarkedContracts
from ringfence.measure.mutation.target import Known
from ringfence.measure.mutation.verdict import DEPLOYMENT, FACTORY, READING, VIEWS, Detection
from ringfence.types.actions import CallSequence
from ringfence.types.market import VaultMarket
from ringfence.vaults.isolated_margin.adapter import made_of
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.questions import Questions

KNOWN: Final = "known program"
SEARCH: Final = "search"
MADE: Final = "markets made"
VIEWED: Final = 0.25  # of all runs, at whose end every view is asked


class ViewDiffers(Exception):
    """A view of vault or lens answers what the reference model's does not."""

    def __init__(self, found: Detection) -> None:
        super().__init__(found.message)
        self.found = found


class _Unchecked(Target):
    """A vault that is compared with its reference model alone, by what it shows: no property looks."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.adapter, target.name)

    def system(self, market: str | VaultMarket, chain: Chain | None = None) -> System:
        """Start the vault; raises AdapterFault, CannotStart."""
        system = super().system(market, chain)
        system.checker = system.checker.only()
        return system

    def comparison(self, market: str) -> None:
        """Return None: storage that nobody reads may differ."""


class DifferentialSearch:
    """A vault next to its reference model in every market, with any code."""

    def __init__(self, codes: Mapping[str, bytes], seed: int) -> None:
        self._artifacts = {name: replace(load(name), bytecode=code) for name, code in codes.items()}
        self._seed = seed
        vault, pool = (self._artifacts[name] for name in ("IsolatedMarginVault", "LiquidityPool"))
        self._contracts = Contracts(vault, pool, load("MockToken"), load("MockPriceFeed"))
        self._target = Target(made_of(self._contracts, self._artifacts["VaultLens"]), "isolated-margin")
        self._systems: dict[str, System] = {}
        self._market = ""
        self._sequence: CallSequence = ()

    def find(
        self, known: Sequence[Known], seconds: float, checked_seconds: float, made_seconds: float
    ) -> Detection | None:
        """Return what is noticed first; the searches take this many seconds."""
        return (
            self._noticed(lambda: self._repeated(known), KNOWN)
            or self._noticed(lambda: self._searched(seconds), SEARCH)
            or self.made(made_seconds)
            or self._noticed(lambda: self._checked(checked_seconds), SEARCH)
        )

    def made(self, seconds: float) -> Detection | None:
        """Return what is noticed first where markets are made by the factory."""
        return self._noticed(lambda: self._made(seconds), MADE)

    def _noticed(self, run: Callable[[], Detection | None], stage: str) -> Detection | None:
        """Return what a run finds. It works on the unbroken vault, so what fails is the mutant's doing."""
        self._market, self._sequence = "", ()
        try:
            return run()
        except Exception as failure:
            by = READING if self._market else DEPLOYMENT
            message = f"{type(failure).__name__}: {failure}"[:300]
            return Detection(by, message, stage, self._market, self._sequence)

    def _repeated(self, known: Sequence[Known]) -> Detection | None:
        """Repeat known sequences, and ask the views at the end of each."""
        for each in known:
            found = self._compared(each.market, each.sequence, KNOWN)
            if found:
                return found
        return None

    def _system(self, market: str) -> System:
        if market not in self._systems:
            self._systems[market] = self._target.system(market)
        return self._systems[market]

    def _compared(self, market: str, sequence: CallSequence, stage: str) -> Detection | None:
        """Return whether vault and reference model differ in a sequence, or their views at its end."""
        self._market, self._sequence = "", ()
        system = self._system(market)
        with system.only(None):
            system.restart()
            self._market, self._sequence = market, sequence
            for step in sequence:
                if system.mismatches:
                    break
                system.apply(step)
        if system.mismatches:
            by = MODEL if system.transitions else DEPLOYMENT
            found = Detection(by, str(system.mismatches[0]), stage, market, system.sequence)
            return replace(found, broken=self._broken(system, found))
        return self._viewed(system, market, sequence, stage)

    def _viewed(self, system: System, market: str, sequence: CallSequence, stage: str) -> Detection | None:
        assert isinstance(system.vault, Guarded)
        for difference in Questions(system.vault.bench).differences(system.reference.market):  # type: ignore[union-attr]
            return Detection(VIEWS, difference, stage, market, sequence, (VIEWS,))
        return None

    def _searched(self, seconds: float) -> Detection | None:
        """Search for a mismatch, and ask every view at the end of some runs."""
        random = Random(self._seed)

        def ask_views(system: System) -> None:
            self._market, self._sequence = system.market.name, system.sequence
            if random.random() < VIEWED:
                found = self._viewed(system, system.market.name, system.sequence, SEARCH)
                if found:
                    raise ViewDiffers(found)

        try:
            found = self._found(
                Search(_Unchecked(self._target), self._seed, at_end=ask_views, is_checked=False), seconds
            )
        except ViewDiffers as differs:
            return differs.found
        return found and replace(found, broken=self._broken(self._system(found.market), found))

    def _checked(self, seconds: float) -> Detection | None:
        """Search with every property looking at each step."""
        return self._found(Search(self._target, self._seed, is_compared=False), seconds)

    def _found(self, search: Search, seconds: float) -> Detection | None:
        self._market = next(iter(search.markets))
        result = search.run(Budget(None, seconds))
        finding = result.finding
        if finding:
            by = finding.property_id or (MODEL if finding.sequence else DEPLOYMENT)
            message = finding.cause.broken.message if finding.cause.broken else str(finding.first_difference)
            broken = tuple(sorted({by, *finding.also}))
            return Detection(by, message, SEARCH, finding.market.name, finding.sequence, broken)
        return Detection(READING, result.fault, SEARCH, self._market) if result.fault else None

    def _made(self, seconds: float) -> Detection | None:
        """Make markets of drawn parameters, as the model would refuse them."""
        lens, factory = (self._artifacts[name] for name in ("VaultLens", "VaultFactory"))
        contracts = MarkedContracts(Marking(), self._contracts, lens, factory)
        making, end = Making(contracts, self._seed), process_time() + seconds
        while process_time() < end:
            for difference in making.differences():
                return Detection(FACTORY, difference[:300], MADE)
        return None

    def _broken(self, system: System, found: Detection) -> tuple[str, ...]:
        """Return every property that the sequence violates, the one that was noticed first among them."""
        violated = {found.by}
        with suppress(Exception):  # a vault may answer what properties can't read
            system.restart()
            system.probe_origin()
            for step in found.sequence:
                system.apply(step)
            system.end()
            violated |= {each.property_id for each in system.violations}
        return tuple(sorted(violated))
