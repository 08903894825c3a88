"""What holds for all tests: where programs are, that they repeat, that a skip says why, and what is shown."""

import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter
from hypothesis import Phase, settings

ROOT = Path(__file__).resolve().parents[1]
NO_REASONS = ("", "unconditional skip")

FIXED = settings(derandomize=True, database=None, deadline=None)
settings.register_profile("fixed", FIXED)
# for runs against mutants, where a failure is all that counts and not how short it gets
settings.register_profile(
    "mutants", FIXED, phases=(Phase.explicit, Phase.generate), report_multiple_bugs=False
)
settings.load_profile("fixed")


def pytest_configure() -> None:
    """Find what ``make setup`` installs, also when pytest is not called through make; hear Ctrl-C.

    Programs that are started in a shell's background ignore it, and so would those that tests interrupt.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ["PATH"] = f"{ROOT / '.tools/bin'}{os.pathsep}{os.environ['PATH']}"
    os.environ.setdefault("SOLCX_BINARY_PATH", str(ROOT / ".tools/solc"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that skips without a reason."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple):
        path, line, text = report.longrepr
        if text.removeprefix("Skipped").removeprefix(": ") in NO_REASONS:
            report.outcome = "failed"
            report.longrepr = f"{path}:{line}: skipped without a reason"
    return report


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Show what tests recorded under a title that begins with ``table:``."""
    for report in terminalreporter.getreports("passed"):
        for title, text in report.user_properties:
            if title.startswith("table:"):
                terminalreporter.section(title.removeprefix("table:"))
                terminalreporter.write_line(text)
