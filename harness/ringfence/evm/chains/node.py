"""A development node that runs already, by its URL. It is left as it was found."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from web3 import HTTPProvider

from ringfence.evm.chains.anvil import AnvilChain, RpcError
from ringfence.evm.chains.base import Chain, ChainUnavailable

SECONDS: Final = 30  # to wait for an answer
NEEDED: Final = (
    "it has to be a development node such as anvil or Hardhat's, which impersonates accounts, sets their"
    " balances and the time, goes back to snapshots and traces transactions"
)


@contextmanager
def node_at(url: str) -> Iterator[Chain]:
    """Use the node for as long as the block lasts, then undo all that was done to it.

    Raises:
        ChainUnavailable: nothing answers there, or what does can't do what it takes.
    """
    provider = HTTPProvider(url, {"timeout": SECONDS}, exception_retry_configuration=None)
    try:
        before = provider.make_request("evm_snapshot", [])
        chain = AnvilChain(provider, url) if "result" in before else None
    except (OSError, ValueError) as failure:  # no connection, or no answer of JSON-RPC
        raise ChainUnavailable(f"No node answers at {url}: {type(failure).__name__}.") from None
    except RpcError as refusal:
        raise ChainUnavailable(f"{str(refusal).rstrip('.')}: {NEEDED}.") from None
    if chain is None:
        raise ChainUnavailable(f"{url} keeps no snapshots: {NEEDED}.")
    try:
        yield chain
    finally:
        with suppress(OSError):  # it was lost on the way, which is reported already
            provider.make_request("evm_revert", [before["result"]])
