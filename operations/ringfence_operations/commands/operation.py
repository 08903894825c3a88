"""The click command of every operation: whatever stops it is one sentence, and exit code 2."""

from typing import Any, Final

import click
from ringfence.cli.messages import CannotTell, one_sentence

OURS: Final = ("isolated_margin", "ringfence", "ringfence_operations")


class Operation(click.Command):
    """A command that ends with one sentence when something is refused, missing or not installed."""

    def __init__(self, name: str | None, **settings: Any) -> None:
        """Make the command; its help shows every option's default."""
        super().__init__(name, {"show_default": True}, **settings)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; raises CannotTell for whatever stops it."""
        try:
            with one_sentence():
                return super().invoke(ctx)
        except ModuleNotFoundError as missing:
            if missing.name is None or missing.name.partition(".")[0] in OURS:
                raise
            raise CannotTell(
                f"{self.name} needs {missing.name}, which is not installed: "
                "run `pip install 'ringfence[operate]'`"
            ) from None
