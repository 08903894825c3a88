"""Margins to bring to a trade, by what the trade requires."""

from dataclasses import dataclass

from ringfence.vaults.isolated_margin.rules.points import limits
from ringfence.vaults.isolated_margin.rules.points.amounts import Amount
from ringfence.vaults.isolated_margin.rules.points.named import Named
from ringfence.vaults.isolated_margin.rules.points.scene import Scene


class MarginLimit(Named):
    """Where a margin changes the answer."""

    INITIAL = "the least with which the trade passes"
    FEE = "the least that pays the fee"
    WALLET = "all that the account has"


@dataclass(frozen=True, slots=True)
class Margin:
    """An amount of a limit."""

    limit: MarginLimit
    amount: Amount

    def of(self, scene: Scene, account: str, position: int, traded: int) -> int:
        """Return the assets that ``account`` brings when ``position`` (0: a new one) trades a signed size."""
        match self.limit:
            case MarginLimit.INITIAL:
                limit = limits.margin_needed(scene, position, traded)
            case MarginLimit.FEE:
                limit = limits.fee_missing(scene, position, traded)
            case MarginLimit.WALLET:
                limit = scene.wallet(account)
        return self.amount.of(limit)
