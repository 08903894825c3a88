"""What is compared: a vault, with seeded bugs and without, as every tool takes it."""

from collections.abc import Callable
from dataclasses import dataclass

from ringfence.engine.target import Target


@dataclass(frozen=True)
class Case:
    """A vault with a seeded bug, or without one.

    ``target`` is what our search takes; ``given`` what forge's handlers decode, without properties where it
    is called with True. ``markets`` are those that are searched; none: all.
    """

    subject: str
    name: str
    property_id: str
    target: Callable[[], Target]
    given: Callable[[bool], bytes]
    markets: tuple[str, ...] = ()
    is_plain_too: bool = False  # plain Ape with Hypothesis is given it too


@dataclass(frozen=True)
class Subject:
    """A vault: the sound one, and its seeded bugs.

    ``handlers`` is the folder of ``bench/forge/test`` with what forge calls, ``depth`` the calls of one run.
    """

    name: str
    handlers: str
    depth: int
    sound: Case
    cases: tuple[Case, ...]
