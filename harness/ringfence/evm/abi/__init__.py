"""Contract interfaces: calls, results, logs and errors, between bytes and plain values.

Compiled once per interface, because eth-abi's decoding alone would take longer than the whole of a step.
"""

from ringfence.evm.abi.coder import EncodingError, MalformedOutput
from ringfence.evm.abi.interface import Function, Interface, Refusals
from ringfence.evm.abi.names import AddressBook, Names, UnknownName

__all__ = [
    "AddressBook",
    "EncodingError",
    "Function",
    "Interface",
    "MalformedOutput",
    "Names",
    "Refusals",
    "UnknownName",
]
