"""Which view of our contracts shows a value of the state, which is read from storage."""

import re
from typing import Final

from ringfence.types.outcome import Value
from ringfence.types.roles import POOL, TOKEN, VAULT
from ringfence.types.spelling import camel
from ringfence.vaults.isolated_margin.slots import ROUNDS

PLACE: Final = re.compile(r"(?P<table>\w+)(\[(?P<key>[^\]]*)\])?\.?(?P<field>.*)")
OF_AN_ACCOUNT: Final = {
    "tokens": (TOKEN, "balanceOf"),
    "claimable": (VAULT, "claimable"),
    "owed": (VAULT, "owed"),
    "shares": (POOL, "balanceOf"),
    "nonce": (VAULT, "nonces"),
}
BALANCES: Final = {
    "vault_tokens": (TOKEN, "balanceOf", (VAULT,), ""),
    "pool_tokens": (TOKEN, "balanceOf", (POOL,), ""),
    "pool_shares": (POOL, "totalSupply", (), ""),
}
UNSHOWN: Final = "lost_shares"  # the sum of two balances

View = tuple[str, str, tuple[Value, ...], str]  # contract, function, arguments, and the member or ""


def view_of(path: str) -> View | None:
    """Return the view that shows the value of a path; None for what none shows."""
    place = PLACE.fullmatch(path)
    assert place, path
    table, key, field = place["table"], place["key"], place["field"]
    member = camel(field)
    match table:
        case "positions":
            return VAULT, "position", (int(key),), member
        case "totals" if field != UNSHOWN:
            if field in ROUNDS:
                is_long, member = ROUNDS[field]
                return VAULT, "rounds", (is_long,), member
            return BALANCES.get(field) or (VAULT, "ledger", (), member)
        case "accounts":
            return *OF_AN_ACCOUNT[field], (key,), ""
        case "officers":
            return VAULT, member, (), ""
        case "operators":
            return VAULT, "operators", tuple(key.split(", ")), member
        case _:
            return None
