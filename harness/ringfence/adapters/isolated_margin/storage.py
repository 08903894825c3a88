"""The vault's state, read from storage: a hundred words cost less than a few views."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from ringfence.abi.layout import Layout, Place
from ringfence.adapters.isolated_margin.deployment import Deployment
from ringfence.roles import POOL, TOKEN, VAULT
from ringfence.state import AccountRows, PositionState, VaultState

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
ACCOUNT_MAPS: Final = ("claimable", "owed", "nonces")
FIELDS: Final = ("owner", "size", "margin", "carryEntry", "quote")


class StorageReader:
    """Reads one deployment. The operators it looks at are the pairs it was ever told of."""

    def __init__(self, deployment: Deployment) -> None:
        """Look up every place that does not depend on the state."""
        contracts, self._book = deployment.contracts, deployment.book
        self._chain, self._deployed_at = deployment.chain, deployment.deployed_at
        self._addresses = {name: self._book.text(name) for name in (VAULT, POOL, TOKEN)}
        self._names = names = deployment.setup.accounts
        self._layout = layout = Layout(contracts.vault.storage_layout)
        books = layout.fields("_books")
        self._places = [*[books[name] for name in TOTALS.values()], *map(layout.value, OFFICERS.values())]
        maps = [layout.value(name, self._key(role)) for name in ACCOUNT_MAPS for role in names]
        self._slots = [place.slot for place in (*self._places, *maps)]
        self._share_slots = self._token_slots(Layout(contracts.pool.storage_layout), names)
        self._asset_slots = self._token_slots(Layout(contracts.token.storage_layout), (*names, VAULT, POOL))
        self._operators: dict[tuple[str, str], int] = {}
        self._positions = PositionWords(layout)
        self._position = lru_cache(maxsize=256)(self._position_of)
        self._accounts = AccountRows(names)

    def watch(self, owner: str, operator: str) -> None:
        """Look, from now on, whether one account is an operator of the other."""
        if (owner, operator) not in self._operators:
            place = self._layout.value("operators", self._key(owner), self._key(operator))
            self._operators[owner, operator] = place.slot

    def read(self) -> VaultState:
        """Return the whole state."""
        words = self._words(VAULT, self._slots)
        values = [place.read(word) for place, word in zip(self._places, words, strict=False)]
        totals = dict(zip(TOTALS, values, strict=False))
        totals["last_accrual"] += self._deployed_at
        supply, *shares = self._words(POOL, self._share_slots)
        _, *tokens, totals["vault_tokens"], totals["pool_tokens"] = self._words(TOKEN, self._asset_slots)
        totals["pool_shares"] = supply
        officers = dict(zip(OFFICERS, map(self._name, values[len(TOTALS) :]), strict=True))
        first, count = len(self._places), len(self._names)
        claimable, owed, nonces = [words[first + column * count :][:count] for column in range(3)]
        return VaultState(
            positions=dict(self._live(totals["next_id"])),
            totals=totals,
            accounts=self._accounts.of(tokens, claimable, owed, shares, nonces),
            officers=officers,
            operators=self._allowed(),
        )

    def _live(self, next_id: int) -> Iterator[tuple[int, PositionState]]:
        """Give every position that is not all zero, whatever its id's history."""
        slots = self._positions.slots(next_id)
        words = self._words(VAULT, slots)
        for index, held in enumerate(zip(*[iter(words)] * self._positions.length, strict=True)):
            if any(held):
                yield index + 1, self._position(held)

    def _position_of(self, words: tuple[int, ...]) -> PositionState:
        owner, *numbers = self._positions.read(words)
        return PositionState(self._name(owner), *numbers)

    def _allowed(self) -> frozenset[tuple[str, str]]:
        words = self._words(VAULT, list(self._operators.values()))
        return frozenset(pair for pair, word in zip(self._operators, words, strict=True) if word)

    def _words(self, contract: str, slots: Sequence[int]) -> list[int]:
        return self._chain.storage(self._addresses[contract], slots)

    def _token_slots(self, layout: Layout, holders: Iterable[str]) -> list[int]:
        balances = [layout.value("_balances", self._key(holder)).slot for holder in holders]
        return [layout.value("_totalSupply").slot, *balances]

    def _name(self, address: int) -> str:
        return self._book.name(address.to_bytes(20))

    def _key(self, name: str) -> int:
        return int.from_bytes(self._book.address(name))


class PositionWords:
    """Where positions are kept, id after id, and what is in their words."""

    def __init__(self, layout: Layout) -> None:
        """Find the fields of a position in its words."""
        self._layout = layout
        places = [self._fields(1)[name] for name in FIELDS]
        first = min(place.slot for place in places)
        self._places = [(place.slot - first, place) for place in places]
        self.length = 1 + max(word for word, _ in self._places)
        self._slots: list[int] = []

    def slots(self, next_id: int) -> list[int]:
        """Return the slots of all positions before ``next_id``."""
        for position in range(len(self._slots) // self.length + 1, next_id):
            first = min(place.slot for place in self._fields(position).values())
            self._slots.extend(range(first, first + self.length))
        return self._slots[: (next_id - 1) * self.length]

    def read(self, words: Sequence[int]) -> list[int]:
        """Return a position's fields from its words."""
        return [place.read(words[word]) for word, place in self._places]

    def _fields(self, position: int) -> dict[str, Place]:
        return self._layout.fields("_positions", position)
