"""What a step has reached: an action, what came of it, and how the position stood that it was about.

Anything hashable is a feature. More of them, branches of the Solidity sources say, come from a ``Tracer``.
"""

from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Protocol, TypeAlias

from isolated_margin.margin import Position, equity, notional, scale_of, status

from ringfence.engine.subject import Answer
from ringfence.engine.tally import DONE
from ringfence.types.actions import CallSequence, Step
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.rules.points.scene import Scene
from ringfence.vaults.isolated_margin.situations import Situation

Feature: TypeAlias = Hashable


class Tracer(Protocol):
    """Sees of whole programs what no single step shows."""

    def new(self, market: str, program: CallSequence) -> frozenset[Feature]:
        """Return what a program reaches that no program before it did, in any market."""
        ...

    def all(self, market: str, program: CallSequence) -> frozenset[Feature]:
        """Return all that a program reaches."""
        ...


class Standings:
    """How the positions of one market stand; what was worked out once is remembered for a while."""

    def __init__(self, setup: MarketSetup) -> None:
        self._parameters, self._scale = setup.parameters, scale_of(setup.collateral_decimals)
        self._of = lru_cache(maxsize=1024)(self._work_out)

    def feature(self, step: Step, answer: Answer, scene: Scene) -> Feature:
        """Return the situation that a step was in: ``scene`` is the market before it, at its time."""
        action = step.action
        end = answer.refusal.name if answer.refusal else DONE
        book = scene.vault.book
        skew = _sign(book.long_size - book.short_size)
        held = scene.positions.get(getattr(action, "position", 0))
        if held is None:
            return type(action).__name__, end, skew
        standing = self._of(held, scene.price_wad, scene.carry.index_of(held.size))
        return type(action).__name__, end, skew, skew * _sign(held.size), standing

    def _work_out(self, held: Position, price_wad: int, carry_index: int) -> Feature:
        """Return a position's tier, its status, and whether it pays carry (1) or receives it (-1)."""
        worth = notional(held.size, price_wad, self._scale)
        its_equity = equity(held, price_wad, carry_index, self._scale)
        tier = self._parameters.maintenance.tier_of(worth)
        its_status = status(its_equity, worth, self._parameters).name
        return tier, its_status, _sign(carry_index - held.carry_entry)


def rare(found: Iterable[Situation], step: Step) -> list[Feature]:
    """Return the rules' corners that a step has reached, each by the action that reached it."""
    return [(str(situation), type(step.action).__name__) for situation in found]


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
