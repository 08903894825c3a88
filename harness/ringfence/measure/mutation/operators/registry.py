"""Operators: each yields the changes that it makes at one node of the syntax tree."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from ringfence.measure.tree import Node


@dataclass(frozen=True, slots=True)
class Change:
    """``put`` takes the place of the bytes from ``start`` to ``end``."""

    start: int
    end: int
    put: str

    @staticmethod
    def of(node: Node, put: str) -> "Change":
        """Return the change that puts something in a node's place."""
        return Change(node.start, node.end, put)

    @staticmethod
    def of_name(node: Node, names: Mapping[str, str]) -> "Change":
        """Return the change that puts another name in the place of an identifier's or a member's."""
        return Change(node.end - len(node.name), node.end, names[node.name])


Apply: TypeAlias = Callable[[Node], Iterator[Change]]


@dataclass(frozen=True, slots=True)
class Operator:
    """A kind of change; the domain's are those that take somebody who knows what a vault is."""

    name: str
    sentence: str
    is_domain: bool
    apply: Apply


OPERATORS: Final[list[Operator]] = []


def _registering(is_domain: bool, name: str) -> Callable[[Apply], Apply]:
    def register(apply: Apply) -> Apply:
        assert apply.__doc__, f"{name} has no sentence"
        OPERATORS.append(Operator(name, " ".join(apply.__doc__.split()), is_domain, apply))
        return apply

    return register


generic = partial(_registering, False)  # decorates an operator that means nothing in particular
domain = partial(_registering, True)  # decorates an operator of the domain
