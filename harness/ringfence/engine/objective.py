"""What a search is for: the first violation, all causes, one property, or the maximum of a quantity."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field, replace
from typing import Final

from ringfence.engine.executors import CheckedExecutor, Executor
from ringfence.engine.maximise.bounds import Bounds
from ringfence.engine.maximise.quantities import Quantity
from ringfence.properties import Ability, Violation
from ringfence.types.actions import Step, first_parameter
from ringfence.types.kinds import Kind
from ringfence.types.parameter_kinds import FeedAnswer

PPM: Final = 10**6


@dataclass(frozen=True)
class Objective:
    """Which steps a run may have, and what ends it: a violation. ``is_met_by_one``: the first finding ends
    the search.
    """

    is_met_by_one: bool = field(default=True, kw_only=True)

    def wants(self, violation: Violation) -> bool:
        """Return whether a violation ends a run."""
        return True

    def allowed(self, step: Step, executor: Executor) -> Step | None:
        """Return a step as far as it may be part of a run; None for one that may not."""
        return step

    def follow_ups(self, executor: Executor) -> Iterable[Step]:
        """Give what others do after each step of a run."""
        return ()


@dataclass(frozen=True)
class Violations(Objective):
    """Violations of some properties, or of any but some; the first one, or all causes."""

    only: Set[str] = frozenset()
    but: Set[str] = frozenset()

    def wants(self, violation: Violation) -> bool:
        """Return whether a violation is looked for."""
        wanted = not self.only or violation.property_id in self.only
        return wanted and violation.property_id not in self.but


@dataclass(frozen=True)
class Maximum(Objective):
    """The largest value of a quantity within bounds."""

    quantity: Quantity
    bounds: Bounds
    is_met_by_one: bool = field(default=False, kw_only=True)

    def wants(self, violation: Violation) -> bool:
        """Return False: a violation is the campaign's business."""
        return False

    def allowed(self, step: Step, executor: Executor) -> Step | None:
        """Return the step with its price and its wait limited."""
        assert isinstance(executor, CheckedExecutor)
        system, action, seconds = executor.system, step.action, self.bounds.seconds(step)
        if not (self.quantity.admits(action) and self.bounds.allows(step, system)):
            return None
        now = system.moment.answer
        if action.kind is Kind.MOVES_PRICE and now > 0:
            most = now * self.bounds.most_ppm // PPM
            name = first_parameter(type(action), (FeedAnswer,))
            answer = max(now - most, min(action.answer_set, now + most))
            action = action.replaced(**{str(name): answer})
        if self.quantity.is_still:
            seconds = int(Ability.SAME_BLOCK not in system.abilities)
        return replace(step, action=action, seconds=seconds)

    def follow_ups(self, executor: Executor) -> Iterable[Step]:
        """Give what keepers do."""
        assert isinstance(executor, CheckedExecutor)
        return self.bounds.liquidations(executor.system)
