"""Compare a deployed market with its manifest: ape run verify --manifest FILE --network NETWORK"""

from ringfence_operations.commands.verify import verify as cli

__all__ = ["cli"]
