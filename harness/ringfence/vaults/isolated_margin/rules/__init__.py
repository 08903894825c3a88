"""Machines, by what may move in them."""

from ringfence.vaults.isolated_margin.rules.base import VaultMachine
from ringfence.vaults.isolated_margin.rules.governing import OfficerRules
from ringfence.vaults.isolated_margin.rules.intruding import IntrudingRules
from ringfence.vaults.isolated_margin.rules.liquidating import LiquidationRules
from ringfence.vaults.isolated_margin.rules.pressing import PressingRules
from ringfence.vaults.isolated_margin.rules.providing import PoolRules
from ringfence.vaults.isolated_margin.rules.trading import TradingRules

__all__ = ["FrozenPriceMachine", "MovingPriceMachine", "VaultMachine"]


class FrozenPriceMachine(TradingRules, PoolRules, OfficerRules, IntrudingRules, LiquidationRules):
    """Everything that accounts do, at one price and one time: nobody ever becomes liquidatable."""


class MovingPriceMachine(FrozenPriceMachine, PressingRules):
    """Adds prices that move and time that passes: positions are liquidated, deleveraged, owed."""
