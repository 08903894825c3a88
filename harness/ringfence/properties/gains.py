"""What is gained at one price and time: nothing but what others pay for."""

from collections.abc import Iterator
from typing import Final

from ringfence.properties.abilities import Ability
from ringfence.properties.claims import Claims, at_most
from ringfence.properties.registry import property_
from ringfence.properties.transition import Transition
from ringfence.properties.worth import fortunes
from ringfence.types.kinds import Kind
from ringfence.types.totals import Total

ROUNDINGS: Final = 2  # assets, of each position: what a side's sum, which shares are priced by, may be off


@property_(
    "VAL-4",
    "At one price and time, no position bankrupt, an account that opens, closes, moves margin, provides, "
    "withdraws, liquidates and deleverages in any order gains at most the rewards it is paid and liquidity "
    "fees of others.",
    needs={Ability.VALUATION, Ability.BALANCES, Total.POOL_TOKENS, Total.POOL_SHARES},
)
def nothing_is_gained_at_one_state(t: Transition) -> Claims:
    """No step makes those who take part in it, together with all who gain by it, richer than they were.

    What accounts have before and after is valued at the step's own price and time: what steps at one state
    bring, in any order, is the sum of what each brings. Rewards and fees are paid by who takes part to who
    gains, which is one hand here; only what insurance adds to a liquidator's reward comes from elsewhere.
    Not looked at: a state with a bankrupt position, whose debt others pay; what price and time bring; and
    what those who take part in a step take from one another (ACC-1, LIQ-5).
    """
    if not (t.done and t.after is not t.before and t.earlier and t.later):
        return
    if any(t.earlier.equity(position) < 0 for position in t.before.positions):
        return
    change = fortunes(t.later, t.after)
    change.subtract(fortunes(t.earlier, t.before))
    parties = set(_parties(t))
    gained = sum(gain for account, gain in change.items() if gain > 0 or account in parties)
    slack = ROUNDINGS * (len(t.before.positions) + 1) + len(t.after.accounts)  # whose shares round down
    yield at_most(f"what accounts gained by {t.action.name}", gained, _added_to_rewards(t) + slack)


def _parties(t: Transition) -> Iterator[str | None]:
    """Yield who acts, whom the action names, and whose position or shares it is about."""
    yield t.action.account
    yield t.action.account_named
    yield getattr(t.action, "owner", None)
    if t.named in t.before.positions:
        yield t.owner


def _added_to_rewards(t: Transition) -> int:
    """Return what insurance has less after a liquidation, in assets: LIQ-8 says how much that may be."""
    lost = t.before.totals.get(Total.INSURANCE, 0) - t.after.totals.get(Total.INSURANCE, 0)
    return max(0, lost) if t.action.kind is Kind.LIQUIDATES else 0
