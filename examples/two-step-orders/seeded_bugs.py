"""Bugs to seed in the exchange of two-step orders, each with the property that must show it.

``seeded_bugs.py:ExpiredOrderExecuted`` names the adapter of the exchange with that bug in it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ringfence as rf

HERE = Path(__file__).parent
EXCHANGE, ORDERS = "Exchange.sol", "Orders.sol"


@dataclass(frozen=True)
class Bug:
    """Replacements that must each match exactly once."""

    property_id: str
    says: str
    edits: tuple[rf.Edit, ...]


BUGS = {
    "ExpiredOrderExecuted": Bug(
        "ORD-3",
        "An order is executed however long ago its owner has placed it.",
        (
            rf.Edit(
                ORDERS, "        if (block.timestamp > latest) revert Expired(block.timestamp, latest);\n", ""
            ),
        ),
    ),
    "OrderOutlivesLiquidation": Bug(
        "ORD-2",
        "A liquidation gives back what an order has put in, and leaves the order, to be cancelled once more.",
        (
            rf.Edit(
                EXCHANGE,
                "if (orders[id].kind != Kind.None) _refund(id, orders[id]);",
                "if (orders[id].kind != Kind.None) {\n"
                "            treasury.release(orders[id].margin + EXECUTION_FEE);\n"
                "            treasury.pay(held.owner, orders[id].margin + EXECUTION_FEE);\n"
                "        }",
            ),
        ),
    ),
    "EntryPricesAveraged": Bug(
        "ORD-4",
        "An increase averages the prices by their notionals, which gives another amount than was bought.",
        (
            rf.Edit(
                EXCHANGE,
                "uint256 amount = held.entry * price * (held.notional + notional);",
                "uint256 amount = held.entry * held.notional + price * notional;",
            ),
            rf.Edit(
                EXCHANGE,
                "uint256 divisor = held.notional * price + notional * held.entry;",
                "uint256 divisor = held.notional + notional;",
            ),
        ),
    ),
    "ProfitLimitedAfterTheFee": Bug(
        "ORD-5",
        "The limit is put on the profit less the borrowing fee, so that who earns more than it pays no fee.",
        (
            rf.Edit(
                EXCHANGE,
                "        if (pnl > int256(held.maxProfit))",
                "        pnl -= int256(borrowFeeOf(held));\n        if (pnl > int256(held.maxProfit))",
            ),
            rf.Edit(
                EXCHANGE,
                "int256(held.margin) + pnl - int256(borrowFeeOf(held));",
                "int256(held.margin) + pnl;",
            ),
        ),
    ),
    "WeightRoundedAtAnIncrease": Bug(
        "DOM-1",
        "After an increase the sum of weights is less than its parts: the last close underflows.",
        (
            rf.Edit(
                EXCHANGE,
                "weight = weight - held.notional * held.index + notional * averaged;",
                "weight += order.notional * index();",
            ),
        ),
    ),
}


def __getattr__(name: str) -> Any:
    """Return the adapter of the exchange with the bug of that name."""
    if name not in BUGS:
        raise AttributeError(name)
    whole = rf.load(f"{HERE / 'adapter.py'}:TwoStepOrders")
    broken = rf.solidity(HERE / "contracts", BUGS[name].edits)
    return type(name, (whole,), {"project": broken, "bugs": BUGS})
