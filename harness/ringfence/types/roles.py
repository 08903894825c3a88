"""Who acts: accounts are named by what they do, and have the same address on every chain."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from eth_account import Account
from eth_account.signers.local import LocalAccount

MNEMONIC: Final = "test test test test test test test test test test test junk"
CHAIN_ACCOUNT_PATH: Final = "m/44'/60'/0'/0/{index}"

OWNER: Final = "owner"
GUARDIAN: Final = "guardian"
TRADERS: Final = ("trader_1", "trader_2", "trader_3")
OPERATOR: Final = "operator"
LIQUIDATORS: Final = ("liquidator_1", "liquidator_2")
PROVIDERS: Final = ("provider_1", "provider_2")
STRANGER: Final = "stranger"

FUNDED: Final = (OWNER, GUARDIAN, *TRADERS, OPERATOR, *LIQUIDATORS, *PROVIDERS)  # with tokens and approvals
ACCOUNTS: Final = (*FUNDED, STRANGER)
CROWD: Final = tuple(f"trader_{number}" for number in range(4, 13))  # where a market asks for it
EVERYONE: Final = (*ACCOUNTS, *CROWD)

VAULT: Final = "vault"
POOL: Final = "pool"
TOKEN: Final = "token"
FEED: Final = "feed"
NOBODY: Final = ""  # the zero address


@cache
def keys() -> Mapping[str, LocalAccount]:
    """Return the key of every account, derived from the mnemonic that development chains fund."""
    Account.enable_unaudited_hdwallet_features()
    paths = [CHAIN_ACCOUNT_PATH.format(index=index) for index in range(len(EVERYONE))]
    accounts = [Account.from_mnemonic(MNEMONIC, account_path=path) for path in paths]
    return MappingProxyType(dict(zip(EVERYONE, accounts, strict=True)))


@cache
def addresses() -> Mapping[str, str]:
    """Return the checksummed address of every account."""
    return MappingProxyType({role: str(key.address) for role, key in keys().items()})
