"""Draft an adapter for the vault of a project: choose the contract, map its functions, and try them."""

from pathlib import Path
from typing import Final

import click

from ringfence.cli.adapter_option import HERE
from ringfence.cli.messages import CannotTell, one_sentence
from ringfence.types.exit_codes import ExitCode
from ringfence.vaults.draft.drafting import drafted

FOLDER: Final = click.Path(path_type=Path)


@click.command(help=__doc__)
@click.argument("folder", type=FOLDER, default=Path(), required=False)
@click.option(
    "--contract",
    metavar="NAME",
    help="The vault's contract, Vault or src/Vault.sol:Vault; chosen by its functions unless named.",
)
@click.option("--sources", metavar="PART", help="Read this part of the folder alone: src/v2.")
@click.option("--force", is_flag=True, help=f"Overwrite {HERE}.")
@click.pass_context
def init(ctx: click.Context, folder: Path, contract: str | None, sources: str | None, force: bool) -> None:
    """Write ``ringfence_adapter.py`` into the folder; fail when something of it is to be filled in."""
    file = folder / HERE
    if file.exists() and not force:
        raise CannotTell(f"{file} is there already: give --force to overwrite it.")
    with one_sentence():
        written = drafted(folder, contract, sources)
        file.write_text(written.text, encoding="utf-8")
    click.echo(f"{file}: an adapter for {written.vault}, each guess with its reason.")
    if written.unread:
        click.echo(written.unread)
    for remark in written.remarks:
        click.echo(f"to fill in: {remark}")
    click.echo("See what works with `ringfence check`, then search with `ringfence campaign`.")
    ctx.exit(ExitCode.FAILED if written.remarks else ExitCode.CLEAN)
