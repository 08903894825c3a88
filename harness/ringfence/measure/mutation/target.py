"""What is mutated: the Solidity that a vault's adapter compiles."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ringfence.engine.guard import ValidatedVault
from ringfence.evm.projects import ProjectError
from ringfence.evm.projects.rewriting import Rewrite, Trees, rewriting
from ringfence.measure.mutation.mutant import Mutant
from ringfence.measure.mutation.phases import CHECK, MUTANT, MutantCase, detection
from ringfence.measure.mutation.process import Unfit, call_in_fork
from ringfence.measure.mutation.verdict import Detection, KnownSequence
from ringfence.measure.target import MeasuredTarget
from ringfence.types.errors import AdapterFault
from ringfence.types.finding import CauseKey


class InvalidMutant(Exception):
    """A mutant does not compile. The message is the change."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What an adapter compiles: sources and their syntax trees, by path.

    With ``has_codes`` their code can be had without a start. ``equivalent_mutants`` is the vault's own list.
    """

    sources: Mapping[str, str]
    trees: Mapping[str, Any]
    has_codes: bool
    equivalent_mutants: Path | None


class MutationTarget:
    """A vault by its adapter's name.

    An adapter is imported in a process of its own for each mutant, where it compiles changed sources.
    """

    def __init__(self, name: str, known: Collection[CauseKey] = ()) -> None:
        """Take an adapter's name, and the causes of findings that are passed over."""
        self.name, self.known = name, frozenset(known)

    @property
    def state_name(self) -> str:
        """Return what verdicts are stored under: with other known findings they may be others."""
        return self.name + "".join(sorted(map(repr, self.known)))

    @cached_property
    def compiled(self) -> Compiled:
        """Return what the adapter compiles, by its paths from the folder compiled; raises Unfit."""
        compiled = call_in_fork(_compiled, self.name)
        if not compiled.sources:
            reason = f"{self.name} compiles nothing by ringfence.evm.projects.solidity"
            raise Unfit(f"{reason}, so there is no Solidity that could be mutated.")
        return compiled

    @property
    def sources(self) -> Mapping[str, str]:
        """Return the text of every source, by its path."""
        return self.compiled.sources

    def check(self) -> None:
        """See that nothing is found on the unchanged vault; raises Unfit."""
        found = call_in_fork(self.find, None, (), 1)
        if found:
            advice = "`ringfence campaign --known FILE --remember` lists what `--known FILE` passes over here"
            raise Unfit(f"{found.by} is violated by the vault without a mutant: {found.message}; {advice}.")

    def code(self, mutant: Mutant | None, *, is_optimised: bool = False) -> str:
        """Return the hash of the code of a mutant, or of the unchanged vault; raises InvalidMutant."""
        arguments = self.name, self._rewrite(mutant), is_optimised
        code = _code(*arguments) if self.compiled.has_codes else call_in_fork(_code, *arguments)
        if not code:
            raise InvalidMutant(mutant.change(self.sources) if mutant else self.name)
        return hashlib.sha256(code).hexdigest()[:16]

    @cached_property
    def unchanged(self) -> str:
        """Return the hash of the vault's code."""
        return self.code(None)

    def find(self, mutant: Mutant | None, known: Sequence[KnownSequence], seed: int) -> Detection | None:
        """Return what notices a mutant first; ``known`` sequences are tried before others."""
        with rewriting(self._rewrite(mutant)):
            target = MeasuredTarget(self.name)
            file = mutant.file if mutant else ""
            seconds = MUTANT if mutant else CHECK
            return detection(MutantCase(target, known, seed, seconds, file, passed_over=self.known))

    def is_same_when_optimised(self, mutant: Mutant) -> bool:
        """Return whether the compiler's optimiser makes the same code of a mutant as of the vault."""
        return self.code(mutant, is_optimised=True) == self._optimised

    @cached_property
    def _optimised(self) -> str:
        return self.code(None, is_optimised=True)

    def _rewrite(self, mutant: Mutant | None) -> Rewrite:
        """Return what puts a mutant into the sources that it is of."""

        def put(root: Path, sources: Mapping[str, str], trees: Trees) -> Mapping[str, str]:
            if mutant is None or mutant.file not in sources:
                return sources
            return {**sources, mutant.file: mutant.text}

        return put


def _compiled(name: str) -> Compiled:
    """Return what is compiled when a vault is started; for a process of its own."""
    seen: dict[str, str] = {}
    trees_seen: dict[str, Any] = {}

    def see(root: Path, sources: Mapping[str, str], trees: Trees) -> Mapping[str, str]:
        seen.update(sources)
        trees_seen.update(trees())
        return sources

    with rewriting(see):
        try:
            target = MeasuredTarget(name)
            has_codes = bool(target.measurements.codes())
            if not has_codes:
                target.system(next(iter(target.markets)))
        except (AdapterFault, ProjectError) as fault:
            raise Unfit(str(fault)) from None
    return Compiled(seen, trees_seen, has_codes, target.measurements.equivalent_mutants)


def _code(name: str, rewrite: Rewrite, is_optimised: bool) -> bytes:
    """Return the code of all contracts, ``b""`` if they do not compile.

    Where a vault cannot be started, what stands in the way is as good as its code.
    """
    with rewriting(rewrite, is_optimised=is_optimised):
        try:
            target = MeasuredTarget(name)
            codes = target.measurements.codes()
            if codes:
                return b"".join(codes.values())
            vault = target.system(next(iter(target.markets))).vault
            assert isinstance(vault, ValidatedVault)
            return vault.creation_code
        except ProjectError:
            return b""
        except AdapterFault as fault:
            return b"" if isinstance(fault.__cause__, ProjectError) else str(fault).encode()
