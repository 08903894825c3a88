"""Events: from the logs alone the ledger can be rebuilt."""

from ringfence.properties.abilities import Ability
from ringfence.properties.claims import Claims, equal
from ringfence.properties.event_ledger import rebuilt
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition
from ringfence.types.outcome import Done


@property_("EVT-1", needs={Ability.EVENTS})
def events_rebuild_the_ledger(t: Transition) -> Claims:
    """The ledger rebuilt from events equals the state."""
    events = t.outcome.events if isinstance(t.outcome, Done) else ()
    if not events and t.before == t.after:
        return
    found = rebuilt(t.before, events, t.moment.timestamp)
    yield equal("the positions by their events", found.positions, t.after.positions)
    for role, account in found.accounts.items():
        yield equal(f"the account of {role} by its events", account, t.after.accounts[role])
    for name, total in found.totals.items():
        yield equal(f"{name} by its events", total, t.after.totals[name])
    yield equal("the officers by their events", found.officers, t.after.officers)
    yield equal("the operators by their events", found.operators, t.after.operators)
