"""The storage words derived from the model's state, each at its slot."""

from collections.abc import Callable, Sequence, Set
from itertools import groupby
from operator import attrgetter
from typing import Final, TypeAlias

from isolated_margin.margin import Position
from isolated_margin.market import Market
from isolated_margin.vault import Vault

from ringfence.evm.abi.layout import Place
from ringfence.types.roles import POOL, TOKEN, VAULT
from ringfence.vaults.isolated_margin.deployment import Deployment
from ringfence.vaults.isolated_margin.reference.model_values import rounds_of
from ringfence.vaults.isolated_margin.slots import LOW_BITS, SINCE_DEPLOYMENT, TOTALS, MarketSlots

Word: TypeAlias = tuple[str, int, int]  # a contract's address, a slot, and what is there
Pack: TypeAlias = Callable[[Sequence[int]], list[int]]

OFFSET: Final = [list(TOTALS).index(name) for name in SINCE_DEPLOYMENT]
MEMBERS: Final = attrgetter("size", "margin", "carry_entry", "rate_bp", "deleveraged_at")
LOW_MASK: Final = (1 << LOW_BITS) - 1
PARTS: Final = attrgetter(
    "book", "carry", "insurance", "total_owed", "next_id", "dead_since", "paused", "is_settled"
)  # of the ledger


class Column:
    """What every account has of something: ``words``, at ``slots`` of the contract at ``address``."""

    def __init__(self, address: str, slots: Sequence[int], names: Sequence[str]) -> None:
        self.address, self.slots, self._names = address, slots, names
        self.words = [0] * len(names)
        self._last: dict[str, int] = {}

    def take(self, amounts: dict[str, int]) -> list[Word]:
        """Make the words anew if the model has other amounts than before; return those words."""
        if amounts == self._last:
            return []
        get, self._last = amounts.get, amounts.copy()
        return self._replaced([get(name, 0) for name in self._names])

    def _replaced(self, words: list[int]) -> list[Word]:
        before, self.words = self.words, words
        compared = zip(self.slots, words, before, strict=True)
        return [(self.address, slot, now) for slot, now, was in compared if now != was]


class Claims(Column):
    """What every account may claim, with the flag of those who have traded."""

    def __init__(self, address: str, slots: Sequence[int], names: Sequence[str], flag: int) -> None:
        super().__init__(address, slots, names)
        self._flag, self._traders = flag, set[str]()

    def take_of(self, amounts: dict[str, int], traders: Set[str]) -> list[Word]:
        """Do the same when others have traded, too."""
        if amounts == self._last and traders == self._traders:
            return []
        get, flag = amounts.get, self._flag
        self._last, self._traders = amounts.copy(), set(traders)
        return self._replaced([get(name, 0) | (flag if name in traders else 0) for name in self._names])


class DerivedWords:
    """The words of one deployment. ``addresses`` and ``slots`` say where each of ``common`` is."""

    def __init__(self, deployment: Deployment) -> None:
        """Look up every place that does not depend on the state."""
        self.at = at = MarketSlots(deployment)
        book, names = deployment.workspace.book, deployment.setup.accounts
        self._codes = {name: int.from_bytes(book.address(name)) for name in (*names, VAULT, POOL, "")}
        self._deployed_at = deployment.deployed_at
        vault, pool, token = (book.text(name) for name in (VAULT, POOL, TOKEN))
        of_ledger = [*at.totals, at.is_silent]
        books, order = _by_slot(of_ledger)
        self._pack = _packer(of_ledger, order)
        (supply, *shares), (*assets, of_vault, of_pool) = at.shares, at.assets
        of_officers = [place.slot for place in at.officers]
        parts = ((vault, [*books, *of_officers]), (pool, [supply]), (token, [of_vault, of_pool]))
        self.addresses = [address for address, slots in parts for _ in slots]
        self.slots = [slot for _, slots in parts for slot in slots]
        self._totals = attrgetter(*TOTALS)
        places = [place for _, place in at.positions.places]
        self._pack_position = _packer(places, _by_slot(places)[1])
        assert at.positions.length == len(_by_slot(places)[0])
        self._absent = [0] * at.positions.length
        count = len(names)
        claimable, owed, nonces = (at.accounts[start : start + count] for start in (0, count, 2 * count))
        self._claimable = Claims(vault, claimable, names, 1 << at.has_traded.shift)
        holders = (*names, VAULT, POOL)
        others = (vault, owed, names), (vault, nonces, names), (pool, shares, holders), (token, assets, names)
        self._others = [Column(*each) for each in others]
        self.columns = self._claimable, *self._others
        self._last: object = None
        self._last_words: list[int] = []

    def common(self, market: Market) -> list[int]:
        """Return totals, officers, and what vault and pool have; raises OverflowError."""
        vault, token, codes = market.vault, market.token, self._codes
        return [
            *self._packed(vault),
            codes[vault.owner],
            codes[vault.pending_owner],
            codes[vault.guardian],
            market.pool.total_supply,
            token.balance_of(VAULT),
            token.balance_of(POOL),
        ]

    def changed(self, market: Market, traders: Set[str]) -> list[Word]:
        """Return what the model has changed of accounts since it was last asked.

        ``traders``: who ever opened a position.
        """
        vault = market.vault
        amounts = (vault._owed, vault._nonces, market.pool._balances, market.token._balances)
        changed = self._claimable.take_of(vault._claimable, traders)
        for column, now in zip(self._others, amounts, strict=True):
            changed += column.take(now)
        return changed

    def position(self, held: Position | None) -> list[int]:
        """Return the words of a position, or of none; raises OverflowError."""
        if held is None:
            return self._absent
        quote = held.quote
        fields = self._codes[held.owner], *MEMBERS(held), quote >> LOW_BITS, quote & LOW_MASK
        return self._pack_position(fields)

    def _packed(self, vault: Vault) -> list[int]:
        """Return the words of the totals; made anew only when one of them has changed."""
        totals = PARTS(vault)
        if totals != self._last:
            values = [*self._totals(vault.ledger()), *rounds_of(vault).values()]
            for number in OFFSET:
                values[number] -= self._deployed_at
            self._last, self._last_words = totals, self._pack([*values, vault.dead_since > 0])
        return self._last_words


def _by_slot(places: Sequence[Place]) -> tuple[list[int], list[int]]:
    """Return the slots that places are in, and the places' numbers from the first slot's top bits down."""
    order = sorted(range(len(places)), key=lambda number: (places[number].slot, -places[number].shift))
    return list(dict.fromkeys(places[number].slot for number in order)), order


def _packer(places: Sequence[Place], order: Sequence[int]) -> Pack:
    """Return what packs values into words; it raises OverflowError for one that does not fit its place."""
    words = [
        [(number, *_range(places[number]), places[number].shift) for number in group]
        for _, group in groupby(order, key=lambda number: places[number].slot)
    ]

    def pack(values: Sequence[int]) -> list[int]:
        packed = []
        for parts in words:
            word = 0
            for number, lowest, limit, mask, shift in parts:
                value = values[number]
                if not lowest <= value < limit:
                    raise OverflowError(value)
                word |= (value & mask) << shift
            packed.append(word)
        return packed

    return pack


def _range(place: Place) -> tuple[int, int, int]:
    """Return the lowest value of a place, what is just too high for it, and all of its bits."""
    size = 1 << place.bits
    return (-size // 2, size // 2, size - 1) if place.signed else (0, size, size - 1)
