"""Every promised property, by id."""

from types import ModuleType
from typing import Final

from ringfence.properties import (
    access,
    adl,
    carry,
    custody,
    domain,
    events,
    exit,
    gas,
    iso,
    liquidation,
    liquidation_price,
    lps,
    noninterference,
    value,
)
from ringfence.properties.abilities import Ability
from ringfence.properties.registry import PROPERTIES, Property
from ringfence.properties.watch import Breach, Watch

__all__ = ["LAWS", "PROPERTIES", "Ability", "Breach", "Property", "Watch"]

FAMILIES: Final[tuple[ModuleType, ...]] = (
    iso,
    noninterference,
    custody,
    liquidation,
    liquidation_price,
    exit,
    value,
    carry,
    adl,
    lps,
    access,
    events,
    gas,
    domain,  # last: it looks at what the probes of the others were answered
)
LAWS: Final[tuple[Property, ...]] = tuple(
    law for family in FAMILIES for law in PROPERTIES.values() if law.family == family.__name__
)
