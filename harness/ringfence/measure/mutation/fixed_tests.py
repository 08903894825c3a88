"""Tests as what notices a mutant that drawn sequences cannot show: hostile tokens, feeds, the factory."""

import contextlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from ringfence.engine.target import ANY_SIZE
from ringfence.evm.artifacts import Artifact, load
from ringfence.evm.chains.revm import RevmChain
from ringfence.measure.mutation.verdict import TEST, Detection

OPTIONS: Final = (
    "-q",
    "-x",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:randomly",
    "-m",
    "not slow and not thorough",
)


class FirstFailure:
    """A plugin of pytest's that remembers the test that failed first, or the file that could not be read."""

    found: Detection | None = None

    def pytest_exception_interact(
        self, call: pytest.CallInfo[object], report: pytest.CollectReport | pytest.TestReport
    ) -> None:
        """Remember the first, by its name and its message."""
        message = call.excinfo.exconly().splitlines()[0] if call.excinfo else ""
        self.found = self.found or Detection(report.nodeid, message, TEST)


def failing_test(codes: Mapping[str, bytes], places: Sequence[Path]) -> Detection | None:
    """Return the first of the fast tests that fails with other code in the place of the contracts'.

    To be called in a process of its own: the contracts stay what they are here.
    """
    if not places:
        return None
    _put_in_place(codes)
    first = FirstFailure()
    with (
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        pytest.main([*OPTIONS, *map(str, places)], plugins=[first])
    return first.found


def _put_in_place(codes: Mapping[str, bytes]) -> None:
    original = Artifact.of

    def of(name: str, compiled: dict[str, Any]) -> Artifact:
        if name in codes:
            compiled = compiled | {"bytecode": codes[name].hex()}
        return original(name, compiled)

    RevmChain.default_code_size_limit = ANY_SIZE  # by the quick way of compiling it is larger than deployed
    load.cache_clear()
    Artifact.of = staticmethod(of)  # type: ignore[method-assign]  # before any test has loaded one
