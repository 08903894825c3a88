"""The vault's state, read from storage: a hundred words cost less than a few views."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from ringfence.types.roles import POOL, TOKEN, VAULT
from ringfence.types.state import AccountRows, OperatorState, PositionState, VaultState
from ringfence.vaults.isolated_margin.deployment import Deployment
from ringfence.vaults.isolated_margin.slots import OFFICERS, ROUNDS, SINCE_DEPLOYMENT, TOTALS, MarketSlots

CONTRADICTED: Final = -1  # the time of a flag that says otherwise, which is no state of the vault


class StorageReader:
    """Reads one deployment. The operators it looks at are the pairs that were ever watched."""

    def __init__(self, deployment: Deployment) -> None:
        """Look up every place that does not depend on the state."""
        self._book, self._words = deployment.workspace.book, deployment.workspace.storage
        self._deployed_at = deployment.deployed_at
        self._names = names = deployment.setup.accounts
        self._at = slots = MarketSlots(deployment)
        self._places = [*slots.officers, *slots.totals, slots.is_silent]
        self._slots = [place.slot for place in self._places] + slots.accounts
        self._operators: dict[tuple[str, str], int] = {}
        self._position = lru_cache(maxsize=256)(self._position_of)
        self._accounts = AccountRows(names)

    def watch(self, owner: str, operator: str) -> None:
        """Look, from now on, whether one account is an operator of the other."""
        if (owner, operator) not in self._operators:
            self._operators[owner, operator] = self._at.operator(owner, operator)

    def read(self) -> VaultState:
        """Return the whole state."""
        words = self._words(VAULT, self._slots)
        values = [place.read(word) for place, word in zip(self._places, words, strict=False)]
        officers = dict(zip(OFFICERS, map(self._name, values), strict=False))
        *of_ledger, is_silent = values[len(OFFICERS) :]
        totals = dict(zip((*TOTALS, *ROUNDS), of_ledger, strict=True))
        if is_silent != (totals["dead_since"] > 0):
            totals["dead_since"] = CONTRADICTED
        for name in SINCE_DEPLOYMENT:
            totals[name] += self._deployed_at
        supply, *shares, of_vault, of_pool = self._words(POOL, self._at.shares)
        *tokens, totals["vault_tokens"], totals["pool_tokens"] = self._words(TOKEN, self._at.assets)
        totals["pool_shares"], totals["lost_shares"] = supply, of_vault + of_pool
        first, count = len(self._places), len(self._names)
        columns = range(len(words[first:]) // count)
        claims, owed, nonces = [words[first + column * count :][:count] for column in columns]
        claimable = [self._at.claimable.read(word) for word in claims]
        return VaultState(
            positions=dict(self._live(totals["next_id"])),
            totals=totals,
            accounts=self._accounts.of(tokens, claimable, owed, shares, nonces),
            officers=officers,
            operators=self._permitted(),
        )

    def _live(self, next_id: int) -> Iterator[tuple[int, PositionState]]:
        """Give every position that is not all zero, whatever its id's history."""
        positions = self._at.positions
        words = self._words(VAULT, positions.slots(next_id))
        for index, held in enumerate(zip(*[iter(words)] * positions.length, strict=True)):
            if any(held):
                yield index + 1, self._position(held)

    def _position_of(self, words: tuple[int, ...]) -> PositionState:
        owner, size, margin, carry_entry, quote, rate_bp, at = self._at.positions.read(words)
        return PositionState(self._name(owner), size, margin, carry_entry, quote, rate_bp, at)

    def _permitted(self) -> dict[tuple[str, str], OperatorState]:
        words, places = self._words(VAULT, list(self._operators.values())), self._at.permission
        given = zip(self._operators, words, strict=True)
        return {pair: OperatorState(*[each.read(word) for each in places]) for pair, word in given if word}

    def _name(self, address: int) -> str:
        return self._book.name(address.to_bytes(20))
