"""anvil, and any development node that offers the same: its blocks can be shared by transactions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from eth_utils.hexadecimal import decode_hex

from ringfence.evm.chains.base import GENESIS_TIME, Call, ChainUnavailable, Log, Receipt, Reverted, blocks_in
from ringfence.types.roles import addresses

GAS_LIMIT: Final = 25_000_000
STIPEND: Final = 10**24
TRACER: Final = {"tracer": "callTracer", "tracerConfig": {"onlyTopCall": True}}


NO_SUCH_METHOD: Final = -32601  # of JSON-RPC


class RpcError(ChainUnavailable):
    """The node refused a request. The message is one sentence."""


@dataclass(slots=True, eq=False)
class Block:
    """The latest block as it was made: the state before it, its time and its transactions."""

    before: str
    depth: int
    timestamp: int
    transactions: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AnvilSnapshot:
    """A state to go back to: the first ``count`` transactions of a block."""

    block: Block
    count: int


class AnvilChain:
    """A node whose latest block is made anew, with one transaction more, whenever a step joins it.

    Snapshots of the node are spent when it goes back to them and lost when it goes back behind them, so all
    are of the state before a block, and the rest of a mark is sent again.
    """

    shares_blocks: Final = True
    meters_gas: Final = True

    def __init__(self, provider: Any, name: str = "anvil") -> None:
        """Take a connection of web3's; every account can send without a signature, and pay for it.

        Raises:
            RpcError: the node does not offer what it takes.
        """
        self._request, self._request_many = provider.make_request, provider.make_batch_request
        self.name = name
        self.chain_id = int(self._rpc("eth_chainId"), 16)
        for address in addresses().values():  # by Hardhat's names, which anvil knows too
            self._rpc("hardhat_setBalance", address, hex(STIPEND))
            self._rpc("hardhat_impersonateAccount", address)
        answers_at_once = self._request("eth_sendTransactionSync", [])
        self._answers_at_once = answers_at_once.get("error", {}).get("code") != NO_SUCH_METHOD
        self._blocks: list[Block] = []
        self.block_time = 0
        self._begin(max(GENESIS_TIME, int(self._latest()["timestamp"], 16) + 1))
        self._mine()

    @property
    def timestamp(self) -> int:
        """Return the time of the latest block."""
        return self._blocks[-1].timestamp

    def deploy(self, creation_code: bytes, sender: str, value: int = 0) -> str:
        """Return the address of a new contract; raises Reverted."""
        request = {"from": sender, "data": "0x" + creation_code.hex(), "value": hex(value)}
        receipt = self._send(request, 1)
        if receipt["status"] == "0x0":
            raise Reverted(self._output(receipt))
        return str(receipt["contractAddress"])

    def send(self, call: Call, seconds: int) -> Receipt:
        """Run a transaction in a new block, or in the latest one made anew."""
        request = {"from": call.sender, "to": call.to, "data": "0x" + call.data.hex()}
        receipt = self._send(request | ({"value": hex(call.value)} if call.value else {}), seconds)
        logs = tuple(
            Log(log["address"], tuple(map(decode_hex, log["topics"])), decode_hex(log["data"]))
            for log in receipt["logs"]
        )
        return Receipt(receipt["status"] == "0x1", self._output(receipt), logs, int(receipt["gasUsed"], 16))

    def call(self, to: str, data: bytes, sender: str) -> bytes:
        """Return what a read-only call returns; raises Reverted."""
        request = {"from": sender, "to": to, "data": "0x" + data.hex(), "gas": hex(GAS_LIMIT)}
        answer = self._request("eth_call", [request, "latest"])
        if "error" in answer:
            raise Reverted(decode_hex(answer["error"].get("data", "0x")))
        return decode_hex(answer["result"])

    def place(self, address: str, code: bytes) -> None:
        """Put code at an address; what is stored there stays."""
        self._rpc("hardhat_setCode", address, "0x" + code.hex())

    def storage(self, address: str, slots: Sequence[int]) -> list[int]:
        """Return storage words."""
        requests = [("eth_getStorageAt", [address, hex(slot), "latest"]) for slot in slots]
        answers = self._request_many(requests) if requests else []
        return [int(answer["result"], 16) for answer in answers]

    def balance(self, address: str) -> int:
        """Return an account's balance, in wei."""
        return int(self._rpc("eth_getBalance", address, "latest"), 16)

    def snapshot(self) -> AnvilSnapshot:
        """Return a mark, which costs the node nothing."""
        return AnvilSnapshot(self._blocks[-1], len(self._blocks[-1].transactions))

    def restore(self, mark: object) -> None:
        """Go back to ``mark``; raises LookupError when an earlier one was restored since."""
        assert isinstance(mark, AnvilSnapshot)
        block = mark.block
        if block.depth >= len(self._blocks) or self._blocks[block.depth] is not block:
            raise LookupError("the mark was lost when an earlier one was restored")
        if block is self._blocks[-1] and mark.count == len(block.transactions):
            return
        del self._blocks[block.depth + 1 :]
        del block.transactions[mark.count :]
        self._rewind(block)
        self._mine()

    def _send(self, request: dict[str, str], seconds: int) -> dict[str, Any]:
        """Mine a transaction; return its receipt."""
        if seconds:
            self._begin(self.timestamp + seconds)
        else:
            self._rewind(self._blocks[-1])
        self._blocks[-1].transactions.append(request | {"gas": hex(GAS_LIMIT)})
        return self._mine()[-1]

    def _begin(self, timestamp: int) -> None:
        """Make an empty block the latest, not mined yet, after those that the time to it takes."""
        if self._blocks and (between := blocks_in(timestamp - self.timestamp, self.block_time) - 1):
            self._rpc("hardhat_mine", hex(between), hex(self.block_time))
        self._blocks.append(Block(self._rpc("evm_snapshot"), len(self._blocks), timestamp))

    def _rewind(self, block: Block) -> None:
        """Go back to the state before ``block``, and keep it for the next time."""
        self._rpc("evm_revert", block.before)
        block.before = self._rpc("evm_snapshot")

    def _mine(self) -> list[dict[str, Any]]:
        """Mine the latest block; return its receipts. Plain sending would return before a block is mined."""
        block = self._blocks[-1]
        self._rpc("evm_setNextBlockTimestamp", block.timestamp)
        if len(block.transactions) == 1 and self._answers_at_once:
            return [self._rpc("eth_sendTransactionSync", block.transactions[0])]
        self._rpc("evm_setAutomine", False)
        sent = [self._rpc("eth_sendTransaction", request) for request in block.transactions]
        self._rpc("evm_mine")
        self._rpc("evm_setAutomine", True)
        return [self._rpc("eth_getTransactionReceipt", transaction) for transaction in sent]

    def _output(self, receipt: dict[str, Any]) -> bytes:
        """Return what the transaction returned, or its revert data; a receipt has neither."""
        trace = self._rpc("debug_traceTransaction", receipt["transactionHash"], TRACER)
        return decode_hex(trace.get("output", "0x"))

    def _latest(self) -> dict[str, str]:
        block = self._rpc("eth_getBlockByNumber", "latest", False)
        assert isinstance(block, dict)
        return block

    def _rpc(self, method: str, *params: object) -> Any:
        answer = self._request(method, list(params))
        if "result" not in answer:
            refusal = answer.get("error", {}).get("message", "it answers with nothing")
            raise RpcError(f"{self.name} refused {method}: {refusal}.")
        return answer["result"]
