"""What a keeper did, line by line on disk: what it means to send is there before it is sent."""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import time
from types import TracebackType
from typing import IO, Any, Final

from ringfence.types.errors import RingfenceError

SCHEMA: Final = "ringfence-journal/1"


class Journal:
    """A file of JSON lines that only grows, for one keeper at a time; ``past`` is what earlier runs wrote.

    ``write`` returns once the lines are on the disk. A last line that is cut short is dropped when the file
    is opened: whoever wrote it was stopped before acting on it.
    """

    def __init__(self, path: Path, keeper: str, vault: str, now: Callable[[], float] = time) -> None:
        """Open the journal of an account's work at a vault, or begin it.

        Raises:
            RingfenceError: the file can't be written, is in use or damaged, or of another keeper or vault.
        """
        self._path, self._now = path, now
        head = {"kind": "journal", "schema": SCHEMA, "keeper": keeper, "vault": vault}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: IO[bytes] = path.open("a+b")
        except OSError as failure:
            raise RingfenceError(f"{path}: the journal can't be written: {failure.strerror}") from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise RingfenceError(f"{path}: another keeper uses this journal; end it first") from None
        self.past = list(self._read())
        if not self.past:
            self.write([head])
        elif {name: self.past[0].get(name) for name in head} != head:
            self._file.close()
            raise RingfenceError(
                f"{path}: the journal is of another keeper or vault; name another with --journal"
            )

    def write(self, lines: Iterable[dict[str, Any]]) -> None:
        """Add lines, each with the time in seconds; raises RingfenceError if they can't be kept."""
        stamped = [{"at": round(self._now(), 3)} | line for line in lines]
        if not stamped:
            return
        try:
            self._file.write(b"".join(json.dumps(line).encode() + b"\n" for line in stamped))
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as failure:
            raise RingfenceError(f"{self._path}: the journal can't be written: {failure.strerror}") from None

    def __enter__(self) -> "Journal":
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the file to others."""
        self._file.close()

    def _read(self) -> Iterator[dict[str, Any]]:
        self._file.seek(0)
        content = self._file.read()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            self._file.truncate(whole)
        for number, line in enumerate(content[:whole].splitlines(), start=1):
            try:
                entry = json.loads(line)
            except ValueError:
                entry = None
            if not isinstance(entry, dict):
                raise RingfenceError(
                    f"{self._path}, line {number}: the journal is damaged; see that nothing of the keeper is"
                    " pending, and name another with --journal"
                )
            yield entry
