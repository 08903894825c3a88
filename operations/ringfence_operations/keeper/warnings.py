"""What an operator should know about the market itself, printed when it begins and not in every block."""

from collections.abc import Callable

from ringfence_operations.follow.snapshot import Snapshot
from ringfence_operations.monitor.positions import price_of


class Warnings:
    """Reports that the feed has no price, or that the events do not explain the vault, once each time."""

    def __init__(self, report: Callable[[str], None]) -> None:
        """Report sentences by ``report``."""
        self._report = report
        self._last = ""

    def run(self, snapshot: Snapshot) -> None:
        """Report what is new at a block."""
        warning = _warning(snapshot)
        if warning and warning != self._last:
            self._report(f"block {snapshot.block.number}: {warning}")
        self._last = warning


def _warning(snapshot: Snapshot) -> str:
    if snapshot.mismatches:
        return f"the ledger by events is not the vault's own: {', '.join(snapshot.mismatches)}"
    _, refusal = price_of(snapshot.market)
    name = refusal.partition("(")[0]
    return f"the feed has no price ({name}), so nothing can be liquidated" if name else ""
