"""A reference model of an isolated-margin vault: what should happen, in exact integers."""

from isolated_margin.errors import NotAnInteger, OutOfDomain, Refusal
from isolated_margin.fixed import MAX_ASSETS, MAX_PRICE, MAX_SIZE, PPM, WAD
from isolated_margin.margin import EMPTY, Position, Status
from isolated_margin.market import Market
from isolated_margin.parameters import RiskParameters, Tier
from isolated_margin.vault import Vault

__all__ = [
    "EMPTY",
    "MAX_ASSETS",
    "MAX_PRICE",
    "MAX_SIZE",
    "PPM",
    "WAD",
    "Market",
    "NotAnInteger",
    "OutOfDomain",
    "Position",
    "Refusal",
    "RiskParameters",
    "Status",
    "Tier",
    "Vault",
]
