"""The domain: whatever is asked, the answer has a name."""

from typing import Final

from ringfence.properties.abilities import Ability
from ringfence.properties.branch import Branch
from ringfence.properties.claims import Claims, broken, that
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition
from ringfence.types.actions import Action
from ringfence.types.outcome import Outcome, Refused

PANIC: Final = "Panic"
NAMELESS: Final = frozenset({PANIC, "Empty", "Unknown"})
NOT_SENT: Final = frozenset({"NoSuchPosition", "DoesNotFit"})  # for want of a key, or of room in a type


@property_("DOM-1")
def nothing_panics(t: Transition) -> Claims:
    """No call ever ends in a Panic: every refusal is a named error."""
    if isinstance(t.outcome, Refused):
        yield that(t.outcome.error != PANIC, f"{t.action} ends in {t.outcome}")


@property_("DOM-1", needs={Ability.NAMED_ERRORS})
def refusals_have_names(t: Transition) -> Claims:
    """Every refusal is a named error."""
    if isinstance(t.outcome, Refused) and t.outcome.error != PANIC:
        yield from broken(_named(t.action, t.outcome))


@property_("DOM-1", needs={Ability.NAMED_ERRORS}, looks_at_trials=True)
def refusals_of_trials_have_names(branch: Branch) -> Claims:
    """What other properties try from a state ends in no Panic either."""
    yield from broken(*(_named(action, outcome) for action, outcome in branch.outcomes))


@property_("DOM-1")
def refusals_are_expected(t: Transition) -> Claims:
    """An action is refused only as its declaration says that it may be."""
    expected = t.action.refusals
    if isinstance(t.outcome, Refused) and expected is not None and t.outcome.error not in NOT_SENT:
        is_expected = t.outcome.label in expected or t.outcome.error in expected
        yield that(
            is_expected, f"{t.action} ends in {t.outcome.label}, which its declaration does not expect"
        )


def _named(action: Action, outcome: Outcome) -> str | None:
    nameless = isinstance(outcome, Refused) and outcome.error in NAMELESS
    return that(not nameless, f"{action} ends in {outcome}")
