"""What a Solidity test asks the contracts for to see that a value is the model's."""

import re
from typing import Final

from ringfence.report.foundry.solidity import account, camel
from ringfence.types.finding import Difference
from ringfence.types.outcome import Value
from ringfence.vaults.isolated_margin.actions import ACTIONS

PLACE: Final = re.compile(r"(?P<table>\w+)(\[(?P<key>[^\]]*)\])?\.?(?P<field>.*)")
ACCOUNT_GETTERS: Final = {
    "tokens": "token.balanceOf({})",
    "claimable": "vault.claimable({})",
    "owed": "vault.owed({})",
    "shares": "pool.balanceOf({})",
    "nonce": "vault.nonces({})",
}
BALANCES: Final = {
    "vault_tokens": "token.balanceOf(address(vault))",
    "pool_tokens": "token.balanceOf(address(pool))",
    "pool_shares": "pool.totalSupply()",
    "lost_shares": "pool.balanceOf(address(vault)) + pool.balanceOf(address(pool))",
}
SIGNED: Final = frozenset(
    ("size", "carry_entry", "quote", "quote_sum", "carry_basis", "carry_long", "carry_short", "realised")
)
MOST: Final = 8  # of the values that differ, the first


def getter(path: str) -> str | None:
    """Return the expression that reads a value; None for an event's, which no getter shows."""
    place = PLACE.fullmatch(path)
    assert place, path
    table, key, field = place["table"], place["key"], place["field"]
    match table:
        case "returned":
            return "returned" if field in {each.returns for each in ACTIONS} else camel(path)
        case "positions":
            return f"vault.position({key}).{camel(field)}"
        case "totals":
            return BALANCES.get(field) or f"vault.ledger().{camel(field)}"
        case "accounts":
            return ACCOUNT_GETTERS[field].format(account(key))
        case "officers":
            return f"vault.{camel(field)}()"
        case "operators":
            owner, operator = key.split(", ")
            return f"vault.operators({account(owner)}, {account(operator)})"
        case _:
            return None


def expected(difference: Difference) -> Value:
    """Return the model's value, with what getters answer for a position that there is not."""
    if difference.model is not None or not difference.field.startswith("positions"):
        return difference.model
    return "" if difference.field.endswith(".owner") else 0


def readable(differences: tuple[Difference, ...]) -> list[Difference]:
    """Return the first differences that a getter, or the returned value, shows."""
    return [each for each in differences if getter(each.field)][:MOST]


def kind_of(difference: Difference) -> str:
    """Return the Solidity type that a value is compared as."""
    match expected(difference):
        case bool():
            return "bool"
        case str():
            return "address"
        case _:
            return "int256" if difference.field.rpartition(".")[2] in SIGNED else "uint256"
