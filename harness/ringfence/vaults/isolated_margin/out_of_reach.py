"""Errors in the contracts' ABIs that no action can end in, and why. The tally checks this list both ways."""

from collections.abc import Mapping
from typing import Final

from ringfence.types.roles import POOL, VAULT

AT_DEPLOYMENT: Final = "only the constructor ends in it"
OF_THE_POOL: Final = "it is the pool's, and in the vault's ABI by the interface that they share"
HOSTILE_TOKEN: Final = "only a token that does not behave makes it happen"
SUPPLY: Final = "it takes a token whose supply is above 2**127 - 1"

OUT_OF_REACH: Final[Mapping[tuple[str, str], str]] = {
    (VAULT, "Create2EmptyBytecode"): AT_DEPLOYMENT,
    (VAULT, "FailedDeployment"): AT_DEPLOYMENT,
    (VAULT, "InsufficientBalance"): AT_DEPLOYMENT,
    (VAULT, "InvalidParameter"): AT_DEPLOYMENT,
    (VAULT, "InvalidShortString"): AT_DEPLOYMENT,
    (VAULT, "OwnableInvalidOwner"): AT_DEPLOYMENT,
    (VAULT, "StringTooLong"): AT_DEPLOYMENT,
    (VAULT, "NotVault"): OF_THE_POOL,
    (VAULT, "SharesLocked"): OF_THE_POOL,
    (VAULT, "ReentrantCall"): HOSTILE_TOKEN,
    (VAULT, "SafeERC20FailedOperation"): HOSTILE_TOKEN,
    (VAULT, "UnsupportedToken"): HOSTILE_TOKEN,
    (VAULT, "SafeCastOverflowedIntDowncast"): SUPPLY,
    (VAULT, "SafeCastOverflowedUintDowncast"): SUPPLY,
    (POOL, "AmountTooLarge"): "only views end in it: the limits of deposits and withdrawals come first",
    (POOL, "ERC20InvalidSender"): "shares of the zero address would have to be moved, and it has none",
    (POOL, "SafeCastOverflowedUintDowncast"): SUPPLY,
    (POOL, "SafeERC20FailedOperation"): HOSTILE_TOKEN,
    (POOL, "UnsupportedToken"): HOSTILE_TOKEN,
}
