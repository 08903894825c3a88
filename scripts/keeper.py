"""Liquidate and deleverage what is due: ape run keeper --manifest FILE --network NETWORK ..."""

from ringfence_operations.commands.keeper import keeper as cli

__all__ = ["cli"]
