"""The properties that every vault is held to, as far as it can be, and what declares more."""

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
    gains,
    gas,
    initial_margin,
    insurance,
    iso,
    liquidation,
    liquidation_price,
    lps,
    noninterference,
    pool_worth,
    settlement,
    value,
)
from ringfence.properties.abilities import Ability
from ringfence.properties.branch import Branch
from ringfence.properties.checker import Checker, Violation
from ringfence.properties.history import History
from ringfence.properties.registry import Property, properties_of, property_
from ringfence.properties.transition import Transition

__all__ = [
    "BY_ID",
    "PROPERTIES",
    "Ability",
    "Branch",
    "Checker",
    "History",
    "Property",
    "Transition",
    "Violation",
    "property_",
]

FAMILIES: Final[tuple[ModuleType, ...]] = (
    iso,
    noninterference,
    custody,
    liquidation,
    insurance,
    liquidation_price,
    exit,
    settlement,
    value,
    gains,
    carry,
    adl,
    lps,
    pool_worth,
    initial_margin,
    access,
    events,
    gas,
    domain,
)
PROPERTIES: Final = tuple(each for family in FAMILIES for each in properties_of(vars(family)))
BY_ID: Final = {each.id: each for each in PROPERTIES}
