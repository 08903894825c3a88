"""Rules: methods of a class that act on a vault, each with the points that its arguments are drawn from."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final, TypeVar

Method = TypeVar("Method", bound=Callable[..., None])
EVEN: Final = 8  # numbers for each element, at least


@dataclass(frozen=True, slots=True)
class Points:
    """What an argument is drawn from: elements, the simplest first, common ones repeated.

    ``value`` makes the argument of an element, where there are too many of them to be made in advance.
    ``strategy`` is what Hypothesis draws the argument from instead, if it is given.
    """

    elements: Sequence[Any]
    value: Callable[[Any], Any] | None = None
    strategy: Any = None

    def draw(self, random: Random) -> Any:
        """Return an argument; each element is as likely as any other."""
        element = self.elements[int(random.random() * len(self.elements))]
        return self.value(element) if self.value else element

    @property
    def width(self) -> int:
        """Return how many bytes choose an element, with all elements about as likely."""
        return -(-(EVEN * len(self.elements)).bit_length() // 8)

    def decoded(self, drawn: bytes) -> Any:
        """Return the argument that bytes choose; zeros choose the first."""
        element = self.elements[int.from_bytes(drawn) * len(self.elements) >> 8 * len(drawn)]
        return self.value(element) if self.value else element


def rule(*, times: int = 1, **arguments: Points) -> Callable[[Method], Method]:
    """Declare a method as a rule; with ``times`` it comes up as often as that many rules."""

    def declare(method: Method) -> Method:
        vars(method)["rule"] = Rule(method.__name__, method, arguments, times)
        return method

    return declare


@dataclass(frozen=True, slots=True)
class Rule:
    """A method, the points of its arguments, and how many rules it counts for.

    ``is_due``: whether it may be called now; None when it always may. ``is_essential``: it is in every run.
    ``weight``: how often it is to be accepted, next to others.
    """

    name: str
    function: Callable[..., bool | None]
    arguments: Mapping[str, Points]
    times: int
    is_due: Callable[[Any], bool] | None = None
    is_essential: bool = False
    weight: int = 1

    @property
    def width(self) -> int:
        """Return how many bytes choose all arguments that have no strategy."""
        return sum(each.width for each in self.arguments.values() if each.strategy is None)

    def decoded(self, drawn: bytes) -> dict[str, Any]:
        """Return the arguments that bytes choose."""
        values = {}
        for name, each in self.arguments.items():
            if each.strategy is None:
                values[name] = each.decoded(drawn[: each.width])
                drawn = drawn[each.width :]
        return values

    def may_be_called(self, acting: Any) -> bool:
        """Return whether it is due."""
        return self.is_due is None or self.is_due(acting)

    def play(self, acting: Any, random: Random) -> bool | None:
        """Draw the arguments, and call the method; return what it does, False where nothing was done."""
        return self.function(acting, **{name: each.draw(random) for name, each in self.arguments.items()})


def rules_of(cls: type[Any]) -> tuple[Rule, ...]:
    """Return the rules of a class and its bases, by name."""
    declared = ((name, getattr(member, "rule", None)) for name, member in inspect.getmembers(cls))
    return tuple(replace(each, name=name) for name, each in declared if isinstance(each, Rule))


def listed(rules: Iterable[Rule]) -> list[Rule]:
    """Return rules, each as often as it counts."""
    return [each for each in rules for _ in range(each.times)]
