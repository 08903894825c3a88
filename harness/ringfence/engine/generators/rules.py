"""Rules: methods of a class that act on a vault, each with the points that its arguments are drawn from."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final, TypeVar

Method = TypeVar("Method", bound=Callable[..., None])
RULES_IN_USE: Final = 0.5  # of all rules, in each run: fewer get further


def _unchanged(element: Any) -> Any:
    return element


@dataclass(frozen=True, slots=True)
class Points:
    """What an argument is drawn from: elements, the simplest first, common ones repeated.

    ``value`` makes the argument of an element, where there are too many of them to be made in advance.
    """

    elements: Sequence[Any]
    value: Callable[[Any], Any] = _unchanged

    def draw(self, random: Random) -> Any:
        """Return an argument; each element is as likely as any other."""
        return self.value(self.elements[int(random.random() * len(self.elements))])


def rule(*, times: int = 1, **arguments: Points) -> Callable[[Method], Method]:
    """Declare a method as a rule; with ``times`` it comes up as often as that many rules."""

    def declare(method: Method) -> Method:
        vars(method)["rule"] = Rule(method.__name__, method, arguments, times)
        return method

    return declare


@dataclass(frozen=True, slots=True)
class Rule:
    """A method, the points of its arguments, and how many rules it counts for."""

    name: str
    function: Callable[..., None]
    arguments: Mapping[str, Points]
    times: int

    def play(self, player: Any, random: Random) -> None:
        """Draw the arguments, and call the method of a player."""
        self.function(player, **{name: each.draw(random) for name, each in self.arguments.items()})


def rules_of(cls: type[Any]) -> tuple[Rule, ...]:
    """Return the rules of a class and its bases, by name."""
    declared = (getattr(member, "rule", None) for _, member in inspect.getmembers(cls))
    return tuple(each for each in declared if isinstance(each, Rule))


def listed_rules(cls: type[Any]) -> tuple[Rule, ...]:
    """Return the rules of a class, each as often as it counts."""
    if cls not in _listed:
        _listed[cls] = tuple(each for each in rules_of(cls) for _ in range(each.times))
    return _listed[cls]


def chosen_rules(cls: type[Any], random: Random) -> list[Rule]:
    """Return the rules that a run is made of, as often as they count; all when none was chosen."""
    every = listed_rules(cls)
    return [each for each in every if random.random() < RULES_IN_USE] or list(every)


_listed: Final[dict[type[Any], tuple[Rule, ...]]] = {}
