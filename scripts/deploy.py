"""Deploy a market: ape run deploy --config market.yaml --account NAME --network URL [--dry-run]"""

from ringfence_operations.commands.deploy import deploy as cli

__all__ = ["cli"]
