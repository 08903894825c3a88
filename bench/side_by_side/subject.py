"""What is compared: a vault, with seeded bugs and without, as every tool takes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ringfence.engine.target import Target

OURS: Final = "ours"
FORGE: Final = "forge"
WAKE: Final = "wake"
PLAIN: Final = "plain"


@dataclass(frozen=True)
class Case:
    """A vault with a seeded bug, or without one.

    ``target`` is what our search takes; ``given`` what forge's handlers decode, without properties where it
    is called with True; ``contracts`` what Wake's tests deploy, by name, with ``abi`` and ``bytecode``.
    ``tools`` search for it. ``markets`` are those that are searched; none: all.
    """

    subject: str
    name: str
    property_id: str
    target: Callable[[], Target]
    given: Callable[[bool], bytes]
    contracts: Callable[[], Mapping[str, Any]]
    tools: tuple[str, ...]
    markets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subject:
    """A vault: the sound one, and its seeded bugs.

    ``handlers`` is the folder of ``bench/forge/test`` with what forge calls, and the module of ``bench/wake``
    with Wake's flows; ``depth`` is the calls of one run.
    """

    name: str
    handlers: str
    depth: int
    sound: Case
    cases: tuple[Case, ...]
