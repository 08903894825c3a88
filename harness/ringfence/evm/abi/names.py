"""Addresses by name, so that what happened on different chains compares equal."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final, TypeVar

ZERO: Final = bytes(20)
Named = TypeVar("Named")


class UnknownName(KeyError):
    """Nothing has that name. The message is one clause, with the nearest names that there are."""

    def __init__(self, lacking: str, name: str, known: Iterable[str]) -> None:
        """Say what is lacking, such as ``there is no contract``, and by what name it was asked for."""
        super().__init__(name)
        near = get_close_matches(str(name), sorted(filter(None, known)))
        self._message = f"{lacking} {name!r}{'; near it: ' if near else ''}{', '.join(near)}"

    def __str__(self) -> str:
        """Return the message, where a KeyError would show the key alone."""
        return self._message


class Names(dict[str, Named]):
    """What has a name, by it; an unknown one raises UnknownName, with what is ``lacking`` then."""

    def __init__(self, lacking: str, named: Mapping[str, Named] | None = None) -> None:
        super().__init__(named or {})
        self._lacking = lacking

    def __missing__(self, name: str) -> Named:
        """Raise UnknownName."""
        raise UnknownName(self._lacking, name, self)


class AddressBook:
    """Names of addresses, both ways: ``""`` for the zero address, lower-case hex text for an unknown one."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        """Take the hex text of each name's address."""
        decoded = {name: bytes.fromhex(text.removeprefix("0x")) for name, text in addresses.items()}
        self._addresses = Names("there is no account or contract", decoded)
        self._addresses[""] = ZERO
        self._names = {address: name for name, address in self._addresses.items()}

    def add(self, name: str, text: str) -> None:
        """Know one more address; interfaces that read this book know it too."""
        address = bytes.fromhex(text.removeprefix("0x"))
        self._addresses[name] = address
        self._names[address] = name

    @property
    def known(self) -> Mapping[str, bytes]:
        """Return all names with their addresses, but that of the zero address."""
        return {name: address for name, address in self._addresses.items() if name}

    def name(self, address: bytes) -> str:
        """Return the name of a 20-byte address."""
        known = self._names.get(address)
        return "0x" + address.hex() if known is None else known

    def address(self, name: str) -> bytes:
        """Return the 20 bytes of a name or of hex text; raises UnknownName."""
        if name.startswith("0x"):
            return bytes.fromhex(name[2:])
        return self._addresses[name]

    def text(self, name: str) -> str:
        """Return the address of a name as lower-case hex text."""
        return "0x" + self.address(name).hex()
