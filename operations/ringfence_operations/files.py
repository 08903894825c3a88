"""Files that are replaced whole or not at all."""

import os
from pathlib import Path

from ringfence.types.errors import RingfenceError


def write_whole(text: str, path: Path) -> None:
    """Replace a file by ``text`` on disk, so that at any time it is the old one or the new one.

    Raises:
        RingfenceError: the file can't be written.
    """
    draft = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as failure:
        raise RingfenceError(f"{path}: the file can't be written: {failure.strerror}") from None
