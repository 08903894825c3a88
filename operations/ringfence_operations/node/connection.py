"""A connection to a node, through the provider that Ape connects."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

from web3.providers.eth_tester import EthereumTesterProvider

from ringfence_operations.node.client import Node
from ringfence_operations.node.rpc import NodeRefused, NodeUnreachable
from ringfence_operations.node.tester import TesterProvider

CONNECT_SECONDS: Final = 5
PORTS: Final = {"https": 443, "wss": 443}


@contextmanager
def connected(network: str) -> Iterator[Node]:
    """Connect to a node for as long as the block lasts.

    ``network`` is a choice of Ape's (``ethereum:sepolia:node``), or the URL of a node.

    Raises:
        NodeUnreachable: nothing listens there.
        NodeRefused: Ape does not know the network, or what listens is no node.
    """
    import ape
    from ape.exceptions import ApeException
    from ape.logging import LogLevel, logger

    with ExitStack() as stack:
        stack.enter_context(logger.at_level(LogLevel.WARNING))
        try:
            provider = ape.networks.get_provider_from_choice(network)
            if provider.name == "node":
                _check_listening(network, str(provider.uri))
            choice = provider.network.use_provider(provider, disconnect_after=provider.name == "foundry")
            active = stack.enter_context(choice)
        except (ApeException, ValueError) as refusal:
            reason = str(refusal).partition(" Options:")[0].splitlines()[0]
            raise NodeRefused(f"--network {network}: {reason}") from None
        yield Node(_provider(active.web3), f"--network {network}", getattr(active, "uri", None))


def _provider(web3: Any) -> Any:
    is_tester = isinstance(web3.provider, EthereumTesterProvider)
    return TesterProvider(web3) if is_tester else web3.provider


def _check_listening(network: str, uri: str) -> None:
    """See that something listens, before Ape tries at length or starts a node of its own."""
    place = urlsplit(uri)
    if place.hostname is None:  # a socket file
        return
    address = place.hostname, place.port or PORTS.get(place.scheme, 80)
    try:
        socket.create_connection(address, CONNECT_SECONDS).close()
    except OSError as failure:
        raise NodeUnreachable(
            f"--network {network}: no node listens at {address[0]}:{address[1]} "
            f"({failure.strerror or failure}); start it, or choose another with --network"
        ) from None
