"""The storage words that the model's state implies, each at its slot."""

from collections.abc import Callable, Collection, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final, TypeAlias

from isolated_margin.ledger import Ledger
from isolated_margin.margin import Position
from isolated_margin.market import Market

from ringfence.abi.layout import Place
from ringfence.adapters.isolated_margin.deployment import Deployment
from ringfence.adapters.isolated_margin.slots import LOW_BITS, TOTALS, MarketSlots
from ringfence.roles import POOL, TOKEN, VAULT

Pack: TypeAlias = Callable[[Sequence[int]], list[int]]

WORD: Final = 32
SINCE_DEPLOYMENT: Final = list(TOTALS).index("last_accrual")  # the one total that is kept otherwise
MEMBERS: Final = attrgetter("size", "margin", "carry_entry")
LOW_MASK: Final = (1 << LOW_BITS) - 1


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

    def fixed(self, market: Market, traders: Collection[str]) -> list[int]:
        """Return totals, officers, and what accounts have; raises OverflowError where no word can hold it.

        ``traders``: who ever opened a position.
        """
        vault, pool, token, names = market.vault, market.pool, market.token, self._names
        codes = self._codes
        return [
            *self._packed(vault.ledger()),
            codes[vault.owner],
            codes[vault.pending_owner],
            codes[vault.guardian],
            *[vault.claimable(name) | (name in traders) << self.at.has_traded.shift for name in names],
            *map(vault.owed, names),
            *map(vault.nonces, names),
            pool.total_supply,
            *map(pool.balance_of, names),
            *map(token.balance_of, names),
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

    def _packed(self, ledger: Ledger) -> list[int]:
        values = list(self._totals(ledger))
        values[SINCE_DEPLOYMENT] -= self._deployed_at
        return self._pack(values)


def _by_slot(places: Sequence[Place]) -> tuple[list[int], list[int]]:
    """Return the slots that places are in, and the places' numbers from the first slot's top bits down."""
    order = sorted(range(len(places)), key=lambda number: (places[number].slot, -places[number].shift))
    return list(dict.fromkeys(places[number].slot for number in order)), order


def _packer(places: Sequence[Place], order: Sequence[int]) -> Pack:
    """Return what packs values into words; it raises OverflowError for one that does not fit its place."""
    steps: list[tuple[bytes, int, int, bool]] = []
    for _, group in groupby(order, key=lambda number: places[number].slot):
        free = 8 * WORD
        for number in group:
            place = places[number]
            gap = bytes((free - place.shift - place.bits) // 8)
            steps.append((gap, number, place.bits // 8, place.signed))
            free = place.shift
        assert free == 0, "every word is used from its lowest bit"
    count = len(dict.fromkeys(places[number].slot for number in order))
    starts = range(0, count * WORD, WORD)

    def pack(values: Sequence[int]) -> list[int]:
        blob = b"".join(
            [gap + int.to_bytes(values[number], size, signed=signed) for gap, number, size, signed in steps]
        )
        return [int.from_bytes(blob[start : start + WORD]) for start in starts]

    return pack
