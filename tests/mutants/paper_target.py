"""A target that is judged in no time: what is noticed follows from the function that was changed."""

import os
import signal
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ringfence.measure.mutation.mutant import Mutant, mutants_of
from ringfence.measure.mutation.target import Compiled, InvalidMutant, MutationTarget
from ringfence.measure.mutation.verdict import TEST, Detection, KnownSequence
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import syntax_trees

SOURCES = {
    "Paper.sol": """\
pragma solidity 0.8.30;
contract Paper {
    uint256 public x;
    function killed(uint256 y) external { x = 10 + y; }
    function survives(uint256 y) external { x = 20 + y; }
    function equal(uint256 y) external { x = 30 + y; }
    function invalid(uint256 y) external { x = 40 + y; }
    function tested(uint256 y) external { x = 50 + y; }
    function hangs(uint256 y) external { x = 60 + y; }
    function smaller(uint256 y) external { x = 70 + y; }
}
"""
}
UNCHANGED = "unchanged"


@cache
def _trees() -> Mapping[str, Any]:
    return syntax_trees(SOURCES)


class PaperTarget(MutationTarget):
    """Its mutants end as their functions are called; the log has a line for each that was looked at."""

    def __init__(self, log: Path) -> None:
        super().__init__("Paper")
        self._log, self.compiled = log, Compiled(SOURCES, _trees(), True, None)
        self.unchanged = UNCHANGED

    def check(self) -> None:
        """Find nothing."""

    def code(self, mutant: Mutant | None, *, is_optimised: bool = False) -> str:
        """Return the mutant's text as its code."""
        assert mutant is not None
        if mutant.function == "invalid":
            raise InvalidMutant("no Solidity")
        return UNCHANGED if mutant.function == "equal" else mutant.text

    def find(self, mutant: Mutant | None, known: Sequence[KnownSequence], seed: int) -> Detection | None:
        """Return what the function's name says."""
        assert mutant is not None
        with self._log.open("a") as log:
            log.write(f"{mutant.function} {mutant.operator} {len(known)}\n")
        if mutant.function == "hangs":
            os.kill(os.getpid(), signal.SIGXCPU)
            time.sleep(60)
        found = {
            "tested": Detection("test_something", "it failed", TEST),
            "killed": Detection("ISO-1", "it was seen", "search", "plain", "[]", ("CUS-1", "ISO-1")),
        }
        return found.get(mutant.function)

    def is_same_when_optimised(self, mutant: Mutant) -> bool:
        """Return whether the function is the one for this."""
        return mutant.function == "smaller"

    def looked_at(self) -> list[str]:
        """Return what was looked at, a line each."""
        return self._log.read_text().splitlines() if self._log.exists() else []


def mutants() -> list[Mutant]:
    """Return every mutant, one for each function and operator."""
    return mutants_of(SOURCES, _trees())
