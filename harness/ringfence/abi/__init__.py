"""Contract interfaces: calls, results, logs and errors, between bytes and plain values.

Compiled once per interface, because eth-abi's decoding alone would take longer than the whole of a step.
"""

from ringfence.abi.coder import EncodingError, MalformedOutput
from ringfence.abi.interface import Function, Interface, Refusals
from ringfence.abi.names import AddressBook

__all__ = ["AddressBook", "EncodingError", "Function", "Interface", "MalformedOutput", "Refusals"]
