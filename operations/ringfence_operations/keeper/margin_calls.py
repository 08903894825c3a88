"""Margin calls, each reported once: when a position is on call, when it gets worse, and when it is over."""

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from ringfence_operations.monitor.book import STATUSES, Book
from ringfence_operations.sending.journal import Journal

SCHEMA: Final = "ringfence-margin-call/1"
HEALTHY: Final = STATUSES[-1]
CLOSED: Final = "closed"

Notice: TypeAlias = dict[str, Any]


class MarginCalls:
    """Reports changes of positions in danger, and notes in a journal what was reported.

    What could not be reported is reported in the next round: at least once, and once if all goes well.
    """

    def __init__(self, journal: Journal, report: Callable[[Notice], None]) -> None:
        """Go on where the journal ends; ``report`` raises NotDelivered when nobody took a notice."""
        self._journal, self._report = journal, report
        self._statuses: dict[int, str] = {line["position"]: line["status"] for line in journal.past[1:]}

    def run(self, book: Book) -> None:
        """Report what is new at a block, nothing while there is no price; raises as ``report`` does."""
        for notice in [] if book.feed_refusal else list(self._news(book)):
            self._report(notice)
            self._journal.write([notice])
            self._statuses[notice["position"]] = notice["status"]

    def _news(self, book: Book) -> Iterator[Notice]:
        rows = {row.position: row for row in book.rows}
        for position, row in rows.items():
            if row.status != self._statuses.get(position, HEALTHY):
                yield self._notice(book, position, row.status) | {
                    "owner": row.owner,
                    "missing": str(row.missing),
                    "equity": str(row.equity),
                    "maintenance_margin": str(row.maintenance_margin),
                    "liquidation_price_wad": str(row.liquidation_price_wad),
                }
        for position, status in self._statuses.items():
            if position not in rows and status not in (HEALTHY, CLOSED):
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
