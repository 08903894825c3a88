"""What an operator should know about the market itself, said when it begins and not in every block."""

from collections.abc import Callable

from ringfence_operations.follow.sight import Sight
from ringfence_operations.monitor.standing import price_of


class Remarks:
    """Says that the feed has no price, or that the events do not explain the vault, once each time."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """Say sentences by ``say``."""
        self._say = say
        self._last = ""

    def turn(self, sight: Sight) -> None:
        """Say what is new at a block."""
        remark = _remark(sight)
        if remark and remark != self._last:
            self._say(f"block {sight.head.number}: {remark}")
        self._last = remark


def _remark(sight: Sight) -> str:
    if sight.differing:
        return f"the ledger by events is not the vault's own: {', '.join(sight.differing)}"
    _, refusal = price_of(sight.market)
    name = refusal.partition("(")[0]
    return f"the feed has no price ({name}), so nothing can be liquidated" if name else ""
