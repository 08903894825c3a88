"""A name as Python and as Solidity spell it: ``long_size`` and ``longSize``."""

import re
from typing import Final

CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
UNDERSCORED: Final = re.compile(r"_([a-z0-9])")


def snake(name: str) -> str:
    """Return a name as Python spells it."""
    return CAPITAL.sub("_", name).lower()


def camel(name: str) -> str:
    """Return a name as Solidity spells it."""
    return UNDERSCORED.sub(lambda found: found[1].upper(), name)
