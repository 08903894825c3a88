"""The ``ringfence`` command: a group of subcommands, each imported when it is asked for."""

import ast
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import click

from ringfence.cli.settings import SEARCHES, defaults

GROUP: Final = "ringfence.commands"  # the entry points by which installed packages add subcommands
COMMANDS: Final = (
    "campaign",
    "check",
    "coverage",
    "damage",
    "explain",
    "init",
    "mutants",
    "properties",
    "replay",
    "scenario",
)


class LazyGroup(click.Group):
    """Offers the commands of this package and those of the entry points in ``GROUP``; its own come first."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all subcommands, sorted."""
        return sorted(_commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a subcommand; None if there is none of that name."""
        found = _commands().get(cmd_name)
        if found is None:
            return None
        command = found.load()
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a line for each subcommand, none of which is imported: that of all takes seconds."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _summary(found)) for name, found in sorted(_commands().items())])


@click.group(cls=LazyGroup)
@click.version_option(package_name="ringfence")
@click.pass_context
def ringfence(ctx: click.Context) -> None:
    """Stateful fuzzing of isolated-margin vaults, in Solidity or Vyper.

    Searches for a call sequence that violates a property (invariant testing) or on which the vault does not
    match its reference model (differential testing), and shrinks it to a counterexample. Works with pytest,
    Hypothesis and Ape.
    """
    if ctx.invoked_subcommand in SEARCHES:
        assert isinstance(ctx.command, click.Group)
        ctx.default_map = defaults(ctx.command, ctx)


def _commands() -> dict[str, EntryPoint]:
    """Return where each subcommand is, by its name; nothing is imported."""
    installed = {point.name: point for point in entry_points(group=GROUP)}
    return installed | {name: EntryPoint(name, f"{__package__}.{name}:{name}", GROUP) for name in COMMANDS}


def _summary(command: EntryPoint) -> str:
    """Return the first line of the docstring of a command's module."""
    spec = find_spec(command.module)
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    return (ast.get_docstring(tree) or "").partition("\n")[0]
