"""The storage words that the model's state implies, each at its slot."""

from collections.abc import Callable, Collection, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final, TypeAlias

from isolated_margin.margin import Position
from isolated_margin.market import Market
from isolated_margin.vault import Vault

from ringfence.abi.layout import Place
from ringfence.adapters.isolated_margin.deployment import Deployment
from ringfence.adapters.isolated_margin.slots import LOW_BITS, TOTALS, MarketSlots
from ringfence.roles import POOL, TOKEN, VAULT

Pack: TypeAlias = Callable[[Sequence[int]], list[int]]

SINCE_DEPLOYMENT: Final = list(TOTALS).index("last_accrual")  # the one total that is kept otherwise
MEMBERS: Final = attrgetter("size", "margin", "carry_entry")
LOW_MASK: Final = (1 << LOW_BITS) - 1
PARTS: Final = attrgetter("book", "carry", "insurance", "total_owed", "next_id", "paused")  # of the ledger


class Column:
    """What every account has of something, made anew only when the model's dictionary has changed."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names, self._words = names, [0] * len(names)
        self._last: dict[str, int] = {}

    def words(self, amounts: dict[str, int]) -> list[int]:
        """Return the accounts' amounts, in the order of the names."""
        if amounts != self._last:
            get, self._last = amounts.get, amounts.copy()
            self._words = [get(name, 0) for name in self._names]
        return self._words


class ImpliedWords:
    """The words of one deployment. ``addresses`` and ``slots`` say where each of ``fixed`` is."""

    def __init__(self, deployment: Deployment) -> None:
        """Look up every place that does not depend on the state."""
        self.at = at = MarketSlots(deployment)
        book, self._names = deployment.book, deployment.setup.accounts
        self._codes = {name: int.from_bytes(book.address(name)) for name in (*self._names, VAULT, POOL, "")}
        self._deployed_at = deployment.deployed_at
        self._vault = book.text(VAULT)
        books, order = _by_slot(at.totals)
        self._pack = _packer(at.totals, order)
        of_vault = [*books, *[place.slot for place in at.officers], *at.accounts]
        parts = ((VAULT, of_vault), (POOL, at.shares), (TOKEN, at.assets))
        self.addresses = [book.text(name) for name, slots in parts for _ in slots]
        self.slots = [slot for _, slots in parts for slot in slots]
        self._totals = attrgetter(*TOTALS)
        places = [place for _, place in at.positions.places]
        self._pack_position = _packer(places, _by_slot(places)[1])
        assert at.positions.length == len(_by_slot(places)[0])
        self._absent = [0] * at.positions.length
        self._claimable, self._owed, self._nonces, self._shares, self._tokens = (
            Column(self._names) for _ in range(5)
        )
        self._last: object = None
        self._last_words: list[int] = []

    def fixed(self, market: Market, traders: Collection[str]) -> list[int]:
        """Return totals, officers, and what accounts have; raises OverflowError where no word can hold it.

        ``traders``: who ever opened a position.
        """
        vault, pool, token, codes = market.vault, market.pool, market.token, self._codes
        return [
            *self._packed(vault),
            codes[vault.owner],
            codes[vault.pending_owner],
            codes[vault.guardian],
            *self._claims(vault._claimable, traders),
            *self._owed.words(vault._owed),
            *self._nonces.words(vault._nonces),
            pool.total_supply,
            *self._shares.words(pool._balances),
            *self._tokens.words(token._balances),
            token.balance_of(VAULT),
            token.balance_of(POOL),
        ]

    def position(self, held: Position | None) -> list[int]:
        """Return the words of a position, or of none; raises OverflowError."""
        if held is None:
            return self._absent
        quote = held.quote
        fields = self._codes[held.owner], *MEMBERS(held), quote >> LOW_BITS, quote & LOW_MASK
        return self._pack_position(fields)

    def _claims(self, amounts: dict[str, int], traders: Collection[str]) -> list[int]:
        """Return what every account may claim, with the flag of those who have traded."""
        claims = self._claimable.words(amounts)
        if not traders:
            return claims
        flag = 1 << self.at.has_traded.shift
        return [
            claim | flag if name in traders else claim
            for name, claim in zip(self._names, claims, strict=True)
        ]

    def _packed(self, vault: Vault) -> list[int]:
        """Return the words of the totals; made anew only when one of them has changed."""
        totals = PARTS(vault)
        if totals != self._last:
            values = list(self._totals(vault.ledger()))
            values[SINCE_DEPLOYMENT] -= self._deployed_at
            self._last, self._last_words = totals, self._pack(values)
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
