"""What a vault is measured by beside its actions: an ability, read where coverage and mutants are counted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.types.actions import CallSequence
from ringfence.types.market import VaultMarket


class Measurements:
    """What an adapter gives as ``measurements``; one that gives none is measured by its actions alone.

    ``markets`` are searched besides the vault's own. ``equivalent_mutants`` and ``unreachable`` are lists of
    what no search can find or reach, each entry with its reason.
    """

    markets: ClassVar[Sequence[VaultMarket]] = ()
    equivalent_mutants: ClassVar[Path | None] = None
    unreachable: ClassVar[Path | None] = None

    def corpus(self) -> Iterable[tuple[str, CallSequence]]:
        """Return call sequences that every mutant is given first, each with the name of its market."""
        return ()

    def codes(self) -> Mapping[str, bytes]:
        """Return the creation code of every contract, by name, if it can be had without a start.

        Without, it is that of what the vault deploys when it is started. Raises ProjectError.
        """
        return {}

    def tests_of(self, file: str) -> Sequence[Path]:
        """Return the tests of what call sequences cannot show of a source."""
        return ()

    def view_mismatches(self, workspace: Workspace, reference: Any) -> Iterator[str]:
        """Yield a line for every view that answers something else than the reference model."""
        return iter(())

    def deployments(self, chain: RevmChain, seed: int) -> Iterator[Sequence[str]]:
        """Deploy one vault after another, with drawn parameters; yield where each differs from the model.

        Contracts are looked up when it is called, where sources may be rewritten.
        """
        return iter(())
