"""Addresses by name, so that what happened on different chains compares equal."""

from collections.abc import Mapping
from typing import Final

ZERO: Final = bytes(20)


class AddressBook:
    """Names of addresses, both ways: ``""`` for the zero address, lower-case hex text for an unknown one."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        """Take the hex text of each name's address."""
        self._addresses = {name: bytes.fromhex(text.removeprefix("0x")) for name, text in addresses.items()}
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
        """Return the 20 bytes of a name or of hex text; raises KeyError with an unknown name."""
        if name.startswith("0x"):
            return bytes.fromhex(name[2:])
        return self._addresses[name]

    def text(self, name: str) -> str:
        """Return the address of a name as lower-case hex text."""
        return "0x" + self.address(name).hex()
