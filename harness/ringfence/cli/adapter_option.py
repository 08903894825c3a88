"""The options that name the vault, of every command that searches one, and what it is compared with."""

from pathlib import Path
from typing import Final

import click

from ringfence.cli.messages import one_sentence
from ringfence.engine.loading import whole_name

OURS: Final = "isolated-margin"
HERE: Final = "ringfence_adapter.py"  # what `ringfence init` writes


def usual() -> str:
    """Return the adapter of the working directory; without one, our own vault."""
    return HERE if Path(HERE).is_file() else OURS


def _whole(ctx: click.Context, option: click.Parameter, name: str) -> str:
    with one_sentence():
        return whole_name(name)


vault_option = click.option(
    "--vault",
    metavar="NAME",
    callback=lambda ctx, option, name: _whole(ctx, option, name) if name else None,
    help="Another vault than the finding's, named as for `ringfence campaign --adapter`.",
)
against_option = click.option(
    "--against",
    metavar="NAME",
    default="",
    callback=lambda ctx, option, name: _whole(ctx, option, name) if name else "",
    help="Another version of the vault, named as for --adapter: its reference, step by step.",
)
adapter_option = click.option(
    "--adapter",
    metavar="NAME",
    default=usual,
    show_default=f"{HERE} in this folder, else {OURS}",
    callback=_whole,
    help="The vault: FILE.PY[:CLASS], package.module:Class, or the id of a known vault.",
)
