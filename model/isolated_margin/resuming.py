"""A vault that takes up where another stands: one on a chain, whose ledger is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from isolated_margin.book import Book, BookSide, Round
from isolated_margin.carry import Carry
from isolated_margin.fixed import uint256
from isolated_margin.ledger import Ledger
from isolated_margin.margin import Position
from isolated_margin.permission import Permission
from isolated_margin.vault_state import ReadOnlyVault


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a vault remembers. ``rounds`` are the longs' and the shorts' last; ``claimable`` and ``owed``
    assets by account; ``operators`` what owners permit, by the pair of owner and operator.
    """

    ledger: Ledger
    rounds: tuple[Round, Round]
    positions: Mapping[int, Position]
    claimable: Mapping[str, int]
    owed: Mapping[str, int]
    nonces: Mapping[str, int]
    operators: Mapping[tuple[str, str], Permission]
    owner: str
    pending_owner: str
    guardian: str


class Resuming(ReadOnlyVault):
    """What makes a vault's state another's."""

    __slots__ = ()

    def resume(self, standing: Standing) -> None:
        """Stand where ``standing`` says, whatever was before; terms, tokens, feed and time stay.

        Sums are taken as they are given: nothing here checks them against the positions.

        Raises:
            NotAnInteger, OutOfDomain: a number is none that a vault could have.
        """
        totals = standing.ledger
        book = Book(
            BookSide(
                totals.long_size,
                totals.long_quote,
                totals.long_margin,
                totals.long_basis,
                totals.long_fresh,
                standing.rounds[0],
            ),
            BookSide(
                totals.short_size,
                totals.short_quote,
                totals.short_margin,
                totals.short_basis,
                totals.short_fresh,
                standing.rounds[1],
            ),
            totals.fresh_at,
        )
        carry = Carry(totals.carry_long, totals.carry_short, totals.last_accrual, totals.last_price)
        _check_words(standing)

        self.book, self.carry = book, carry
        self.insurance, self.total_owed = totals.insurance, totals.total_owed
        self.next_id, self.paused = totals.next_id, bool(totals.paused)
        self.dead_since, self.is_settled = totals.dead_since, bool(totals.settled)
        self.positions = dict(standing.positions)
        self._claimable, self._owed = dict(standing.claimable), dict(standing.owed)
        self._nonces = dict(standing.nonces)
        self._operators = dict(standing.operators)
        self.owner, self.pending_owner = standing.owner, standing.pending_owner
        self.guardian = standing.guardian


def _check_words(standing: Standing) -> None:
    totals = standing.ledger
    words = totals.insurance, totals.total_owed, totals.next_id, totals.dead_since
    by_account = standing.claimable.values(), standing.owed.values(), standing.nonces.values()
    for word in chain(words, standing.positions, *by_account):
        uint256(word)
