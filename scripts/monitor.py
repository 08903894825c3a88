"""Show a deployed market live: ape run monitor --manifest FILE --network NETWORK [--once] [--json]"""

from ringfence_operations.commands.monitor import monitor as cli

__all__ = ["cli"]
