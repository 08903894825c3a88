"""Drawing from Hypothesis' strategies without its engine, which takes longer than a step of both vaults.

For the few kinds that rules use: sampled_from, booleans, integers and what is mapped from these.
"""

from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

from hypothesis.strategies import SearchStrategy
from hypothesis.strategies._internal.lazy import LazyStrategy
from hypothesis.strategies._internal.numbers import IntegersStrategy
from hypothesis.strategies._internal.strategies import MappedStrategy, SampledFromStrategy

Draw: TypeAlias = Callable[[Random], Any]


def drawing(strategy: SearchStrategy[Any]) -> Draw:
    """Return what draws evenly from a strategy; raises TypeError for a kind that no rule uses."""
    inner = strategy.wrapped_strategy if isinstance(strategy, LazyStrategy) else strategy
    match inner:
        case SampledFromStrategy():
            elements = tuple(inner.elements)
            return lambda random: elements[int(random.random() * len(elements))]
        case IntegersStrategy(start=int(start), end=int(end)):
            return lambda random: random.randint(start, end)
        case MappedStrategy():
            draw, pack = drawing(inner.mapped_strategy), inner.pack
            return lambda random: pack(draw(random))
        case _:
            raise TypeError(f"no rule may draw from {strategy}")
