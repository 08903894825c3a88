"""The words of Solidity and Vyper identifiers, and what parameters called by them stand for."""

import re
from collections.abc import Set
from typing import Final

from ringfence.vaults.draft.roles import Role
from ringfence.vaults.draft.synonyms import (
    KEYS,
    LONG,
    MARKETS,
    NUMBERED,
    NUMBERS,
    OWNERS,
    RECEIVERS,
    SHORT,
)

PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words(name: str) -> tuple[str, ...]:
    """Return the words of an identifier, in lower case: ``addMargin_`` are ``add`` and ``margin``."""
    return tuple(part.lower() for part in PARTS.findall(name))


def verb(name: str) -> str:
    """Return the first word of an identifier, ``""`` without any."""
    return next(iter(words(name)), "")


def has(name: str, known: Set[str]) -> bool:
    """Return whether a word of a name is one of these, also as the singular of a plural."""
    return any(word in known or word.removesuffix("s") in known for word in words(name))


def snake(name: str) -> str:
    """Return a name as Python spells it."""
    return "_".join(words(name)) or "it"


def role_of(name: str, type_: str, internal: str = "") -> Role:
    """Return what a parameter or field of a name and an ABI type stands for."""
    if type_ == "address":
        return _address_role(name, internal)
    if type_ == "bool" or internal.startswith("enum "):
        side = has(f"{name} {internal.removeprefix('enum ')}" if type_ != "bool" else name, LONG)
        return Role.SIDE if side else Role.SHORT if has(name, SHORT) else Role.UNKNOWN
    if (type_ == "bytes32" or type_.startswith("uint")) and has(name, MARKETS) and has(name, NUMBERED):
        return Role.MARKET
    if type_.startswith(("uint", "int")):
        return next((role for role, known in NUMBERS if has(name, known)), Role.UNKNOWN)
    return Role.ID if type_ == "bytes32" and has(name, KEYS) else Role.UNKNOWN


def _address_role(name: str, internal: str) -> Role:
    if internal.startswith("contract "):
        return Role.THING
    if has(name, OWNERS):
        return Role.OWNER
    return Role.TO if has(name, RECEIVERS) else Role.THING
