"""Raw integers as people read them, by the name of the value: amounts in whole tokens, whole sizes."""

from ringfence.types.market import VaultMarket
from ringfence.types.outcome import Value
from ringfence.types.parameters import MAX_UINT
from ringfence.types.spelling import snake


def decimals_of(path: str, setup: VaultMarket) -> int:
    """Return the decimals of a number by the last part of its path: of ``positions[1].margin``, a token's."""
    return setup.decimals(snake(path.rpartition(".")[2]))


def fixed(value: int, decimals: int) -> str:
    """Return an integer of N decimals exactly, without trailing zeros: ``-1,234.5``."""
    if value == MAX_UINT:
        return "2^256 - 1"
    whole, part = divmod(abs(value), 10**decimals)
    fraction = str(part).rjust(decimals, "0").rstrip("0") if part else ""
    return f"{'-' if value < 0 else ''}{whole:,}{'.' if fraction else ''}{fraction}"


def shown(path: str, value: Value, setup: VaultMarket) -> str:
    """Return any value as a cell of a table shows it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case int():
            return fixed(value, decimals_of(path, setup))
        case str():
            return value or "nobody"
        case bytes():
            return "0x" + value.hex()
        case tuple():
            return ", ".join(shown(path, part, setup) for part in value)
