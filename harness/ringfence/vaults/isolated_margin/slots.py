"""Where a market keeps its state: the storage slots of everything that is observed."""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Final

from ringfence.evm.abi.layout import Layout, Place
from ringfence.evm.workspace import Workspace
from ringfence.properties.event_ledger import OF_A_ROUND, OF_A_SIDE
from ringfence.types.roles import EVERYONE, FEED, NOBODY, POOL, TOKEN, VAULT
from ringfence.types.spelling import camel
from ringfence.vaults.isolated_margin.deployment import Deployment

SIDES: Final = ("long", "short")
LEDGER: Final = (
    *(f"{side}_{part}" for part in OF_A_SIDE for side in SIDES),
    *("fresh_at", "carry_long", "carry_short", "last_accrual", "last_price"),
    *("insurance", "total_owed", "next_id", "dead_since", "paused", "settled"),
)
TOTALS: Final = {name: camel(name) for name in LEDGER}
SINCE_DEPLOYMENT: Final = ("last_accrual", "fresh_at")  # kept as seconds since then
ROUNDS: Final = {  # of deleveraging, a word for each side
    f"{side}_{part}": (side == "long", camel(part)) for side in SIDES for part in OF_A_ROUND
}
OFFICERS: Final = {"owner": "_owner", "pending_owner": "_pendingOwner", "guardian": "guardian"}
ACCOUNT_MAPS: Final = ("owed", "nonces")
FIELDS: Final = ("owner", "size", "margin", "carryEntry", "rateBp", "deleveragedAt", "quoteHigh", "quoteLow")
LOW_BITS: Final = 128  # of a quote


class MarketSlots:
    """The places of one deployment that do not depend on its state.

    ``totals``, with those of ``ROUNDS``, and ``officers`` are in the order of their names, ``accounts`` are
    the words of claimable, owed and nonces of every account in turn; ``claimable`` and ``has_traded`` are
    where those are in an account's word, ``permission`` where an operator's permissions and expiry are in
    theirs, ``is_silent`` the flag of a ``dead_since`` above zero. ``shares`` begin with the supply, and end
    with vault and pool as ``assets`` do.
    """

    def __init__(self, deployment: Deployment) -> None:
        """Look up every place."""
        artifacts, self._book = deployment.workspace.artifacts, deployment.workspace.book
        layout, pool, token = (Layout(artifacts[name].storage_layout) for name in (VAULT, POOL, TOKEN))
        names = deployment.setup.accounts
        self._layout = layout
        books = layout.fields("_books")
        self.totals = [books[name] for name in TOTALS.values()]
        self.totals += [layout.fields("rounds", int(is_long))[name] for is_long, name in ROUNDS.values()]
        self.is_silent = books["isSilent"]
        self.officers = [layout.value(name) for name in OFFICERS.values()]
        account = layout.fields("_accounts", 0)
        self.claimable, self.has_traded = account["claimable"], account["hasTraded"]
        claims = [layout.fields("_accounts", self._key(role))["claimable"] for role in names]
        maps = [layout.value(name, self._key(role)) for name in ACCOUNT_MAPS for role in names]
        self.accounts = [place.slot for place in (*claims, *maps)]
        holders = (*names, VAULT, POOL)
        self.shares = [pool.value("_totalSupply").slot, *self._balances(pool, holders)]
        self.assets = self._balances(token, holders)
        self.positions = PositionWords(layout)
        self._operators: dict[tuple[str, str], int] = {}
        permission = layout.fields("_operators", 0, 0)
        self.permission = permission["permissions"], permission["expiry"]

    def operator(self, owner: str, operator: str) -> int:
        """Return the slot of the word that says what one account permits the other: see ``permission``."""
        pair = owner, operator
        if pair not in self._operators:
            self._operators[pair] = self._layout.slot("_operators", self._key(owner), self._key(operator))
        return self._operators[pair]

    def _balances(self, layout: Layout, holders: Iterable[str]) -> list[int]:
        return [layout.value("_balances", self._key(holder)).slot for holder in holders]

    def _key(self, name: str) -> int:
        return int.from_bytes(self._book.address(name))


class PositionWords:
    """Where positions are kept, id after id, and what is in their words."""

    def __init__(self, layout: Layout) -> None:
        """Find the fields of a position in its words."""
        self._layout = layout
        fields = [self._fields(1)[name] for name in FIELDS]
        first = min(place.slot for place in fields)
        self.places = [(place.slot - first, place) for place in fields]
        self.length = 1 + max(word for word, _ in self.places)
        self._slots: list[int] = []

    def slots(self, next_id: int) -> list[int]:
        """Return the slots of all positions before ``next_id``."""
        end = (next_id - 1) * self.length
        while len(self._slots) < end:
            fields = self._fields(len(self._slots) // self.length + 1)
            first = min(place.slot for place in fields.values())
            self._slots.extend(range(first, first + self.length))
        return self._slots[:end]

    def read(self, words: Sequence[int]) -> list[int]:
        """Return a position's fields from its words."""
        *fields, rate_bp, deleveraged_at, quote_high, quote_low = [
            place.read(words[word]) for word, place in self.places
        ]
        return [*fields, (quote_high << LOW_BITS) + quote_low, rate_bp, deleveraged_at]

    def _fields(self, position: int) -> dict[str, Place]:
        return self._layout.fields("_positions", position)


OF_ACCOUNTS: Final = {  # by contract: variables by account that observations leave out, and why
    VAULT: {"_accounts": "the flag of accounts that have traded; claimable, in the same word, is observed"},
    POOL: {"minted": "the shares of one second, which no later one reads"},
    TOKEN: {"_nonces": "of permits to the mock token, which is not under test"},
}
ALLOWANCES: Final = "_allowances"
WHY_ALLOWANCES: Final = "what spenders may take is compared by the outcomes of taking it"
WHY_FEED: Final = "the mock feed is not under test; its price is known from the actions"


def waived_words(workspace: Workspace) -> dict[tuple[str, int | None], str]:
    """Return the storage words that observations leave out, each with its reason; None: all of a contract."""
    keys = {name: int.from_bytes(workspace.book.address(name)) for name in (*EVERYONE, VAULT, POOL, NOBODY)}
    waived: dict[tuple[str, int | None], str] = {(FEED, None): WHY_FEED}
    for contract, variables in OF_ACCOUNTS.items():
        layout = Layout(workspace.artifacts[contract].storage_layout)
        for variable, reason in variables.items():
            waived |= {(contract, layout.slot(variable, key)): reason for key in keys.values()}
    for contract in (POOL, TOKEN):
        layout = Layout(workspace.artifacts[contract].storage_layout)
        pairs = product(keys.values(), repeat=2)
        waived |= {(contract, layout.slot(ALLOWANCES, *pair)): WHY_ALLOWANCES for pair in pairs}
    return waived
