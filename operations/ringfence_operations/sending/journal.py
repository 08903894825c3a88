"""What an account means to send and what becomes of it, line by line on disk, before it is acted on."""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from time import time
from types import TracebackType
from typing import IO, Any, Final, Self

from ringfence.types.errors import RingfenceError

from ringfence_operations.files import write_whole

SCHEMA: Final = "ringfence-journal/4"


class Journal:
    """A file of JSON lines that only grows, for one process at a time; ``past`` is what earlier runs wrote.

    Its first line says whose it is, and is there from the beginning. ``write`` returns once the lines are on
    the disk. A last line that is cut short is dropped when the file is opened: its writer was stopped before
    acting on it.
    """

    def __init__(self, path: Path, subject: Mapping[str, str], now: Callable[[], float] = time) -> None:
        """Open the journal of ``subject``, names and values that no other journal has, or begin it.

        Raises:
            RingfenceError: the file can't be written, is in use, is damaged, or is of another subject.
        """
        self._path, self._now = path, now
        head = {"kind": "journal", "schema": SCHEMA, **subject}
        self._file = self._opened(self._text([head]))
        try:
            self._lock()
            self.past = list(self._lines())
            written: object = self.past[0].get("schema", SCHEMA)
            if written != SCHEMA:
                raise self._error(f": this is a journal of {written}, and {SCHEMA} is read here")
            if {name: self.past[0].get(name) for name in head} != head:
                raise self._error(
                    f": an unfinished run of another {' or '.join(subject)} is noted here; finish it with "
                    "what it was begun with, or use another file"
                )
        except RingfenceError:
            self._file.close()
            raise

    def replay(self, apply: Callable[[dict[str, Any]], None]) -> None:
        """Apply what earlier runs wrote, line by line; raises RingfenceError for a line that doesn't fit."""
        for number, line in enumerate(self.past, start=1):
            try:
                apply(line)
            except (KeyError, TypeError):
                raise self._damage(number) from None

    def write(self, lines: Iterable[Mapping[str, Any]]) -> None:
        """Add lines, each with the time in seconds; raises RingfenceError if they can't be written."""
        text = self._text(lines)
        if not text:
            return
        try:
            self._file.write(text.encode())
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as failure:
            raise self._error(f": the journal can't be written: {failure.strerror}") from None

    def remove(self) -> None:
        """Delete the journal of a run that is finished."""
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        """Return the journal."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the file to others."""
        self._file.close()

    def _opened(self, head: str) -> IO[bytes]:
        """Return the file; a new one appears with its first line, unless another run makes it just now."""
        draft = self._path.with_name(self._path.name + ".new")
        try:
            if not self._path.exists():
                write_whole(head, draft)
                with suppress(FileExistsError):
                    os.link(draft, self._path)
                draft.unlink()
            return self._path.open("a+b")
        except OSError as failure:
            raise self._error(f": the journal can't be written: {failure.strerror}") from None

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise self._error(": another run uses this journal; end it first") from None

    def _lines(self) -> Iterator[dict[str, Any]]:
        """Give the lines, at least one, without what is cut short at the end; raises RingfenceError."""
        self._file.seek(0)
        content = self._file.read()
        whole = content.rfind(b"\n") + 1
        if not whole:
            raise self._error(": this is no journal of transactions; move it away if nothing was sent")
        self._file.truncate(whole)
        for number, line in enumerate(content[:whole].splitlines(), start=1):
            try:
                entry = json.loads(line)
            except ValueError:
                entry = None
            if not isinstance(entry, dict):
                raise self._damage(number)
            yield entry

    def _text(self, lines: Iterable[Mapping[str, Any]]) -> str:
        return "".join(json.dumps({"at": round(self._now(), 3), **line}) + "\n" for line in lines)

    def _damage(self, number: int) -> RingfenceError:
        return self._error(
            f", line {number}: the journal is damaged; see that nothing of its account is pending, and use "
            "another file"
        )

    def _error(self, reason: str) -> RingfenceError:
        return RingfenceError(f"{self._path}{reason}")
