"""How each action is carried out on the model's market."""

from typing import Any

from isolated_margin.market import Market

from ringfence.evm.signing import Flaw
from ringfence.types.roles import FEED


def carry_out(market: Market, action: Any) -> object:
    """Return what the model's method of an action returns; raises its Refusal.

    It takes the account, but for the feed's, then the arguments; of a signature who signed if it has no flaw.
    """
    arguments = action.arguments(market.clock.timestamp)
    if action.is_signed:
        arguments += (action.signer if action.flaw is Flaw.NONE else None,)
    method = getattr(getattr(market, action.callee), action.method_of_model)
    value = method(*arguments) if action.callee == FEED else method(action.account, *arguments)
    return action.returned if value is None else value
