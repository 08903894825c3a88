"""Storage by the names of the source: places of variables, and names of words, for a book of addresses."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from eth_utils.crypto import keccak

from ringfence.evm.abi.layout import Layout, Place
from ringfence.evm.abi.names import AddressBook
from ringfence.evm.abi.slot_names import WORD, Keys, SlotNames


def place_of(
    storage_layout: Mapping[str, Any],
    book: AddressBook,
    label: str,
    keys: Iterable[int | str | bytes],
    member: str,
) -> Place:
    """Return the place of a variable, of an entry of its mappings, of a member of its struct.

    Raises KeyError for what the layout does not know.
    """
    hashed = (book.address(key) if isinstance(key, str) else key for key in keys)
    words = [key if isinstance(key, int) else int.from_bytes(key) for key in hashed]
    layout = Layout(storage_layout)
    return layout.fields(label, *words)[member] if member else layout.value(label, *words)


def slot_names(
    storage_layout: Mapping[str, Any], book: AddressBook, positions: Iterable[Hashable]
) -> SlotNames:
    """Return the names of a contract's words; ``positions`` are what the vault calls its positions."""
    addresses = {name: address.rjust(WORD, b"\0") for name, address in book.known.items()}
    hashes = dict(_hashed(key, book) for key in positions if isinstance(key, tuple | bytes))
    return SlotNames(storage_layout, Keys(addresses, hashes))


def _hashed(key: "tuple[Any, ...] | bytes", book: AddressBook) -> tuple[str, bytes]:
    """Return the name and the word of a position's key: several parts are hashed as ``abi.encode``."""
    if isinstance(key, bytes):
        return f"0x{key.hex()}", key.ljust(WORD, b"\0")
    words = [
        book.address(part).rjust(WORD, b"\0") if isinstance(part, str) else int(part).to_bytes(WORD)
        for part in key
    ]
    return ", ".join(map(str, key)), keccak(b"".join(words))
