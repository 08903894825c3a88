"""Margin calls, told once each: when a position is on call, when it gets worse, and when it is over."""

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from ringfence_operations.keeper.journal import Journal
from ringfence_operations.monitor.book import STATUSES, Book

SCHEMA: Final = "ringfence-margin-call/1"
HEALTHY: Final = STATUSES[-1]
CLOSED: Final = "closed"

Notice: TypeAlias = dict[str, Any]


class MarginCalls:
    """Tells news about positions in danger, and keeps in a journal what was told.

    What could not be told is told in the next turn: at least once, and once if all goes well.
    """

    def __init__(self, journal: Journal, tell: Callable[[Notice], None]) -> None:
        """Go on where the journal ends; ``tell`` raises NotTold when nobody heard."""
        self._journal, self._tell = journal, tell
        self._told: dict[int, str] = {}
        for line in journal.past[1:]:
            self._told[line["position"]] = line["status"]

    def turn(self, book: Book) -> None:
        """Tell what is new at a block, nothing while there is no price; raises as ``tell`` does."""
        for notice in [] if book.feed_refusal else list(self._news(book)):
            self._tell(notice)
            self._journal.write([notice])
            self._told[notice["position"]] = notice["status"]

    def _news(self, book: Book) -> Iterator[Notice]:
        statuses = {row.position: row for row in book.rows}
        for position, row in statuses.items():
            before = self._told.get(position, HEALTHY)
            if row.status != before:
                yield self._notice(book, position, row.status) | {
                    "owner": row.owner,
                    "missing": str(row.missing),
                    "equity": str(row.equity),
                    "maintenance_margin": str(row.maintenance_margin),
                    "liquidation_price_wad": str(row.liquidation_price_wad),
                }
        for position, status in self._told.items():
            if position not in statuses and status not in (HEALTHY, CLOSED):
                yield self._notice(book, position, CLOSED)

    def _notice(self, book: Book, position: int, status: str) -> Notice:
        return {
            "kind": "margin call",
            "schema": SCHEMA,
            "chain_id": book.chain_id,
            "vault": book.vault,
            "block": book.block,
            "price_wad": str(book.price_wad),
            "position": position,
            "status": status,
        }
