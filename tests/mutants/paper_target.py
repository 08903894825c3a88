"""A target that is judged in no time: what is noticed is told by the text of the change."""

import os
import signal
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ringfence.measure.mutation.mutant import Mutant, mutants_of
from ringfence.measure.mutation.target import Known, Stillborn
from ringfence.measure.mutation.verdict import Detection
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import syntax_trees

SOURCES = {
    "Paper.sol": """\
pragma solidity 0.8.30;
contract Paper {
    uint256 public x;
    function killed(uint256 y) external { x = 10 + y; }
    function survives(uint256 y) external { x = 20 + y; }
    function equal(uint256 y) external { x = 30 + y; }
    function stillborn(uint256 y) external { x = 40 + y; }
    function tested(uint256 y) external { x = 50 + y; }
    function hangs(uint256 y) external { x = 60 + y; }
    function smaller(uint256 y) external { x = 70 + y; }
}
"""
}


@cache
def _trees() -> Mapping[str, Any]:
    return syntax_trees(SOURCES)


class PaperTarget:
    """Its mutants end as their functions are called; ``log`` has a line for each that was looked at."""

    name = "Paper"
    sources: Mapping[str, str] = SOURCES
    unbroken = "unbroken"

    def __init__(self, log: Path) -> None:
        self.log = log

    def trees(self) -> Mapping[str, Any]:
        """Return solc's."""
        return _trees()

    def check(self) -> None:
        """Find nothing."""

    def plant(self, mutant: Mutant) -> str:
        """Return the mutant's text as its code."""
        if mutant.function == "stillborn":
            raise Stillborn("no Solidity")
        return self.unbroken if mutant.function == "equal" else mutant.text

    def find(self, mutant: Mutant, planted: str, known: Sequence[Known], seed: int) -> Detection | None:
        """Return what the function's name says."""
        with self.log.open("a") as log:
            log.write(f"{mutant.function} {mutant.operator} {len(known)}\n")
        if mutant.function == "hangs":
            os.kill(os.getpid(), signal.SIGXCPU)
            time.sleep(60)
        if mutant.function == "tested":
            return Detection("test_something", "it failed", "test")
        if mutant.function == "killed":
            return Detection("ISO-1", "it was seen", "search", "plain", (), ("CUS-1", "ISO-1"))
        return None

    def is_equal_when_deployed(self, mutant: Mutant) -> bool:
        """Return whether the function is the one for this."""
        return mutant.function == "smaller"

    def looked_at(self) -> list[str]:
        """Return what was looked at, a line each."""
        return self.log.read_text().splitlines() if self.log.exists() else []


def mutants() -> list[Mutant]:
    """Return every mutant, one for each function and operator."""
    return mutants_of(SOURCES, _trees())
