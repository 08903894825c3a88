"""What every command that follows a market is told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

FILE = click.Path(path_type=Path, dir_okay=False)


def following(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a command that follows a market."""
    for option in reversed(
        (
            click.option(
                "--manifest", type=FILE, required=True, help="What `deploy` wrote about the market."
            ),
            click.option(
                "--network",
                required=True,
                help="A network of Ape's, such as ethereum:sepolia:node, or a node's URL.",
            ),
            click.option(
                "--checkpoint",
                type=FILE,
                help="Where to go on from after a stop; beside the manifest without it.",
            ),
            click.option(
                "--every",
                type=click.FloatRange(min=0.05),
                default=1,
                show_default=True,
                help="Seconds between looks at the chain.",
            ),
            click.option("--once", is_flag=True, help="Look once, and end."),
        )
    ):
        command = option(command)
    return command


def beside(manifest: Path, name: str) -> Path:
    """Return the path of a file that belongs to a manifest."""
    return manifest.with_name(f"{manifest.stem}.{name}")
