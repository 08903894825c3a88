"""What a step has reached: an action, what came of it, and how the position stood that it was about.

Anything hashable is a feature. More of them, branches of the Solidity sources say, come from a ``Sensor``.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import Final, TypeAlias

from isolated_margin.margin import equity, notional, status

from ringfence.actions import Step
from ringfence.explore.subject import Answer, DirectMarket
from ringfence.points.scene import Scene
from ringfence.situations import Situation
from ringfence.tally import DONE

Feature: TypeAlias = Hashable
Sensor: TypeAlias = Callable[[DirectMarket, Step, Answer], Iterable[Feature]]
"""Looks at a market after a step that vault and model agree on; returns what was reached."""

NOWHERE: Final = ("no position",)


def feature_of(step: Step, answer: Answer, scene: Scene) -> Feature:
    """Return the situation that a step was in: ``scene`` is the market before it, at its time."""
    action = step.action
    end = answer.refusal.name if answer.refusal else DONE
    book = scene.vault.book
    skew = _sign(book.long_size - book.short_size)
    position = getattr(action, "position", None)
    standing = NOWHERE if position is None else standing_of(scene, position, skew)
    return (type(action).__name__, end, skew, *standing)


def standing_of(scene: Scene, position: int, skew: int) -> tuple[Feature, ...]:
    """Return a position's tier, its status, whether it is on the heavier side, and whether it pays carry."""
    held = scene.positions.get(position)
    if held is None:
        return NOWHERE
    index, worth = scene.carry.index_of(held.size), notional(held.size, scene.price_wad, scene.scale)
    its_equity = equity(held, scene.price_wad, index, scene.scale)
    return (
        scene.parameters.maintenance.tier_of(worth),
        status(its_equity, worth, scene.parameters).name,
        skew * _sign(held.size),
        _sign(index - held.carry_entry),
    )


def rare(found: Iterable[Situation], step: Step) -> list[Feature]:
    """Return the rules' corners that a step has reached, each by the action that reached it."""
    return [(str(situation), type(step.action).__name__) for situation in found]


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
