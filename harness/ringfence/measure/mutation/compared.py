"""What notices a mutant of our vault: the reference model next to it, its views, every property."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from time import process_time
from typing import Final

from ringfence.engine.budget import Budget
from ringfence.engine.guard import Guarded
from ringfence.engine.proposals import GuidedProposals
from ringfence.engine.search import Search
from ringfence.engine.system import MODEL, System
from ringfence.engine.target import Target
from ringfence.evm.artifacts import load
from ringfence.measure.coverage.instrument import Marking
from ringfence.measure.coverage.making import Making
from ringfence.measure.coverage.marked import MarkedContracts
from ringfence.measure.mutation.target import Known
from ringfence.measure.mutation.verdict import DEPLOYMENT, FACTORY, READING, VIEWS, Detection
from ringfence.types.actions import CallSequence
from ringfence.vaults.isolated_margin.adapter import made_of
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.questions import Questions

KNOWN: Final = "known program"
SEARCH: Final = "search"
MADE: Final = "markets made"
VIEWED: Final = 12  # sequences of the search, in each market, at whose end every view is asked


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

    def find(self, known: Sequence[Known], seconds: float, made_seconds: float) -> Detection | None:
        """Return what is noticed first; searches take so many seconds of this process."""
        return (
            self._noticed(lambda: self._repeated(known), KNOWN)
            or self._noticed(lambda: self._searched(seconds), SEARCH)
            or self.made(made_seconds)
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
            found = self._compared(each.market, each.program, KNOWN)
            if found:
                return found
        return None

    def _compared(self, market: str, sequence: CallSequence, stage: str) -> Detection | None:
        """Return whether vault and reference model differ in a sequence, or their views at its end."""
        self._market, self._sequence = "", ()
        if market not in self._systems:
            self._systems[market] = self._target.system(market)
        system = self._systems[market]
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
        """Search, then ask every view at the end of sequences that reached something new."""
        search = Search(self._target, self._seed)
        self._market = next(iter(search.markets))
        result = search.run(Budget(None, seconds))
        finding = result.finding
        if finding:
            by = finding.law or (MODEL if finding.program else DEPLOYMENT)
            message = finding.cause.law.complaint if finding.cause.law else str(finding.first_difference)
            broken = tuple(sorted({by, *finding.also}))
            return Detection(by, message, SEARCH, finding.market.name, finding.program, broken)
        if result.fault:
            return Detection(READING, result.fault, SEARCH, self._market)
        assert isinstance(search.proposals, GuidedProposals)
        for market in search.markets:
            for entry in search.proposals.kept(market)[-VIEWED:]:
                found = self._compared(market, entry.program, SEARCH)
                if found:
                    return found
        return None

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
            for step in found.program:
                system.apply(step)
            system.end()
            violated |= {each.property_id for each in system.violations}
        return tuple(sorted(violated))
