"""A vault behind somebody's adapter as what is mutated: its Solidity, and its properties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from ringfence.engine.budget import Budget
from ringfence.engine.guard import Guarded
from ringfence.engine.search import Search
from ringfence.engine.system import MODEL, System
from ringfence.engine.target import Target
from ringfence.evm.projects import ProjectError
from ringfence.evm.projects.rewriting import Rewrite, Trees, rewriting
from ringfence.measure.mutation.mutant import Mutant
from ringfence.measure.mutation.process import apart
from ringfence.measure.mutation.target import Known, Stillborn, Unfit
from ringfence.measure.mutation.verdict import Detection
from ringfence.types.errors import AdapterFault

ADAPTER: Final = "ADAPTER"  # the adapter could no longer make of the vault what it says that it is
STORAGE: Final = "STORAGE"  # a step changed storage that the adapter does not show
MARKET: Final = "own"  # an adapter has one
KNOWN: Final = "known program"
SEARCH: Final = "search"
SECONDS: Final = 10.0  # of this process, for one mutant
CHECK_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Compiled:
    """What an adapter had compiled in a folder: sources and their syntax trees, by their paths from there."""

    root: Path
    sources: Mapping[str, str]
    trees: Mapping[str, Any]


@dataclass(frozen=True)
class AdapterTarget:
    """A vault by its adapter's name, which is imported only in processes of their own."""

    name: str
    seconds: float = SECONDS

    @cached_property
    def _compiled(self) -> Sequence[Compiled]:
        compiled = apart(_compiled_by, self.name)
        if not compiled:
            told = f"{self.name} compiles nothing by ringfence.evm.projects.solidity"
            raise Unfit(f"{told}, so there is no Solidity that could be mutated.")
        return compiled

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """Return the sources of all that the adapter compiles, by their paths from the folder compiled."""
        return {path: text for part in self._compiled for path, text in part.sources.items()}

    def trees(self) -> Mapping[str, Any]:
        """Return the syntax trees; raises Unfit."""
        return {path: tree for part in self._compiled for path, tree in part.trees.items()}

    def check(self) -> None:
        """See that a search finds nothing on the unbroken vault; raises Unfit."""
        found = apart(_searched, self.name, (), 1, CHECK_SECONDS)
        if found:
            raise Unfit(f"{found.by} is noticed in the unbroken vault: {found.message}")

    @cached_property
    def unbroken(self) -> str:
        """Return the code of all that is deployed."""
        return apart(_code_of, self.name, self._put(None))

    def plant(self, mutant: Mutant) -> str:
        """Return the code of all that is deployed with the mutant in it; raises Stillborn."""
        code = apart(_code_of, self.name, self._put(mutant))
        if not code:
            raise Stillborn(mutant.change(self.sources))
        return code

    def find(self, mutant: Mutant, planted: str, known: Sequence[Known], seed: int) -> Detection | None:
        """Return the first property that shows it, or the first complaint about vault or adapter."""
        with rewriting(self._put(mutant)):
            return _searched(self.name, known, seed, self.seconds)

    def is_equal_when_deployed(self, mutant: Mutant) -> bool:
        """Return False: only code as it is searched is known here."""
        return False

    def _put(self, mutant: Mutant | None) -> Rewrite:
        """Return what puts a mutant into the sources that it is of."""

        def put(root: Path, sources: Mapping[str, str], trees: Trees) -> Mapping[str, str]:
            if mutant is None or mutant.file not in sources:
                return sources
            return {**sources, mutant.file: mutant.text}

        return put


def _compiled_by(name: str) -> Sequence[Compiled]:
    """Return what is compiled when a vault is started; for a process of its own."""
    compiled: list[Compiled] = []

    def seen(root: Path, sources: Mapping[str, str], trees: Trees) -> Mapping[str, str]:
        compiled.append(Compiled(root, sources, trees()))
        return sources

    with rewriting(seen):
        try:
            _system(Target.named(name))
        except AdapterFault as fault:
            raise Unfit(str(fault)) from None
    return compiled


def _system(target: Target) -> System:
    return target.system(next(iter(target.markets)))


def _code_of(name: str, put: Rewrite) -> str:
    """Return the creation code of all that is deployed, in hex, ``""`` if it does not compile.

    For a process of its own. Where it can't be deployed, what stands in the way is as good as its code.
    """
    with rewriting(put):
        try:
            vault = _system(Target.named(name)).vault
        except AdapterFault as fault:
            return "" if isinstance(fault.__cause__, ProjectError) else str(fault)
    assert isinstance(vault, Guarded)
    return vault.creation_code.hex()


def _searched(name: str, known: Sequence[Known], seed: int, seconds: float) -> Detection | None:
    """Repeat known sequences, then search; for a process of its own."""
    try:
        target = Target.named(name)
        return _repeated(target, known) or _new(target, seed, seconds)
    except AdapterFault as fault:
        return Detection(ADAPTER, str(fault), SEARCH)


def _repeated(target: Target, known: Sequence[Known]) -> Detection | None:
    system = _system(target) if known else None
    for each in known if system else ():
        assert system is not None
        system.restart()
        system.probe_origin()
        for step in each.sequence:
            system.apply(step)
        found = system.violations + system.end()
        if found:
            violated = tuple(sorted({violation.property_id for violation in found}))
            return Detection(
                found[0].property_id, found[0].message, KNOWN, each.market, each.sequence, violated
            )
    return None


def _new(target: Target, seed: int, seconds: float) -> Detection | None:
    result = Search(target, seed).run(Budget(None, seconds))
    finding = result.finding
    if finding:
        message = finding.cause.broken.message if finding.cause.broken else str(finding.first_difference)
        by = finding.property_id or MODEL
        return Detection(by, message, SEARCH, MARKET, finding.sequence, tuple(sorted({by, *finding.also})))
    if result.fault:
        return Detection(ADAPTER, result.fault, SEARCH)
    for unseen in result.unseen.values():
        return Detection(STORAGE, str(unseen), SEARCH)
    return None
