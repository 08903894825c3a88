"""Rules that make steps on our vault: the boundary values of each action, and sequences of actions."""

from ringfence.vaults.isolated_margin.rules.base import VaultRules
from ringfence.vaults.isolated_margin.rules.sequences import (
    PairRules,
    ProvocationRules,
    SettlementRules,
    SqueezeRules,
)
from ringfence.vaults.isolated_margin.rules.single import (
    FeedRules,
    IntrusionRules,
    LiquidationRules,
    OfficerRules,
    PoolRules,
    TradingRules,
)

__all__ = ["AllRules", "FrozenPriceRules", "MovingPriceRules", "VaultRules"]


class FrozenPriceRules(TradingRules, PoolRules, OfficerRules, IntrusionRules, LiquidationRules, PairRules):
    """Everything that accounts do, at one price and one time: nobody ever becomes liquidatable."""


class MovingPriceRules(FrozenPriceRules, FeedRules, SqueezeRules, SettlementRules):
    """Adds prices that move and time that passes: positions are liquidated, deleveraged, owed."""


class AllRules(MovingPriceRules, ProvocationRules):
    """Adds what a correct vault refuses, in the moments when a broken one would not."""
