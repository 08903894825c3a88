"""What was sent, on disk before it is sent: a run that is cut off anywhere is finished by the next one."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from ringfence.types.errors import RingfenceError

from ringfence_operations.deploy.manifest import write_whole

SCHEMA: Final = "ringfence-deployment/1"


@dataclass(frozen=True, slots=True)
class Signed:
    """A transaction that may have been sent: fees in wei per gas, ``raw`` its signed bytes as hex text."""

    step: str
    nonce: int
    hash: str
    raw: str
    max_fee: int
    tip: int


class Journal:
    """The transactions of one undertaking, in the order of their signing; some replace earlier ones."""

    def __init__(self, path: Path, subject: str) -> None:
        """Open or begin the journal at ``path``; raises RingfenceError for one of another ``subject``."""
        self.path = path
        self._subject = subject
        self._signed: list[Signed] = []
        if path.exists():
            self._signed = _read(path, subject)

    def of(self, step: str) -> list[Signed]:
        """Return what was signed for a step, the newest last."""
        return [signed for signed in self._signed if signed.step == step]

    def add(self, signed: Signed) -> None:
        """Note a transaction before it is sent; raises RingfenceError when it can't be written."""
        self._signed.append(signed)
        self._write()

    def drop(self, step: str) -> None:
        """Forget a step whose nonce something else has used: its transactions can't be mined any more."""
        self._signed = [signed for signed in self._signed if signed.step != step]
        self._write()

    def close(self) -> None:
        """Remove the journal of what is finished."""
        self.path.unlink(missing_ok=True)

    def _write(self) -> None:
        body = {"schema": SCHEMA, "subject": self._subject, "signed": [asdict(each) for each in self._signed]}
        write_whole(json.dumps(body, indent=1) + "\n", self.path)


def _read(path: Path, subject: str) -> list[Signed]:
    """Return what a journal holds; raises RingfenceError."""
    try:
        body: Any = json.loads(path.read_text(encoding="utf-8"))
        if body["schema"] != SCHEMA:
            raise RingfenceError(f"{path}: this is a journal of {body['schema']}, and {SCHEMA} is read here")
        signed = [Signed(**entry) for entry in body["signed"]]
        found = body["subject"]
    except OSError as failure:
        raise RingfenceError(f"{path}: {failure.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise RingfenceError(
            f"{path}: this is no journal of transactions; move it away if nothing was sent"
        ) from None
    if found != subject:
        raise RingfenceError(
            f"{path}: an unfinished run of another configuration or account is noted here; finish it with "
            "what it was begun with, or move the file away"
        )
    return signed
