"""Rules that make steps on our vault, by what may move."""

from ringfence.vaults.isolated_margin.rules.base import VaultRules
from ringfence.vaults.isolated_margin.rules.intrusions import IntrusionRules
from ringfence.vaults.isolated_margin.rules.liquidations import LiquidationRules
from ringfence.vaults.isolated_margin.rules.liquidity import PoolRules
from ringfence.vaults.isolated_margin.rules.offices import OfficerRules
from ringfence.vaults.isolated_margin.rules.provocations import ProvocationRules
from ringfence.vaults.isolated_margin.rules.squeezes import SqueezeRules
from ringfence.vaults.isolated_margin.rules.trades import TradingRules

__all__ = ["AllRules", "FrozenPriceRules", "MovingPriceRules", "VaultRules"]


class FrozenPriceRules(TradingRules, PoolRules, OfficerRules, IntrusionRules, LiquidationRules):
    """Everything that accounts do, at one price and one time: nobody ever becomes liquidatable."""


class MovingPriceRules(FrozenPriceRules, SqueezeRules):
    """Adds prices that move and time that passes: positions are liquidated, deleveraged, owed."""


class AllRules(MovingPriceRules, ProvocationRules):
    """Adds what a correct vault refuses, in the moments when a broken one would not."""
