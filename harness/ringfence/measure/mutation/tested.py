"""Tests as those who notice what drawn programs can't show: hostile tokens, feeds, the factory."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from ringfence.evm.artifacts import Artifact, load
from ringfence.measure.mutation.verdict import Detection
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import ROOT

TESTS: Final = ROOT / "tests"
STAGE: Final = "test"
OF_FILE: Final = {  # what says most of a file first; formulas are the model's to compare
    "IsolatedMarginVault.sol": (
        *("hostile/test_reentrancy.py", "signatures", "hostile/test_feeds.py", "hostile/test_tokens.py"),
        *("factory", "events", "hostile/test_liquidation_stays_possible.py"),
    ),
    "LiquidityPool.sol": ("hostile/test_reentrancy.py", "pool", "hostile/test_tokens.py"),
    "VaultFactory.sol": ("factory", "hostile/test_two_markets.py"),
    "libraries/CollateralTransfer.sol": ("hostile/test_tokens.py", "hostile/test_reentrancy.py", "pool"),
    "libraries/PriceFeedReader.sol": ("hostile/test_feeds.py", "hostile/test_decimals.py"),
    "libraries/RiskParametersLib.sol": ("factory",),
    "libraries/TierWords.sol": ("factory",),
    "libraries/Constants.sol": ("factory", "hostile/test_feeds.py", "hostile/test_tokens.py"),
}


class FirstFailure:
    """A plugin of pytest's that remembers what failed first."""

    def __init__(self) -> None:
        self.name, self.message = "", ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the first."""
        if report.failed and not self.name:
            self.name = report.nodeid
            lines = str(report.longreprtext).strip().splitlines()
            errors = [line[1:].strip() for line in lines if line.startswith("E ")]
            self.message = (errors or lines or [""])[0][:300]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep a file that could not even be collected."""
        if report.failed and not self.name:
            self.name, self.message = report.nodeid, "it can't be collected"


def tests_of(file: str) -> list[Path]:
    """Return the tests that a mutant of a file is put before; none where they are not at hand."""
    return [TESTS / place for place in OF_FILE.get(file, ()) if (TESTS / place).exists()]


def failing_test(codes: Mapping[str, bytes], places: list[Path]) -> Detection | None:
    """Return the first of the fast tests that fails with other code in the place of the contracts'.

    To be called in a process of its own: the contracts stay what they are made here.
    """
    if not places:
        return None
    _plant(codes)
    first = FirstFailure()
    words = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", "-m", "not slow and not thorough"]
    with (
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        pytest.main([*words, "--rootdir", str(ROOT), *map(str, places)], plugins=[first])
    return Detection(first.name, first.message, STAGE) if first.name else None


def _plant(codes: Mapping[str, bytes]) -> None:
    original = Artifact.of

    def of(name: str, compiled: dict[str, Any]) -> Artifact:
        if name in codes:
            compiled = compiled | {"bytecode": codes[name].hex()}
        return original(name, compiled)

    load.cache_clear()
    Artifact.of = staticmethod(of)  # type: ignore[method-assign]  # before any test has loaded one
