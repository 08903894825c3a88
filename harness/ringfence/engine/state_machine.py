"""A Hypothesis state machine of any vault: its steps are checked as a campaign's are."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, ClassVar, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from ringfence.engine.generators.generator import acting_on, rules_for
from ringfence.engine.generators.rules import Rule
from ringfence.engine.loading import check
from ringfence.engine.target import Target
from ringfence.properties import Violation
from ringfence.types.actions import Step

OF_THE_MODEL: Final = "The vault does what its reference model does."


class PropertyViolated(AssertionError):
    """A property does not hold; of a class for each property, so that Hypothesis shrinks each alone."""


@cache
def violation_of(property_id: str) -> type[PropertyViolated]:
    """Return the class of a property's violations."""
    return type(f"Violated_{property_id.replace('-', '_')}", (PropertyViolated,), {})


class CheckedVault:
    """A system that raises, and what its rules act on."""

    def __init__(self, target: Target, market: str) -> None:
        """Start the vault; raises AdapterFault, CannotStart."""
        self._system = target.system(market)
        self._adapter = target.adapter
        self.acting = acting_on(self._adapter, lambda: self._system)
        self._is_over = False

    def restart(self) -> None:
        """Go back to the opening; raises PropertyViolated."""
        self._is_over = False
        self._system.restart()
        self.acting = acting_on(self._adapter, lambda: self._system)  # it must not learn from other runs
        self._must(self._system.violations + self._system.speculate_at_origin())
        self.acting.start(self._system.market, self._system.reference, lambda step, _: self.apply(step))

    def apply(self, step: Step) -> None:
        """Carry out a step; raises PropertyViolated, AdapterFault."""
        __tracebackhide__ = True
        self._must(self._system.apply(step).violations)

    def finish(self) -> None:
        """Try what could be done next, and the whole run again, changed; raises PropertyViolated."""
        __tracebackhide__ = True
        if not self._is_over:
            self._must(self._system.end())

    def _must(self, violations: Sequence[Violation]) -> None:
        __tracebackhide__ = True
        if violations:
            self._is_over = True
            raise self._violated(violations[0])

    def _violated(self, violation: Violation) -> PropertyViolated:
        known = self._system.checker.properties.get(violation.property_id)
        sentence = known.sentence if known else OF_THE_MODEL
        calls = "".join(f"\n    {step!r}," for step in self._system.sequence)
        message = f"{violation.property_id}: {sentence}\n{violation.message}\n({calls}\n)"
        return violation_of(violation.property_id)(message)


class Machine(RuleBasedStateMachine):
    """Plays rules on a system, which is started once and taken back to its opening for each run."""

    begin: ClassVar[Callable[[], CheckedVault]]
    started: ClassVar[list[CheckedVault]]

    def __init__(self) -> None:
        super().__init__()
        if not self.started:
            self.started.append(type(self).begin())
        self.system = self.started[0]
        self._drawn: dict[str, Any] = {}
        self.system.restart()

    def argument(self, declared: Rule, name: str) -> st.SearchStrategy[Any]:
        """Return what draws an argument of a rule.

        All arguments are drawn at once, as bytes: Hypothesis leaves out a step of five choices and no more,
        of which it makes three itself, and makes each byte as low as it can be.
        """
        if name in self._drawn:
            return st.just(self._drawn.pop(name))

        def first(drawn: bytes) -> Any:
            self._drawn = declared.decoded(drawn)
            return self._drawn.pop(name)

        return st.binary(min_size=declared.width, max_size=declared.width).map(first)

    def teardown(self) -> None:
        """Check what is checked at the end of a run."""
        __tracebackhide__ = True
        self.system.finish()


def state_machine(adapter: type[Any]) -> type[RuleBasedStateMachine]:
    """Return a state machine of the adapter's ``rules``, or else of its actions, in its first market.

    Raises AdapterFault.
    """
    check(adapter)
    target = Target(adapter)
    market = next(iter(target.markets))
    members: dict[str, Any] = {"begin": staticmethod(lambda: CheckedVault(target, market)), "started": []}
    for each in rules_for(adapter):
        method = _method(each)
        called = f"{each.name}_" if hasattr(Machine, each.name) else each.name
        members |= {f"{called}_{number}" if number else called: method for number in range(each.times)}
    return type(f"{adapter.__name__}Machine", (Machine,), members)


def _method(declared: Rule) -> Any:
    def play(self: Machine, **arguments: Any) -> None:
        __tracebackhide__ = True
        declared.function(self.system.acting, **arguments)

    play.__name__ = declared.name
    drawn: dict[str, Any] = {name: _strategy(declared, name) for name in declared.arguments}
    declare: Any = rule(**drawn)
    due = declared.is_due
    return precondition(lambda machine: due(machine.system.acting))(declare(play)) if due else declare(play)


def _strategy(declared: Rule, name: str) -> st.SearchStrategy[Any]:
    given: st.SearchStrategy[Any] | None = declared.arguments[name].strategy
    return st.runner().flatmap(lambda machine: machine.argument(declared, name)) if given is None else given
