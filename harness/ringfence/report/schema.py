"""The JSON Schema of a finding, from the dataclasses: ``python -m ringfence.report.schema`` prints it."""

import json
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from ringfence.types.actions import Action, Alphabet, Step, parameters_of
from ringfence.types.codec import TAG, hints_of
from ringfence.types.finding import SCHEMA, VERSION, Finding
from ringfence.types.market import VaultMarket
from ringfence.types.outcome import Value
from ringfence.types.parameter_kinds import Account
from ringfence.vaults.isolated_margin.actions import ALPHABET
from ringfence.vaults.isolated_margin.markets import MarketSetup

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
TEXT: Final = {"type": "string"}
INTEGER: Final = TEXT | {"title": "an integer as text", "pattern": "^(0|-?[1-9][0-9]{0,77})$"}
SECONDS: Final = TEXT | {"title": "a number of seconds as text", "pattern": "^(0|[1-9][0-9]{0,77})$"}
ACCOUNT: Final = TEXT | {"title": "a role or an address", "pattern": "^([a-z][a-z0-9_]*|0x[0-9a-f]{40}|)$"}
BYTES: Final = TEXT | {"title": "bytes in hexadecimal", "pattern": "^0x([0-9a-f]{2})*$"}
TAGGED: Final = {
    "type": "object",
    "properties": {"text": TEXT, "hex": {"type": "string", "pattern": "^([0-9a-f]{2})*$"}},
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
}
OUTCOME: Final = {
    "anyOf": [
        {"$ref": "#/$defs/integer"},
        {"type": ["boolean", "null"]},
        {"type": "array", "items": {"$ref": "#/$defs/value"}},
        TAGGED,
    ]
}


def schema(actions: Alphabet, market: type[VaultMarket] | None = None) -> dict[str, Any]:
    """Return the schema of the whole file, for a vault with these actions and markets of this type."""
    head = {"$schema": DRAFT, "title": f"{SCHEMA}, version {VERSION}"}
    whole = schema_of(Finding)
    whole["properties"]["market"] = _object(market) if market else {"type": "object"}
    whole["properties"] = {"schema": {"const": f"{SCHEMA}/{VERSION}"}} | whole["properties"]
    whole["required"] = ["schema", *whole["required"]]
    definitions = {"integer": INTEGER, "account": ACCOUNT, "value": OUTCOME, "action": _any_action(actions)}
    declared = {each.name: _action(each) for each in actions}
    return head | whole | {"$defs": definitions | declared}


def _any_action(actions: Alphabet) -> dict[str, Any]:
    """Return the schema of an action, which its name decides, so that a refusal names the field."""
    branches = [
        {"if": {"properties": {TAG: {"const": each.name}}}, "then": {"$ref": f"#/$defs/{each.name}"}}
        for each in actions
    ]
    return {"type": "object", "required": [TAG], "properties": {TAG: TEXT}, "allOf": branches}


def schema_of(hint: Any) -> dict[str, Any]:
    """Return the schema of a type."""
    if get_origin(hint) is Annotated:
        return schema_of(get_args(hint)[0])
    if hint is Action:
        return {"$ref": "#/$defs/action"}
    if hint == Value:
        return {"$ref": "#/$defs/value"}
    if hint is int:
        return {"$ref": "#/$defs/integer"}
    if hint is bool:
        return {"type": "boolean"}
    if hint is str:
        return TEXT
    if hint is bytes:
        return BYTES
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [member.value for member in hint]}
    if get_origin(hint) is tuple:
        return _array(get_args(hint))
    if get_origin(hint) in (Union, UnionType):
        (some,) = set(get_args(hint)) - {NoneType}
        return {"anyOf": [{"type": "null"}, schema_of(some)]}
    return _object(hint)


def _array(kinds: tuple[Any, ...]) -> dict[str, Any]:
    if Ellipsis in kinds:
        return {"type": "array", "items": schema_of(kinds[0])}
    items = [schema_of(kind) for kind in kinds]
    return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}


def _action(declared: type[Action]) -> dict[str, Any]:
    """Return the schema of an action, with its name; an account is one by its parameter's kind."""
    parameters, hints = parameters_of(declared), hints_of(declared)
    members = {
        name: {"$ref": "#/$defs/account"} if isinstance(kind, Account) else schema_of(hints[name])
        for name, kind in parameters.items()
    }
    return _closed({TAG: {"const": declared.name}} | members)


def _object(kind: type) -> dict[str, Any]:
    members = {name: schema_of(hint) for name, hint in hints_of(kind).items()}
    return _closed(members | {"seconds": SECONDS} if kind is Step else members)


def _closed(members: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object that has these members and no others."""
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}


def text() -> str:
    """Return the schema of our vault's findings as the committed file has it: a definition a line."""
    whole = schema(ALPHABET, MarketSetup)
    definitions = whole.pop("$defs")
    lines = [f"  {json.dumps(name)}: {json.dumps(part)}" for name, part in whole.items()]
    defined = [f"    {json.dumps(name)}: {json.dumps(part)}" for name, part in definitions.items()]
    lines.append('  "$defs": {\n' + ",\n".join(defined) + "\n  }")
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    print(text(), end="")
