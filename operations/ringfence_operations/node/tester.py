"""Ape's own test chain as a node: its answers are Python's values, and become what JSON would hold."""

from ast import literal_eval
from collections.abc import Mapping
from typing import Any

from eth_tester.exceptions import TransactionFailed
from web3 import Web3


class TesterProvider:
    """Carries questions to the test chain of a web3 object, one at a time."""

    def __init__(self, web3: Web3) -> None:
        """Ask through the middleware of ``web3``, which translates names and arguments."""
        self._request = web3.provider.request_func(web3, web3.middleware_onion)

    def make_request(self, method: Any, params: Any) -> Any:
        """Return the reply to one question."""
        try:
            return _json(self._request(method, params))
        except TransactionFailed as refusal:
            data = "0x" + _revert_data(refusal).hex()
            return {"error": {"code": 3, "message": "execution reverted", "data": data}}

    def make_batch_request(self, requests: Any) -> Any:
        """Refuse: the test chain takes one question at a time."""
        raise NotImplementedError


def _json(value: Any) -> Any:
    """Return a value as JSON-RPC writes it."""
    if isinstance(value, Mapping):
        return {name: part if name == "code" else _json(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_json(part) for part in value]
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return hex(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _revert_data(refusal: TransactionFailed) -> bytes:
    """Return the revert data, which the test chain gives as the text of a Python literal."""
    text = str(refusal.args[0]).removeprefix("execution reverted: ")
    try:
        value = literal_eval(text)
    except (ValueError, SyntaxError):  # a revert with a text of its own
        return b""
    return value if isinstance(value, bytes) else b""
