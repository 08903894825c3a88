"""Quantities as people write them, ``5 %`` or ``1_000 tokens``, as the vault's integers: exactly or not."""

import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from isolated_margin.fixed import PPM, WAD

NUMBER: Final = re.compile(r"(\d[\d_]{0,39}(?:\.\d{1,36})?)\s*(.*)", re.ASCII)
SHARES: Final[Mapping[str, Fraction]] = MappingProxyType(
    {"%": Fraction(PPM, 100), "bp": Fraction(PPM, 10_000), "ppm": Fraction(1)}
)
SECONDS: Final[Mapping[str, int]] = MappingProxyType(
    {"s": 1, "min": 60, "h": 3_600, "d": 86_400, "y": 31_536_000}
)
GAS_PRICES: Final[Mapping[str, Fraction]] = MappingProxyType({"gwei": Fraction(10**9), "wei": Fraction(1)})
TOKENS: Final = "tokens"
BASE: Final = "base"
PER: Final = " per "


class BadQuantity(ValueError):
    """A text is no quantity of its kind. The message is the part of a sentence that says why."""


def share(text: str) -> int:
    """Return a share in parts per million: ``5 %``, ``50 bp`` or ``50000 ppm``; raises BadQuantity."""
    return _whole(text, _number(text, SHARES), "parts per million")


def assets(text: str, decimals: int) -> int:
    """Return an amount of a token of N decimals in its raw units: ``10 tokens``; raises BadQuantity."""
    number = _number(text, {TOKENS: Fraction(10**decimals)})
    return _whole(text, number, f"raw units of a token of {decimals} decimals")


def size(text: str) -> int:
    """Return an amount of the base asset with 18 decimals: ``2.5 base``; raises BadQuantity."""
    return _whole(text, _number(text, {BASE: Fraction(WAD)}), "units of 18 decimals")


def duration(text: str) -> int:
    """Return a time in seconds: ``90 s``, ``1 min``, ``2 h`` or ``1 d``; raises BadQuantity."""
    return _whole(text, _number(text, {unit: Fraction(each) for unit, each in SECONDS.items()}), "seconds")


def gas_price(text: str) -> int:
    """Return what a gas costs, in wei: ``10 gwei`` or ``1_000 wei``; raises BadQuantity."""
    return _whole(text, _number(text, GAS_PRICES), "wei")


def rate(text: str) -> int:
    """Return a rate in WAD per second, rounded down: ``10 % per y`` or ``100 ppm per h``; raises BadQuantity.

    A year has 365 days.
    """
    amount, per, period = text.partition(PER)
    if not per or period.strip() not in SECONDS:
        raise BadQuantity(f"{text!r} has no period: write it as `10 % per y` (or per {', '.join(SECONDS)})")
    return int(_number(amount, SHARES) * WAD / PPM / SECONDS[period.strip()])


def _number(text: str, units: Mapping[str, Fraction]) -> Fraction:
    """Return the number in a text times its unit's worth."""
    known = " or ".join(f"`{unit}`" for unit in units)
    found = NUMBER.fullmatch(text.strip())
    if found is None:
        raise BadQuantity(f"{text!r} is no number with a unit ({known})")
    digits, unit = found[1], found[2].strip()
    if not unit:
        raise BadQuantity(f"{text!r} is a number without unit: add {known}")
    if unit not in units:
        raise BadQuantity(f"{text!r} has the unit {unit!r}, which has to be {known}")
    return Fraction(digits.replace("_", "")) * units[unit]


def _whole(text: str, number: Fraction, unit: str) -> int:
    if number.denominator != 1:
        raise BadQuantity(f"{text!r} is no whole number of {unit}")
    return int(number)
