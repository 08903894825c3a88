"""Play with a copy of a deployed market: ape run rehearse --manifest FILE --network URL [--prices CSV]"""

from ringfence_operations.commands.rehearse import rehearse as cli

__all__ = ["cli"]
