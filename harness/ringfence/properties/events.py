"""Events: whoever keeps the logs knows the ledger."""

from ringfence.properties.abilities import Ability
from ringfence.properties.claims import Claims, equal
from ringfence.properties.event_ledger import rebuilt
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition
from ringfence.types.outcome import Done


@property_("EVT-1", needs={Ability.EVENTS})
def events_tell_everything(t: Transition) -> Claims:
    """The ledger rebuilt from events equals the state."""
    events = t.outcome.events if isinstance(t.outcome, Done) else ()
    if not events and t.before == t.after:
        return
    told = rebuilt(t.before, events, t.moment.timestamp)
    yield equal("the positions by their events", told.positions, t.after.positions)
    for role, account in told.accounts.items():
        yield equal(f"the account of {role} by its events", account, t.after.accounts[role])
    for name, total in told.totals.items():
        yield equal(f"{name} by its events", total, t.after.totals[name])
    yield equal("the officers by their events", told.officers, t.after.officers)
    yield equal("the operators by their events", told.operators, t.after.operators)
