"""Numbers that a constructor or a setter wants, guessed from their names."""

from collections.abc import Iterator
from typing import Final

from ringfence.vaults.draft.signatures import Param
from ringfence.vaults.draft.synonyms import DOLLARS, known
from ringfence.vaults.draft.words import has

LEAST_ZEROS: Final = 6  # of a number that is written with a power of ten
SCALES: Final = (10**4, 10**6, 10**18, 100)  # what shares of a whole are counted in, the most usual first
STATED_SCALES: Final = (
    (10**4, known("bps bp basis")),
    (10**6, known("ppm")),
    (10**18, known("wad mantissa")),
    (100, known("percent pct")),
)
MILLION: Final = 10**6
PARTS: Final = (  # of a million
    (750_000, known("ltv")),
    (800_000, known("threshold")),
    (100_000, known("initial")),
    (50_000, known("maintenance maint margin ratio bonus penalty incentive discount")),
    (5_000, known("reward bounty")),
    (1_000, known("fee fees spread rate impact interest cut share")),
)
OTHERS: Final = (
    (3_600, known("age staleness stale heartbeat timeout period window interval lifetime")),
    (1, known("delay cooldown min minimum least")),
    (10**30, known("max maximum cap limit supply most ceiling")),
)
DECIMALS: Final = known("decimals")
LEVERAGE: Final = known("leverage")
USUAL_LEVERAGE, USUAL_DECIMALS, DOLLAR_DECIMALS = 10, 18, 6


def number(param: Param, *, scale: int, of: str = "") -> int:
    """Return a value for a number; ``of`` is what the contract is made for, ``scale`` what a whole may be."""
    name = param.name
    if has(name, DECIMALS):
        return decimals_of(f"{name} {of}")
    if has(name, LEVERAGE):
        return USUAL_LEVERAGE
    whole_number = next((stated for stated, words in STATED_SCALES if has(name, words)), scale)
    shares = (max(1, parts * whole_number // MILLION) for parts, words in PARTS if has(name, words))
    others = (value for value, words in OTHERS if has(name, words))
    return min(_highest(param.type), next(shares, next(others, 1)))


def decimals_of(name: str) -> int:
    """Return the decimals of a token by what it is called: those of dollars, else the usual ones."""
    return DOLLAR_DECIMALS if has(name, DOLLARS) else USUAL_DECIMALS


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
