"""The option that names the vault, of every command that searches one."""

from typing import Final

import click

OURS: Final = "isolated-margin"
adapter_option = click.option(
    "--adapter",
    metavar="NAME",
    default=OURS,
    show_default=True,
    help="The vault: FILE.PY:CLASS, package.module:Class, or the id of a known vault.",
)
