"""docs/findings.md names what there is."""

import re
from pathlib import Path

import click
from ringfence.cli.group import ringfence
from ringfence.types.exit_codes import ExitCode

PAGE = (Path(__file__).resolve().parents[2] / "docs/findings.md").read_text(encoding="utf-8")


def test_page__options__are_those_of_the_commands() -> None:
    context = click.Context(ringfence)
    commands = [ringfence.get_command(context, name) for name in ("campaign", "replay", "explain")]
    known = {option for command in commands if command for each in command.params for option in each.opts}
    named = set(re.findall(r"--[a-z]+", PAGE))
    assert named
    assert named <= known


def test_page__exit_codes__are_all_there_are_with_their_meanings() -> None:
    rows = re.findall(r"^\| (\d+) \| `([A-Z_]+)` \| (.*) \|$", PAGE, re.MULTILINE)
    assert rows == [(str(code.value), code.name, code.__doc__) for code in ExitCode]
