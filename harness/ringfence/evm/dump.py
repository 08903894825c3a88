"""A dumped state of a chain: what ``anvil_dumpState``, ``anvil --dump-state``, ``vm.dumpState``, and genesis
files of other nodes hold, read exactly or refused in one sentence.
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

ADDRESS: Final = re.compile(r"(0x)?([0-9a-fA-F]{40})")
HEX: Final = re.compile(r"(0x)?(([0-9a-fA-F]{2})*)")
NUMBER: Final = re.compile(r"0x[0-9a-fA-F]{1,64}|[0-9]{1,78}")
WORD: Final = re.compile(r"(0x)?[0-9a-fA-F]{1,64}")
GZIP: Final = b"\x1f\x8b"
FORMS: Final = "neither anvil's dump, nor accounts by their addresses, nor a genesis file with alloc"


class BadDump(Exception):
    """A file is no dumped state. The message is one sentence with the place."""


@dataclass(frozen=True, slots=True)
class DumpedAccount:
    """An account: ``balance`` in wei, ``storage`` words by their slots."""

    balance: int
    nonce: int
    code: bytes
    storage: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Dump:
    """Accounts by their addresses, in lower case; ``number`` and ``timestamp`` are the block's, if known."""

    accounts: Mapping[str, DumpedAccount]
    number: int | None = None
    timestamp: int | None = None

    def without_code(self, addresses: Iterable[str]) -> "Dump":
        """Return the state in which these accounts have no code."""
        bare = {each: replace(self.accounts[each], code=b"") for each in addresses if each in self.accounts}
        return replace(self, accounts={**self.accounts, **bare})


def read_dump(path: Path) -> Dump:
    """Return the state in a file; raises BadDump."""
    try:
        content = _parsed(path.read_bytes())
    except OSError as failure:
        raise BadDump(f"{path}: {failure.strerror}.") from None
    except (ValueError, EOFError, zlib.error, gzip.BadGzipFile, RecursionError) as failure:
        raise BadDump(f"{path}: it is cut off, or no dumped state: {failure}.") from None
    return DumpReader(str(path)).dump(content)


def _parsed(content: bytes) -> Any:
    """Return JSON, plain or packed: bytes, their hex, or a node's answer with that."""
    if content.startswith(GZIP):
        content = gzip.decompress(content)
    text = content.decode("utf-8").strip()
    found = text if text.startswith("0x") else json.loads(text)
    if isinstance(found, dict) and isinstance(found.get("result"), str):
        found = found["result"]
    return _parsed(bytes.fromhex(found.removeprefix("0x"))) if isinstance(found, str) else found


class DumpReader:
    """Reads a dump's parts; what is wrong is said with the place in the file."""

    def __init__(self, file: str) -> None:
        """Name the file in messages."""
        self._file = file

    def dump(self, content: Any) -> Dump:
        """Return the whole; raises BadDump."""
        whole = self._table(content, "top level")
        part = next((name for name in ("accounts", "alloc") if name in whole), "")
        accounts = self._table(whole[part], part) if part else whole
        if not part and not all(map(ADDRESS.fullmatch, whole)):
            raise BadDump(f"{self._file}: it is {FORMS}.")
        block = self._table(whole.get("block") or {}, "block") if part else {}
        stated = {"number": whole.get("number"), "timestamp": whole.get("timestamp")} if part else {}
        return Dump(
            {self._address(each, part): self._account(value, each) for each, value in accounts.items()},
            *(self._block(block.get(name, stated.get(name)), name) for name in ("number", "timestamp")),
        )

    def _account(self, value: Any, address: str) -> DumpedAccount:
        account = self._table(value, address)
        storage = self._table(account.get("storage") or {}, f"{address}.storage")
        return DumpedAccount(
            self._number(account.get("balance", 0), f"{address}.balance"),
            self._number(account.get("nonce", 0), f"{address}.nonce"),
            self._bytes(account.get("code") or "0x", f"{address}.code"),
            {
                self._word(slot, f"{address}.storage"): self._word(word, f"{address}.storage[{slot}]")
                for slot, word in storage.items()
            },
        )

    def _block(self, value: Any, name: str) -> int | None:
        """Return a number of the block; nothing where a genesis file says 0."""
        return None if value is None else self._number(value, name) or None

    def _address(self, text: str, place: str) -> str:
        found = ADDRESS.fullmatch(text)
        return f"0x{found[2].lower()}" if found else self._refuse(place, text, "address")

    def _number(self, value: Any, place: str) -> int:
        if type(value) is int and 0 <= value < 2**256:
            return value
        if not isinstance(value, str) or not NUMBER.fullmatch(value):
            self._refuse(place, value, "number")
        return int(value, 0 if value.startswith("0x") else 10)

    def _word(self, value: Any, place: str) -> int:
        if not isinstance(value, str) or not WORD.fullmatch(value):
            self._refuse(place, value, "word in hexadecimal")
        return int(value, 16)

    def _bytes(self, value: Any, place: str) -> bytes:
        found = HEX.fullmatch(value) if isinstance(value, str) else None
        return bytes.fromhex(found[2]) if found else self._refuse(place, value, "code in hexadecimal")

    def _table(self, value: Any, place: str) -> dict[str, Any]:
        return value if isinstance(value, dict) else self._refuse(place, value, "object")

    def _refuse(self, place: str, value: Any, kind: str) -> Any:
        shown = repr(value) if len(repr(value)) <= 40 else f"{repr(value)[:37]}..."
        raise BadDump(f"{self._file}, {place}: {shown} is no {kind}.")
