"""The way in from pytest: hold a vault to every law that applies to it."""

from io import StringIO
from typing import Any, Final

from rich.console import Console

from ringfence.engine.kept import finding_of
from ringfence.engine.loading import check
from ringfence.engine.replay import replay
from ringfence.engine.search import Search, Searched
from ringfence.report.search_tables import complaints
from ringfence.report.text import headlines, told_frames

SECONDS: Final = 10
SEED: Final = 1
WIDTH: Final = 120  # characters of a message


class VaultFails(AssertionError):
    """A law is broken, or could not be put to the test. The message has the shortest program and the law."""


def check_vault(
    adapter: type[Any], *, seconds: float = SECONDS, seed: int = SEED, runs: int | None = None
) -> Searched:
    """Search a vault for so long, or for so many runs; return what was done.

    Raises VaultFails when a law is broken, when one that applies was never put to the test, or when the
    adapter does not see all of the vault's storage or does not keep to its protocol.
    """
    __tracebackhide__ = True
    check(adapter)
    search = Search(adapter, seed)
    done = search.run(seconds, runs)
    if not done.is_clean:
        can_be_told = done.caught and not done.fault
        raise VaultFails(_story(search, adapter) if can_be_told else "\n".join(complaints(done)))
    return done


def _story(search: Search, adapter: type[Any]) -> str:
    name = f"{adapter.__module__}:{adapter.__qualname__}"
    found = finding_of(search, name, adapter)
    frames = list(replay(search.shown, found.program, found.law))
    console = Console(width=WIDTH, file=StringIO(), color_system=None)
    console.print("\n".join(headlines(found)), "", told_frames(frames, found.market), sep="\n")
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()
