"""Accept the ownership of a deployed vault: ape run accept --manifest FILE --account OWNER --network URL"""

from ringfence_operations.commands.accept import accept as cli

__all__ = ["cli"]
