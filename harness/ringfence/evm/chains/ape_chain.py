"""The chains that Ape connects to. Ape is imported here, when asked for, and nowhere else."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, Final

from ringfence.evm.chains.anvil import AnvilChain
from ringfence.evm.chains.base import Chain, ChainUnavailable
from ringfence.evm.chains.revm import CHAIN_ID

NETWORKS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "eth-tester": ("ethereum:local:test", {"chain_id": CHAIN_ID}),
    "anvil": ("ethereum:local:foundry", {"host": "auto"}),
}


@contextmanager
def connected(name: str) -> Iterator[Chain]:
    """Connect to ``eth-tester`` or ``anvil``; a node that was started for it is ended afterwards.

    Raises:
        ChainUnavailable: Ape or anvil is not installed.
    """
    choice, settings = NETWORKS[name]
    if find_spec("ape") is None:
        raise ChainUnavailable("Ape is not installed: run `pip install 'ringfence[ape]'`, or choose revm.")
    if name == "anvil" and shutil.which("anvil") is None:
        raise ChainUnavailable(
            "anvil is not on the PATH: run `make setup` and call through make, or choose revm."
        )
    import ape

    # Ape's own context keeps one stack of connections for the process: two that overlap end each other.
    provider = ape.networks.get_provider_from_choice(choice, provider_settings=dict(settings))
    try:
        provider.connect()
        yield chain_of(provider)
    finally:
        provider.disconnect()


def chain_of(provider: Any) -> Chain:
    """Return the chain of a provider that Ape has connected; raises ChainUnavailable."""
    if provider.name == "test":
        from ringfence.evm.chains.eth_tester import EthTesterChain

        return EthTesterChain(provider)
    if provider.name == "foundry":
        return AnvilChain(provider.web3.provider)
    raise ChainUnavailable(
        f"{provider.name} is no chain whose time can be set: choose the provider test or foundry."
    )
