"""Actions, refusals and values as Solidity, for a test with ``vault``, ``pool``, ``token`` and ``feed``."""

import re
from dataclasses import fields
from functools import cache
from typing import Any, Final

from eth_utils.abi import collapse_if_tuple
from eth_utils.address import to_checksum_address

from ringfence.evm.artifacts import loaded
from ringfence.report.literals import exponent_of, grouped
from ringfence.report.units import decimals_of
from ringfence.types.actions import Action
from ringfence.types.outcome import Refused, Value
from ringfence.types.parameters import MAX_UINT
from ringfence.types.roles import FEED, NOBODY, POOL, TOKEN, VAULT
from ringfence.vaults.isolated_margin.actions import (
    Approve,
    OpenWithPermit,
    SetOperatorWithSig,
    SetPrice,
    VaultAction,
)
from ringfence.vaults.isolated_margin.markets import MarketSetup

CONTRACTS: Final = (VAULT, POOL, TOKEN, FEED)
UNDERSCORED: Final = re.compile(r"_([a-z0-9])")
LARGEST_NEGATIVE: Final = -(2**255)


class Solidity:
    """Writes for one market, whose decimals decide how numbers are grouped."""

    def __init__(self, setup: MarketSetup) -> None:
        self._setup = setup

    def call(self, action: Action, now: int) -> str:
        """Return the call that an action is in a block of time ``now``, without its sender.

        A signature is handed in by the names that ``signing`` gives it.
        """
        match action:
            case SetPrice(_, answer, age):
                return f"feed.set({self.value('answer', answer)}, {_updated_at(age, now)})"
            case Approve(_, token, spender, allowance):
                return f"{token}.approve({account(spender)}, {self.value('assets', allowance)})"
            case SetOperatorWithSig():
                return f"vault.setOperatorWithSig({self.arguments(action, drop=2)}, signature)"
            case OpenWithPermit():
                return f"vault.openWithPermit({self.arguments(action, drop=2)}, v, r, s)"
            case _:
                assert isinstance(action, VaultAction)
                return f"{action.contract}.{action.function}({self.arguments(action, drop=0)})"

    def revert_data(self, refused: Refused) -> str:
        """Return the revert data of a refusal; raises KeyError for an error that no contract declares."""
        entry = _error(refused.error)
        kinds = ",".join(collapse_if_tuple(part) for part in entry["inputs"])
        names = [part["name"] for part in entry["inputs"]]
        args = [self.value(name, arg) for name, arg in zip(names, refused.args, strict=True)]
        signature = f'"{refused.error}({kinds})"'
        return f"abi.encodeWithSignature({', '.join([signature, *args])})"

    def value(self, name: str, value: Value) -> str:
        """Return a value as an expression; its name decides its decimals."""
        match value:
            case bool():
                return "true" if value else "false"
            case int():
                return number(value, decimals_of(name, self._setup))
            case str():
                return account(value)
            case bytes():
                return f'hex"{value.hex()}"'
            case _:
                raise ValueError(f"{name} is no elementary value: {value!r}")

    def arguments(self, action: Action, *, drop: int) -> str:
        """Return the fields of an action, but its account and the last ``drop``."""
        names = [field.name for field in fields(action)][1 : len(fields(action)) - drop]
        return ", ".join(self.value(name, getattr(action, name)) for name in names)


def number(value: int, decimals: int) -> str:
    """Return an integer literal: ``1_840e8`` where the last digits are the zeros of its decimals."""
    if value == MAX_UINT:
        return "MAX"
    if value == LARGEST_NEGATIVE:
        return "type(int256).min"
    exponent = exponent_of(value, decimals)
    return f"{grouped(value // 10**exponent)}e{exponent}" if exponent else grouped(value)


def account(name: str) -> str:
    """Return the expression of an account, a contract, or a bare address."""
    if name in CONTRACTS:
        return f"address({name})"
    if name.startswith("0x"):
        return to_checksum_address(name)
    return name.upper() if name != NOBODY else "address(0)"


def camel(name: str) -> str:
    """Return a name as the ABI spells it."""
    return UNDERSCORED.sub(lambda found: found[1].upper(), name)


@cache
def _error(name: str) -> dict[str, Any]:
    entries = (entry for artifact in loaded() for entry in artifact.abi)
    found = next((e for e in entries if e["type"] == "error" and e["name"] == name), None)
    if found is None:
        raise KeyError(name)
    return found


def _updated_at(age: int, now: int) -> str:
    if age >= now:
        return "0"
    if age == 0:
        return "block.timestamp"
    return f"block.timestamp {'-' if age > 0 else '+'} {grouped(abs(age))}"
