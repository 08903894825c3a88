"""The vault's state, read from storage: a hundred words cost less than a few views."""

from collections.abc import Iterable, Sequence
from typing import Final

from ringfence.abi.layout import Layout, Place
from ringfence.adapters.isolated_margin.deployment import Deployment
from ringfence.roles import ACCOUNTS, POOL, TOKEN, VAULT
from ringfence.state import AccountState, PositionState, VaultState

TOTALS: Final = {
    "long_size": "longSize",
    "short_size": "shortSize",
    "quote_sum": "quoteSum",
    "carry_basis": "carryBasis",
    "carry_long": "carryLong",
    "carry_short": "carryShort",
    "last_accrual": "lastAccrual",
    "last_price": "lastPrice",
    "insurance": "insurance",
    "total_owed": "totalOwed",
    "next_id": "nextId",
    "paused": "paused",
}
OFFICERS: Final = {"owner": "_owner", "pending_owner": "_pendingOwner", "guardian": "guardian"}
FIELDS: Final = ("owner", "size", "margin", "carryEntry", "quote")
ACCOUNT_MAPS: Final = ("claimable", "owed", "nonces")
POSITION_SLOTS: Final = 4


class StorageReader:
    """Reads one deployment. The operators it looks at are the pairs it was ever told of."""

    def __init__(self, deployment: Deployment) -> None:
        """Look up every place that does not depend on the state."""
        contracts, book = deployment.contracts, deployment.book
        self._chain, self._book = deployment.chain, book
        self._deployed_at = deployment.deployed_at
        self._addresses = {name: book.text(name) for name in (VAULT, POOL, TOKEN)}
        self._layout = layout = Layout(contracts.vault.storage_layout)

        books = layout.fields("_books")
        self._totals = {ours: books[theirs] for ours, theirs in TOTALS.items()}
        self._officers = {ours: layout.value(theirs) for ours, theirs in OFFICERS.items()}
        maps = [layout.value(name, self._key(role)) for role in ACCOUNTS for name in ACCOUNT_MAPS]
        self._fixed = [*self._totals.values(), *self._officers.values(), *maps]
        self._fixed_slots = [place.slot for place in self._fixed]

        shares, tokens = Layout(contracts.pool.storage_layout), Layout(contracts.token.storage_layout)
        self._share_slots = [shares.value("_totalSupply").slot, *self._balances(shares, ACCOUNTS)]
        self._token_slots = self._balances(tokens, (VAULT, POOL, *ACCOUNTS))
        self._positions: list[tuple[list[int], tuple[Place, ...]]] = []
        self._operators: dict[tuple[str, str], int] = {}

    def watch(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Look, from now on, whether the second of each pair is an operator of the first."""
        for pair in pairs:
            if pair not in self._operators:
                self._operators[pair] = self._layout.value("operators", *map(self._key, pair)).slot

    def read(self) -> VaultState:
        """Return the whole state."""
        words = self._words(VAULT, [*self._fixed_slots, *self._operators.values()])
        values = [place.read(word) for place, word in zip(self._fixed, words, strict=False)]
        totals = dict(zip(self._totals, values, strict=False))
        totals["last_accrual"] += self._deployed_at
        shares = self._words(POOL, self._share_slots)
        tokens = self._words(TOKEN, self._token_slots)
        totals |= {"vault_tokens": tokens[0], "pool_tokens": tokens[1], "pool_shares": shares[0]}

        first, last = len(totals) - 3, len(self._fixed_slots)
        officers = self._named(values[first : first + len(OFFICERS)])
        accounts = _accounts(tokens[2:], values[first + len(OFFICERS) :], shares[1:])
        allowed = frozenset(pair for pair, word in zip(self._operators, words[last:], strict=True) if word)
        return VaultState(self._live(totals["next_id"]), totals, accounts, officers, allowed)

    def _live(self, next_id: int) -> dict[int, PositionState]:
        """Return every position that is not all zero, whatever its id's history."""
        while len(self._positions) < next_id - 1:
            fields = self._layout.fields("_positions", len(self._positions) + 1)
            places = tuple(fields[name] for name in FIELDS)
            base = min(place.slot for place in places)
            self._positions.append(([base + word for word in range(POSITION_SLOTS)], places))
        known = self._positions[: next_id - 1]
        words = self._words(VAULT, [slot for slots, _ in known for slot in slots])
        live = {}
        for index, (slots, places) in enumerate(known):
            held = words[index * POSITION_SLOTS : (index + 1) * POSITION_SLOTS]
            if any(held):
                owner, *numbers = [place.read(held[place.slot - slots[0]]) for place in places]
                live[index + 1] = PositionState(self._book.name(owner.to_bytes(20)), *numbers)
        return live

    def _words(self, contract: str, slots: Sequence[int]) -> list[int]:
        return self._chain.storage(self._addresses[contract], slots)

    def _named(self, addresses: Sequence[int]) -> dict[str, str]:
        names = [self._book.name(address.to_bytes(20)) for address in addresses]
        return dict(zip(OFFICERS, names, strict=True))

    def _balances(self, layout: Layout, holders: Iterable[str]) -> list[int]:
        return [layout.value("_balances", self._key(holder)).slot for holder in holders]

    def _key(self, name: str) -> int:
        return int.from_bytes(self._book.address(name))


def _accounts(
    tokens: Sequence[int], in_vault: Sequence[int], shares: Sequence[int]
) -> dict[str, AccountState]:
    """Return the accounts' states from columns in the order of ``ACCOUNTS`` and ``ACCOUNT_MAPS``."""
    columns = [in_vault[index :: len(ACCOUNT_MAPS)] for index in range(len(ACCOUNT_MAPS))]
    rows = zip(ACCOUNTS, tokens, columns[0], columns[1], shares, columns[2], strict=True)
    return {role: AccountState(*row) for role, *row in rows}
