"""What can be run from a shell: one module per subcommand, imported when it is asked for."""

from collections.abc import Mapping
from importlib import import_module
from typing import Final

import click

COMMANDS: Final[Mapping[str, str]] = {
    "campaign": "ringfence.cli.campaign",
    "coverage": "ringfence.cli.coverage",
    "damage": "ringfence.cli.damage",
    "explain": "ringfence.cli.explain",
    "mutants": "ringfence.cli.mutants",
    "properties": "ringfence.cli.properties",
    "replay": "ringfence.cli.replay",
    "scenario": "ringfence.cli.scenario",
}


class LazyGroup(click.Group):
    """Imports a subcommand's module only when it is needed; the module holds a command of the same name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all subcommands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a subcommand; None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup)
@click.version_option(package_name="ringfence")
def ringfence() -> None:
    """Find where an isolated-margin vault and its arithmetic disagree."""
