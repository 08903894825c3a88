"""What a search for damage found, as a file by which it is repeated."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from ringfence.engine.maximise.bounds import Bounds
from ringfence.engine.target import Target
from ringfence.types.actions import CallSequence, Step
from ringfence.types.codec import decode, encode
from ringfence.types.errors import RingfenceError

SCHEMA: Final = "ringfence.damage/5"


class BadDamage(RingfenceError):
    """A file holds no damage that can be repeated. The message is one sentence that names the file."""


@dataclass(frozen=True, slots=True)
class Damage:
    """The worst call sequence of a search.

    ``adapter`` is what loads the vault, ``market`` one of its markets.

    ``value`` is in assets; a sequence outside of the bounds comes to nothing.
    """

    quantity: str
    value: int
    adapter: str
    market: str
    code: str
    seed: int
    bounds: Bounds
    sequence: CallSequence


def write(damage: Damage, file: Path) -> None:
    """Write it, its folder too; raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    members: Any = encode(damage)
    file.write_text(json.dumps({"schema": SCHEMA, **members}, indent=2) + "\n", encoding="utf-8")


def read(file: Path) -> Damage:
    """Return what a file holds; raises BadDamage, OSError."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        stated = data.pop("schema")
    except (ValueError, RecursionError, KeyError, AttributeError, TypeError):
        raise BadDamage(f"{file} was not written by ringfence damage, or is cut off.") from None
    if stated != SCHEMA:
        raise BadDamage(f"{file} is of the schema {stated!r}, and {SCHEMA} is read here.")
    try:
        actions = Target.named(data["adapter"]).actions
        sequence = tuple(decode(step, Step, actions) for step in data["sequence"])
        damage: Damage = decode(data | {"sequence": []}, Damage)
        return replace(damage, sequence=sequence)
    except (KeyError, ValueError, TypeError, AttributeError):
        raise BadDamage(f"{file} holds no call sequence that can be read.") from None
