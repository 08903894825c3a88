"""The events of a step in a Solidity test: what the model logs, expected in this order."""

from dataclasses import fields
from typing import Any, Final, get_type_hints

from ringfence.evm.artifacts import load
from ringfence.report.foundry.solidity import Solidity
from ringfence.types.outcome import Event
from ringfence.types.roles import VAULT
from ringfence.vaults.isolated_margin.reference.model_values import EVENTS, STRUCTS, abi_name

INTERFACE: Final = "IVaultEvents"


def expectation(event: Event, write: Solidity) -> list[str]:
    """Return the lines that expect an event in the next call; none for one that is not the vault's."""
    declared = {entry["name"] for entry in load(INTERFACE).abi if entry["type"] == "event"}
    if event.emitter != VAULT or event.name not in declared:
        return []
    arguments = _arguments(EVENTS[event.name], event.args, write)
    return ["vm.expectEmit(address(vault));", f"emit {INTERFACE}.{event.name}({arguments});"]


def _arguments(kind: type, values: tuple[Any, ...], write: Solidity) -> str:
    hints = get_type_hints(kind)
    names = [part.name for part in fields(kind)]
    return ", ".join(
        _struct(hints[name], value, write) if hints[name] in STRUCTS else write.value(name, value)
        for name, value in zip(names, values, strict=True)
    )


def _struct(kind: type, values: tuple[Any, ...], write: Solidity) -> str:
    return f"{abi_name(kind)}({_arguments(kind, values, write)})"
