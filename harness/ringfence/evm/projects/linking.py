"""Libraries that creation code waits for: a placeholder of 20 bytes for each use, made of its full name."""

import re
from collections.abc import Iterator
from typing import Final

from eth_utils.crypto import keccak

PLACEHOLDER: Final = re.compile(r"__\$([0-9a-fA-F]{34})\$__")
UNSET: Final = "00" * 20


def digest_of(full_name: str) -> str:
    """Return what stands in a placeholder for a library: ``src/Maths.sol:Maths``."""
    return keccak(text=full_name).hex()[:34]


def placeholders(code: str) -> Iterator[tuple[int, str]]:
    """Yield where addresses of libraries belong in creation code in hex, in bytes, with their digests."""
    return ((found.start() // 2, found[1].lower()) for found in PLACEHOLDER.finditer(code))


def without_libraries(code: str) -> str:
    """Return creation code in hex with zeros for the addresses of libraries."""
    return PLACEHOLDER.sub(UNSET, code)
