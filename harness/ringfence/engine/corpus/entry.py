"""A call sequence worth storing, and how it is written down."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from ringfence.engine.corpus.packing import packed, unpacked
from ringfence.types.actions import Alphabet, CallSequence, Step
from ringfence.types.codec import decode, encode
from ringfence.types.market import VaultMarket

FORMAT: Final = "ringfence-corpus/2"


class BadEntry(Exception):
    """A file is no entry of this corpus. The message says why, without the file's name."""


@dataclass(frozen=True, slots=True, eq=False)  # one call sequence can be packed in several ways
class Entry:
    """A call sequence from a market's opening on, and what it is stored for.

    ``is_shrunk``: every step is needed for that. The rest is packed.
    """

    market: str
    is_shrunk: bool
    _packed: bytes

    @staticmethod
    def of(market: str, sequence: CallSequence, reached: Sequence[str], *, is_shrunk: bool) -> "Entry":
        """Return the entry of a call sequence."""
        return Entry(market, is_shrunk, packed(sequence, reached))

    @property
    def sequence(self) -> CallSequence:
        """Return the call sequence, made anew."""
        return unpacked(self._packed)[0]

    @property
    def reached(self) -> tuple[str, ...]:
        """Return what it is stored for."""
        return unpacked(self._packed)[1]


@dataclass(frozen=True, slots=True)
class Header:
    """What every entry of a corpus was made with: call sequences mean nothing elsewhere."""

    format: str
    package: str
    vault: str
    market: str

    @staticmethod
    def of(code: str, setup: VaultMarket) -> "Header":
        """Return the header of a vault's entries in a market."""
        digest = hashlib.sha256(repr(setup).encode()).hexdigest()[:16]
        return Header(FORMAT, version("ringfence"), code, f"{setup.name}:{digest}")


def text_of(entry: Entry, header: Header) -> str:
    """Return an entry as the text of a file."""
    sequence = [encode(step) for step in entry.sequence]
    body = {"shrunk": entry.is_shrunk, "reached": entry.reached, "sequence": sequence}
    return json.dumps(_members(header) | body, indent=1) + "\n"


def name_of(entry: Entry, header: Header) -> str:
    """Return the name of an entry's file: by its content, so that no two call sequences share one."""
    content = repr((header, entry.sequence))
    return hashlib.sha256(content.encode()).hexdigest()[:24] + ".json"


def market_of(text: str) -> tuple[str, dict[str, Any]]:
    """Return the market that an entry's text is of, and its data; raises BadEntry."""
    try:
        data = json.loads(text)
        stated = data["format"]
        market = str(data["market"])
    except (ValueError, RecursionError, KeyError, TypeError):
        raise BadEntry("is no entry of a corpus, or is damaged") from None
    if stated != FORMAT:
        raise BadEntry(f"is of the format {stated!r}, and {FORMAT} is read here")
    return market.partition(":")[0], data


def entry_of(data: dict[str, Any], header: Header, actions: Alphabet) -> Entry:
    """Return the entry that a file's data holds; raises BadEntry."""
    for name, called in (("package", "Ringfence"), ("vault", "the vault"), ("market", "the market")):
        stated, wanted = data.get(name), getattr(header, name)
        if stated != wanted:
            raise BadEntry(f"was made with another version of {called}: {stated}, not {wanted}")
    try:
        sequence = tuple(decode(step, Step, actions) for step in data["sequence"])
        reached = tuple(map(str, data["reached"]))
        return Entry.of(header.market.partition(":")[0], sequence, reached, is_shrunk=bool(data["shrunk"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        raise BadEntry("holds no call sequence that can be read") from None


def _members(header: Header) -> dict[str, str]:
    return {name: getattr(header, name) for name in ("format", "package", "vault", "market")}
