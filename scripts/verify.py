"""Compare a deployed market with its manifest: ape run verify --manifest FILE --network NETWORK"""

from ringfence.commands.verify import verify as cli

__all__ = ["cli"]
