"""Machines, by what may move in them."""

from ringfence.machines.base import VaultMachine
from ringfence.machines.governing import OfficerRules
from ringfence.machines.intruding import IntrudingRules
from ringfence.machines.liquidating import LiquidationRules
from ringfence.machines.pressing import PressingRules
from ringfence.machines.providing import PoolRules
from ringfence.machines.trading import TradingRules

__all__ = ["FrozenPriceMachine", "MovingPriceMachine", "VaultMachine"]


class FrozenPriceMachine(TradingRules, PoolRules, OfficerRules, IntrudingRules, LiquidationRules):
    """Everything that accounts do, at one price and one time: nobody ever becomes liquidatable."""


class MovingPriceMachine(FrozenPriceMachine, PressingRules):
    """Adds prices that move and time that passes: positions are liquidated, deleveraged, owed."""
