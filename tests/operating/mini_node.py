"""A node in this process: blocks, logs and a pool of transactions around revm, and whatever can go wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import requests
from eth_account import Account
from eth_account.typed_transactions import TypedTransaction
from eth_utils.crypto import keccak
from hexbytes import HexBytes
from ringfence.evm.chains.base import Call, Log, Receipt
from ringfence.evm.chains.revm import GAS_LIMIT, REVERT_DATA, RevmChain

SECONDS: Final = 2
BALANCE: Final = 10**20
BLOCK_GAS: Final = 30_000_000
GWEI: Final = 10**9


@dataclass
class Block:
    """A block of this node; ``logs`` as JSON, but for the block's hash."""

    number: int
    hash: str
    parent: str
    timestamp: int
    logs: list[dict[str, Any]] = field(default_factory=list)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)


class MiniNode(RevmChain):
    """A chain as the harness uses it, whose every transaction is also in a block that can be asked for.

    What goes wrong is set from outside: ``down``, ``most_logs`` and ``most_blocks`` of an answer,
    ``batches``, ``base_fee`` and ``gas_limit`` of a block, ``forgetful`` (what is sent never gets into the
    pool), ``timed_logs``.
    """

    def __init__(self) -> None:
        """Start with an empty block, in good health."""
        super().__init__()
        self.blocks = [Block(0, "0x" + keccak(b"genesis").hex(), "0x" + 64 * "0", self.timestamp)]
        self.pool: dict[str, str] = {}
        self.sent: list[str] = []
        self.asked: list[str] = []
        self.nonces: dict[str, int] = {}
        self.forks = 0
        self.base_fee, self.balance, self.gas_limit = GWEI, BALANCE, BLOCK_GAS
        self.down = self.forgetful = False
        self.batches = self.timed_logs = True
        self.most_logs = self.most_blocks = 10**9

    # The harness's side

    def deploy(self, creation_code: bytes, sender: str, value: int = 0) -> str:
        """Deploy in a block of its own."""
        address = super().deploy(creation_code, sender, value)
        self._open()
        assert self.evm.result is not None
        logs = [Log(log.address.lower(), tuple(log.data[0]), log.data[1]) for log in self.evm.result.logs]
        self._keep(logs, "0x" + keccak(address.encode()).hex())
        return address

    def send(self, call: Call, seconds: int) -> Receipt:
        """Run a transaction in a block of its own, or in the latest."""
        receipt = super().send(call, seconds)
        if seconds:
            self._open()
        number = f"{self.forks}{self.blocks[-1].number}{len(self.blocks[-1].logs)}{call}"
        self._keep(receipt.logs, "0x" + keccak(number.encode()).hex())
        return receipt

    def mine(self, count: int = 1) -> None:
        """Make blocks, the first with all that the pool holds and that fits its account's nonces."""
        for _ in range(count):
            self.advance(SECONDS)
            self._open()
            for number, raw in sorted(self.pool.items(), key=lambda item: _decoded(item[1])["nonce"]):
                self._mine(number, raw)

    def mark(self) -> tuple[object, int, dict[str, int]]:
        """Return a point to go back to."""
        return self.snapshot(), len(self.blocks), dict(self.nonces)

    def rewind(self, mark: tuple[object, int, dict[str, int]], *, forget: bool = True) -> None:
        """Take blocks away; their transactions are lost, or back in the pool."""
        state, count, self.nonces = mark[0], mark[1], dict(mark[2])
        self.restore(state)
        if not forget:
            self.pool |= {n: r["raw"] for block in self.blocks[count:] for n, r in block.receipts.items()}
        del self.blocks[count:]
        self.forks += 1

    # The network's side

    def make_batch_request(self, questions: Sequence[tuple[str, Sequence[Any]]]) -> Any:
        """Answer many questions, or refuse the batch."""
        if not self.batches:
            return {"error": {"code": -32600, "message": "batches are not supported"}}
        return [self.make_request(*question) for question in questions]

    def make_request(self, method: str, params: Sequence[Any]) -> dict[str, Any]:
        """Answer as a node does."""
        self.asked.append(method)
        if self.down:
            raise requests.ConnectionError("connection refused by http://host/secret-key")
        return dict(getattr(self, f"_{method}")(*params))

    def _eth_chainId(self) -> dict[str, Any]:
        return {"result": hex(self.chain_id)}

    def _eth_getBlockByNumber(self, number: str, whole: bool) -> dict[str, Any]:
        place = len(self.blocks) - 1 if number == "latest" else int(number, 16)
        if not 0 <= place < len(self.blocks):
            return {"result": None}
        block = self.blocks[place]
        return {
            "result": {
                "number": hex(block.number),
                "hash": block.hash,
                "parentHash": block.parent,
                "timestamp": hex(block.timestamp),
                "gasLimit": hex(self.gas_limit),
                "baseFeePerGas": hex(self.base_fee),
            }
        }

    def _eth_getLogs(self, query: dict[str, Any]) -> dict[str, Any]:
        first, last = int(query["fromBlock"], 16), int(query["toBlock"], 16)
        if last - first + 1 > self.most_blocks:
            return _error(-32602, f"eth_getLogs is limited to a {self.most_blocks} range")
        blocks = self.blocks[first : last + 1]
        logs = [log | {"blockHash": block.hash} for block in blocks for log in block.logs]
        found = [log for log in logs if log["address"] in query["address"]]
        if len(found) > self.most_logs:
            return _error(-32005, f"query returned more than {self.most_logs} results")
        return {"result": found}

    def _eth_call(self, request: dict[str, Any], block: str) -> dict[str, Any]:
        assert block == "latest" or int(block, 16) == self.blocks[-1].number
        checkpoint = self.evm.snapshot()
        self.evm.reset_transient_storage()
        caller, data = request.get("from", "0x" + 40 * "0"), bytes.fromhex(request["data"][2:])
        try:
            output = self.evm.message_call(caller, request["to"], data, gas=GAS_LIMIT)
        except RuntimeError as failure:
            return {"error": {"code": 3, "message": "execution reverted", "data": _revert_data(failure)}}
        finally:
            self.evm.revert(checkpoint)
        return {"result": "0x" + output.hex()}

    def _eth_getTransactionCount(self, account: str, block: str) -> dict[str, Any]:
        latest = self.nonces.get(account.lower(), 0)
        waiting = {_decoded(raw)["nonce"] for raw in self.pool.values()}
        while block == "pending" and latest in waiting:
            latest += 1
        return {"result": hex(latest)}

    def _eth_getBalance(self, account: str, block: str) -> dict[str, Any]:
        return {"result": hex(self.balance)}

    def _eth_maxPriorityFeePerGas(self) -> dict[str, Any]:
        return {"result": hex(GWEI)}

    def _eth_sendRawTransaction(self, raw: str) -> dict[str, Any]:
        number = "0x" + keccak(bytes.fromhex(raw[2:])).hex()
        self.sent.append(number)
        if _decoded(raw)["nonce"] < self.nonces.get(_sender(raw), 0):
            return _error(-32003, "nonce too low")
        if number in self.pool:
            return _error(-32003, "transaction already imported")
        other = next((n for n, waiting in self.pool.items() if _place(waiting) == _place(raw)), None)
        if other and _decoded(raw)["maxFeePerGas"] * 10 < _decoded(self.pool[other])["maxFeePerGas"] * 11:
            return _error(-32003, "replacement transaction underpriced")
        if not self.forgetful:
            self.pool.pop(other or "", None)
            self.pool[number] = raw
        return {"result": number}

    def _eth_getTransactionReceipt(self, number: str) -> dict[str, Any]:
        return {"result": next((b.receipts[number] for b in self.blocks if number in b.receipts), None)}

    def _eth_getTransactionByHash(self, number: str) -> dict[str, Any]:
        mined = self._eth_getTransactionReceipt(number)["result"]
        return {"result": mined or ({"hash": number} if number in self.pool else None)}

    # Blocks

    def _open(self) -> None:
        parent = self.blocks[-1]
        number = keccak(f"{parent.hash}{self.forks}".encode()).hex()
        self.blocks.append(Block(len(self.blocks), "0x" + number, parent.hash, self.timestamp))

    def _keep(self, logs: Sequence[Log], transaction: str) -> None:
        block = self.blocks[-1]
        times = {"blockTimestamp": hex(block.timestamp)} if self.timed_logs else {}
        for log in logs:
            block.logs.append(
                {
                    "address": log.address.lower(),
                    "topics": ["0x" + topic.hex() for topic in log.topics],
                    "data": "0x" + log.data.hex(),
                    "blockNumber": hex(block.number),
                    "transactionHash": transaction,
                }
                | times
            )

    def _mine(self, number: str, raw: str) -> None:
        sender, fields = _sender(raw), _decoded(raw)
        if fields["nonce"] != self.nonces.get(sender, 0) or fields["maxFeePerGas"] < self.base_fee:
            return
        receipt = super().send(Call(sender, "0x" + fields["to"].hex(), bytes(fields["data"])), 0)
        self.nonces[sender] = fields["nonce"] + 1
        del self.pool[number]
        self._keep(receipt.logs, number)
        block = self.blocks[-1]
        block.receipts[number] = {
            "transactionHash": number,
            "blockNumber": hex(block.number),
            "status": hex(receipt.ok),
            "gasUsed": hex(receipt.gas_used),
            "effectiveGasPrice": hex(
                min(fields["maxFeePerGas"], self.base_fee + fields["maxPriorityFeePerGas"])
            ),
            "logs": [log for log in block.logs if log["transactionHash"] == number],
            "raw": raw,
        }


def _revert_data(failure: RuntimeError) -> str:
    found = REVERT_DATA.search(str(failure))
    return "0x" + (found[2] if found else "")


def _error(code: int, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


def _place(raw: str) -> tuple[str, int]:
    """Return the account and the nonce of a transaction, which one in its place has, too."""
    return _sender(raw), int(_decoded(raw)["nonce"])


def _sender(raw: str) -> str:
    return str(Account.recover_transaction(raw)).lower()


def _decoded(raw: str) -> dict[str, Any]:
    return dict(TypedTransaction.from_bytes(HexBytes(raw)).as_dict())
