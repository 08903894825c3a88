"""What holds for all tests: their programs, repeatability, `--property`, reasons of skips, what is shown."""

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tests of one property be run alone."""
    parser.addoption("--property", metavar="ID", help="run only the tests marked with this property's id")


def pytest_configure(config: pytest.Config) -> None:
    """Find what ``make setup`` installs, also when pytest is not called through make; hear Ctrl-C.

    Programs that are started in a shell's background ignore it, and so would those that tests interrupt.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ["PATH"] = f"{ROOT / '.tools/bin'}{os.pathsep}{os.environ['PATH']}"
    os.environ.setdefault("SOLCX_BINARY_PATH", str(ROOT / ".tools/solc"))
    os.environ["NPM_CONFIG_OFFLINE"] = "true"  # tests install nothing
    if config.option.property is not None:
        _check_id(config.option.property)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave only the tests of the property that is asked for."""
    if config.option.property is None:
        return
    chosen, others = [], []
    for item in items:
        (chosen if config.option.property in _ids(item) else others).append(item)
    config.hook.pytest_deselected(items=others)
    items[:] = chosen


def _ids(item: pytest.Item) -> set[str]:
    """Return the ids that a test is marked with; raises UsageError when one is unknown."""
    ids = {mark.args[0] for mark in item.iter_markers("property")}
    for id_ in ids:
        _check_id(id_)
    return ids


def _check_id(id_: str) -> None:
    from ringfence.properties import BY_ID  # here, since the model's tests run without the harness

    known = [*sorted(BY_ID), "MODEL"]
    if id_ not in known:
        raise pytest.UsageError(f"There is no property {id_!r}; the ids are {', '.join(known)}.")


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
