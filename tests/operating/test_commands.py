"""Every operation is a command of `ringfence` and a script of Ape."""

import re
import sys
from pathlib import Path
from typing import Final

import click
import pytest
from click.testing import CliRunner
from ringfence.cli.group import ringfence

from tests.operating.site import ROOT

OPERATIONS: Final = ("accept", "deploy", "keeper", "monitor", "rehearse", "verify")


def test_help__of_ringfence__lists_the_operations() -> None:
    result = CliRunner().invoke(ringfence, ["--help"])
    listed = re.findall(r"^  (\w+)  ", result.output.partition("Commands:")[2], re.MULTILINE)
    assert {"campaign", *OPERATIONS} <= set(listed)
    assert listed == sorted(listed)


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation__in_ringfence_and_as_a_script__is_one_command(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    monkeypatch.delitem(sys.modules, name, raising=False)
    script = __import__(name)
    command = ringfence.get_command(click.Context(ringfence), name)
    assert command is script.cli
    result = CliRunner().invoke(ringfence, [name, "--help"])
    assert (result.exit_code, "--network" in result.output) == (0, True), result.output


@pytest.mark.parametrize("missing", ["ape", "tenacity"])
def test_operation__without_a_package_that_it_needs__says_what_to_install(
    missing: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One sentence with the package and the extra, and exit code 2."""
    for module in list(sys.modules):
        if module.startswith("ringfence_operations.follow") or module.partition(".")[0] == missing:
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, missing, None)
    arguments = ["monitor", "--manifest", str(tmp_path / "market.json"), "--network", "http://127.0.0.1:1"]
    result = CliRunner().invoke(ringfence, arguments)
    assert result.exit_code == 2, result.output
    assert result.output == (
        f"Error: monitor needs {missing}, which is not installed: run `pip install 'ringfence[operate]'`\n"
    )
