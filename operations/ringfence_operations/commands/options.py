"""The options that several operations share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

import click

Command: TypeAlias = Callable[..., Any]

FILE: Final = click.Path(path_type=Path, dir_okay=False)
MANIFEST: Final = click.option(
    "--manifest", type=FILE, required=True, help="Manifest that `deploy` wrote about the market."
)
NETWORK: Final = click.option(
    "--network", required=True, help="Network of Ape, such as ethereum:sepolia:node, or URL of a node."
)
PASSPHRASE_FILE: Final = click.option(
    "--passphrase-file", type=FILE, help="File with the account's passphrase, mode 600; asked for without it."
)


def sending(command: Command) -> Command:
    """Add the options of a command that sends transactions and waits for them."""
    for option in (
        click.option(
            "--patience",
            type=click.FloatRange(1),
            default=600.0,
            help="Seconds to wait for each transaction.",
        ),
        click.option(
            "--max-fee", type=click.FloatRange(0.001), default=100.0, help="Highest price of gas, in gwei."
        ),
        click.option("--confirmations", type=click.IntRange(1), default=2, help="Blocks to wait for."),
    ):
        command = option(command)
    return command


def following(command: Command) -> Command:
    """Add the options of a command that follows a market."""
    for option in (
        click.option("--once", is_flag=True, help="Look once, and end."),
        click.option(
            "--every", type=click.FloatRange(min=0.05), default=1, help="Seconds between looks at the chain."
        ),
        click.option(
            "--checkpoint",
            type=FILE,
            help="File to resume from after a stop; next to the manifest without it.",
        ),
        NETWORK,
        MANIFEST,
    ):
        command = option(command)
    return command


def next_to(manifest: Path, name: str) -> Path:
    """Return the path of a file that belongs to a manifest."""
    return manifest.with_name(f"{manifest.stem}.{name}")
