"""Every function that moves tokens, with a call sequence after which it does, and how a market refuses."""

from typing import Final

from ringfence.evm.signing import Flaw
from ringfence.types.actions import Action, CallSequence
from ringfence.types.outcome import Refused
from ringfence.types.roles import LIQUIDATORS, OWNER, POOL, PROVIDERS, TRADERS, VAULT
from ringfence.vaults.isolated_margin import actions
from ringfence.vaults.isolated_margin.markets import SIZE

from tests.open_market import OpenMarket
from tests.sequences import (
    LONG,
    NO_DEADLINE,
    NO_LIMIT_BUYING,
    NO_LIMIT_SELLING,
    SEQUENCES,
    USD,
    WHALE,
    at_price,
    long,
    sequence,
)

Function = tuple[str, str]  # a contract and its function
Move = tuple[CallSequence, Action]

TRADER, PROVIDER = TRADERS[0], PROVIDERS[0]
BOTH_SIDES: Final = SEQUENCES["both sides"]
IN_PROFIT: Final = BOTH_SIDES + sequence(at_price(2_100))
OPENING: Final = (TRADER, SIZE, 150 * USD, NO_LIMIT_BUYING, NO_DEADLINE)
INCREASE: Final = actions.Increase(TRADER, LONG, SIZE, 150 * USD, NO_LIMIT_BUYING, NO_DEADLINE)
DECREASE: Final = actions.Decrease(TRADER, LONG, SIZE, NO_LIMIT_SELLING, NO_DEADLINE)
CLOSE: Final = actions.Close(TRADER, LONG, NO_LIMIT_SELLING, NO_DEADLINE)

PULLS: Final[dict[Function, Move]] = {
    (VAULT, "open"): ((), long(TRADER, SIZE, 150 * USD)),
    (VAULT, "openWithPermit"): ((), actions.OpenWithPermit(*OPENING, TRADER, Flaw.NONE)),
    (VAULT, "increase"): (BOTH_SIDES, INCREASE),
    (VAULT, "addMargin"): (BOTH_SIDES, actions.AddMargin(TRADER, LONG, USD, TRADER)),
    (VAULT, "fundInsurance"): ((), actions.FundInsurance(OWNER, USD)),
    (POOL, "deposit"): ((), actions.Deposit(PROVIDER, USD, PROVIDER)),
    (POOL, "mint"): ((), actions.Mint(PROVIDER, 10**6 * USD, PROVIDER)),
}
PAYOUTS: Final[dict[Function, Move]] = {
    (VAULT, "decrease"): (IN_PROFIT, DECREASE),
    (VAULT, "close"): (IN_PROFIT, CLOSE),
    (VAULT, "removeMargin"): (BOTH_SIDES, actions.RemoveMargin(TRADER, LONG, USD)),
    (VAULT, "claim"): (SEQUENCES["claimable"], actions.Claim(TRADERS[2], TRADERS[2])),
    (VAULT, "collectOwed"): (SEQUENCES["owed"], actions.CollectOwed(TRADER, TRADERS[2])),
    (VAULT, "liquidate"): (SEQUENCES["liquidatable in part"], actions.Liquidate(LIQUIDATORS[0], LONG)),
    (VAULT, "deleverage"): (SEQUENCES["deleveraging"], actions.Deleverage(TRADER, WHALE)),
    (VAULT, "settleMarket"): (SEQUENCES["to be settled"], actions.SettleMarket(TRADER)),
    (POOL, "withdraw"): ((), actions.Withdraw(PROVIDER, USD, PROVIDER, PROVIDER)),
    (POOL, "redeem"): ((), actions.Redeem(PROVIDER, 10**6 * USD, PROVIDER, PROVIDER)),
}
MOVES: Final = PULLS | PAYOUTS


def refused_whole(market: OpenMarket, action: Action, seconds: int = 1) -> Refused:
    """Return how an action is refused; raises AssertionError when it is not, or when anything has changed."""
    before = market.observe()
    refused = market.act(action, seconds)
    assert isinstance(refused, Refused), f"{action}: {refused}"
    assert market.observe() == before
    return refused
