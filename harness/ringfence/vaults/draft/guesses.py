"""Numbers that a constructor or a setter wants, guessed from their names."""

from collections.abc import Iterator
from typing import Final

from ringfence.vaults.draft.signatures import Param
from ringfence.vaults.draft.words import DOLLARS, has

LEAST_ZEROS: Final = 6  # of a number that is written with a power of ten
SCALES: Final = (10**4, 10**6, 10**18, 100)  # what shares of a whole are counted in, the most usual first
STATED_SCALES: Final = (
    (10**4, {"bps", "bp", "basis"}),
    (10**6, {"ppm"}),
    (10**18, {"wad", "mantissa"}),
    (100, {"percent", "pct"}),
)
PARTS: Final = (  # of a million
    (750_000, {"ltv"}),
    (800_000, {"threshold"}),
    (100_000, {"initial"}),
    (50_000, {"maintenance", "maint", "margin", "ratio", "bonus", "penalty", "incentive", "discount"}),
    (5_000, {"reward", "bounty"}),
    (1_000, {"fee", "fees", "spread", "rate", "impact", "interest", "cut", "share"}),
)
OTHERS: Final = (
    (18, {"decimals"}),
    (10, {"leverage"}),
    (
        3_600,
        {"age", "staleness", "stale", "heartbeat", "timeout", "period", "window", "interval", "lifetime"},
    ),
    (1, {"delay", "cooldown", "min", "minimum", "least"}),
    (10**30, {"max", "maximum", "cap", "limit", "supply", "most", "ceiling"}),
)


def number(param: Param, *, scale: int, of: str = "") -> int:
    """Return a value for a number; ``of`` is what the contract is made for, ``scale`` what a whole may be."""
    highest = _highest(param.type)
    name = f"{param.name} {of}" if has(param.name, {"decimals"}) else param.name
    if has(param.name, {"decimals"}):
        return 6 if has(name, DOLLARS) else 18
    stated = next((whole for whole, known in STATED_SCALES if has(name, known)), scale)
    is_leverage = has(name, {"leverage"})
    for parts, known in () if is_leverage else PARTS:
        if has(name, known):
            return min(highest, max(1, parts * stated // 10**6))
    return next((min(highest, value) for value, known in OTHERS if has(name, known)), 1)


def scales(given: tuple[Param, ...]) -> Iterator[int]:
    """Yield the scales to try for a list of parameters: one, where none of them is a number."""
    yield from SCALES if any(each.is_number or each.parts for each in given) else SCALES[:1]


def _highest(type_: str) -> int:
    bits = int(type_.lstrip("uint") or 256)
    return int(2 ** (bits - (0 if type_.startswith("u") else 1)) - 1)


def whole(value: int) -> str:
    """Return a number as source code: ``10**18``, ``2_000 * 10**8``, ``3_600``."""
    text = str(value)
    zeros = len(text) - len(text.rstrip("0")) if value else 0
    if zeros < LEAST_ZEROS:
        return f"{value:_}"
    if int(text[:-zeros]) == 1:
        return f"10**{zeros}"
    power = zeros - zeros % 3
    return f"{value // 10**power:_} * 10**{power}"
