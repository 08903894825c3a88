"""Contract types from ABIs: what Wake generates from Solidity sources, made alike for Solidity and Vyper."""

from collections.abc import Callable
from dataclasses import make_dataclass
from typing import Any

import wake.development.primitive_types as primitives
from wake.development.core import Struct
from wake_rs import Address, Contract, keccak256

NAMED = {"address": Address, "bool": bool, "string": str, "bytes": bytes}


def contract_types(given: dict[str, Any]) -> dict[str, type[Contract]]:
    """Return a type for each contract: ``given`` has ABI and creation code by name."""
    return {name: _contract_type(name, each["abi"], each["code"]) for name, each in given.items()}


def _contract_type(name: str, abi: list[Any], code: str) -> type[Contract]:
    known: dict[Any, Any] = {}
    members: dict[str, Any] = {"_abi": known, "_creation_code": code, "deploy": classmethod(_deploy)}
    for entry in abi:
        if entry["type"] == "constructor":
            known["constructor"] = entry
        elif entry["type"] == "function":
            selector = _selector(entry)
            known[selector] = entry
            members[entry["name"]] = _method(entry, selector.hex())
    return type(name, (Contract,), members)


def _deploy(cls: Any, chain: Any, sender: Any, *args: Any) -> Contract:
    nothing = (None,) * 7
    return cls._deploy("tx", list(args), False, cls, sender, 0, None, {}, chain, *nothing, True, False)


def _method(entry: Any, selector: str) -> Callable[..., Any]:
    """Return what calls a function: a view at the latest block, anything else in a transaction."""
    is_view = entry["stateMutability"] in ("view", "pure")
    kind, returned = ("call" if is_view else "tx"), _returned(entry["outputs"])
    nothing = (None,) * 8

    def call(self: Any, *args: Any, from_: Any = None) -> Any:
        rest = (not is_view, returned, from_, str(self.address), 0, *nothing, True, False)
        return self._execute(self.chain, kind, selector, list(args), *rest)

    call.__name__ = entry["name"]
    return call


def _returned(outputs: list[Any]) -> Any:
    types = tuple(_type(each) for each in outputs)
    if len(types) > 1:
        return tuple[types]
    return types[0] if types else None


def _type(parameter: Any) -> Any:
    kind = parameter["type"]
    if kind.endswith("]"):
        return list[_type({**parameter, "type": kind.partition("[")[0]})]
    if kind == "tuple":
        fields = [(each["name"], _type(each)) for each in parameter["components"]]
        return make_dataclass("Returned", fields, bases=(Struct,))
    return NAMED.get(kind) or getattr(primitives, kind)


def _selector(entry: Any) -> bytes:
    signature = f"{entry['name']}({','.join(_canonical(each) for each in entry['inputs'])})"
    return bytes(keccak256(signature.encode()))[:4]


def _canonical(parameter: Any) -> str:
    kind = str(parameter["type"])
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(_canonical(each) for each in parameter['components'])}){kind[5:]}"
