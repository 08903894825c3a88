"""Ape's own test chain, through the py-evm chain of its connected provider: real signed transactions, mined.

Ape's receipts and eth-tester's RPC do not tell what a transaction returned, and cost as much again.
"""

from collections.abc import Sequence
from typing import Any, Final

from eth.vm.spoof import SpoofTransaction
from eth_utils.hexadecimal import decode_hex

from ringfence.evm.chains.base import GENESIS_TIME, Call, Log, Receipt, Reverted, blocks_in
from ringfence.types.roles import keys

GAS_LIMIT: Final = 25_000_000
MAX_FEE: Final = 10**10
STIPEND: Final = 10**20
TRANSFER_GAS: Final = 21_000


class EthTesterChain:
    """py-evm in blocks of one transaction: time moves with every step."""

    name: Final = "eth-tester"
    shares_blocks: Final = False
    meters_gas: Final = True

    def __init__(self, provider: Any) -> None:
        """Take Ape's connected ``test`` provider, and see that every account can pay for gas."""
        self._backend = provider.evm_backend
        self.block_time = 0
        self.chain_id = int(provider.chain_id)
        self._keys = {key.address.lower(): key for key in keys().values()}
        for address in self._keys:
            self._fund(address)
        if self.timestamp < GENESIS_TIME:
            self._backend.time_travel(GENESIS_TIME + 1)

    @property
    def timestamp(self) -> int:
        """Return the time of the latest block."""
        return int(self._backend.chain.get_canonical_head().timestamp)

    def deploy(self, creation_code: bytes, sender: str, value: int = 0) -> str:
        """Return the address of a new contract; raises Reverted."""
        receipt, address = self._send(Call(sender, "", creation_code, value), 1)
        if not receipt.ok:
            raise Reverted(receipt.output)
        return address

    def send(self, call: Call, seconds: int) -> Receipt:
        """Run a transaction in a block of its own; raises ValueError for 0 ``seconds``."""
        if seconds < 1:
            raise ValueError("eth-tester cannot put two transactions in one block")
        receipt, _ = self._send(call, seconds)
        return receipt

    def call(self, to: str, data: bytes, sender: str) -> bytes:
        """Return what a read-only call returns; raises Reverted."""
        state, caller = self._state(), decode_hex(sender)
        unsigned = self._unsigned(state.get_nonce(caller), GAS_LIMIT, to, data=data)
        computation = state.apply_transaction(SpoofTransaction(unsigned, from_=caller))
        output = bytes(computation.output)
        if computation.is_error:
            raise Reverted(output)
        return output

    def storage(self, address: str, slots: Sequence[int]) -> list[int]:
        """Return storage words."""
        state, account = self._state(), decode_hex(address)
        return [int(state.get_storage(account, slot)) for slot in slots]

    def balance(self, address: str) -> int:
        """Return an account's balance, in wei."""
        return int(self._state().get_balance(decode_hex(address)))

    def snapshot(self) -> bytes:
        """Return the hash of the latest block: whatever came before is kept for good."""
        return bytes(self._backend.take_snapshot())

    def restore(self, mark: object) -> None:
        """Make the block of that hash the latest again."""
        if mark != self._backend.take_snapshot():
            self._backend.revert_to_snapshot(mark)

    def _state(self) -> Any:
        """Return the state after the latest block, with that block's time; what is written to it is lost."""
        chain = self._backend.chain
        return chain.get_vm(at_header=chain.get_canonical_head()).state

    def _send(self, call: Call, seconds: int) -> tuple[Receipt, str]:
        """Mine a transaction; return its receipt and the address of the contract it called or made."""
        key = self._keys[call.sender.lower()]
        nonce = self._state().get_nonce(decode_hex(key.address))
        fields: dict[str, Any] = {"type": 2, "chainId": self.chain_id, "nonce": nonce, "gas": GAS_LIMIT}
        fees = {"maxFeePerGas": MAX_FEE, "maxPriorityFeePerGas": 0}
        content = {"to": decode_hex(call.to), "data": call.data, "value": call.value}
        signed = key.sign_transaction(fields | fees | content).raw_transaction

        if between := blocks_in(seconds, self.block_time) - 1:
            due = self.timestamp + seconds
            self._backend.mine_blocks(between)
            seconds = due - self.timestamp
        chain = self._backend.chain
        chain.header = chain.header.copy(timestamp=self.timestamp + seconds)
        transaction = chain.get_vm().get_transaction_builder().decode(bytes(signed))
        _, receipt, computation = chain.apply_transaction(transaction)
        self._backend.mine_blocks()

        logs = tuple(Log("0x" + log.address.hex(), topics_of(log), bytes(log.data)) for log in receipt.logs)
        address = "0x" + computation.msg.storage_address.hex()
        ok = not computation.is_error
        return Receipt(ok, bytes(computation.output), logs, int(receipt.gas_used)), address

    def _unsigned(self, nonce: int, gas: int, to: str, *, value: int = 0, data: bytes = b"") -> Any:
        return self._backend.chain.create_unsigned_transaction(
            nonce=nonce, gas_price=MAX_FEE, gas=gas, to=decode_hex(to), value=value, data=data
        )

    def _fund(self, address: str) -> None:
        """Give ``address`` what gas costs, if Ape's configuration gives it nothing."""
        if self._state().get_balance(decode_hex(address)):
            return
        rich = self._backend.account_keys[-1]
        nonce = self._state().get_nonce(rich.public_key.to_canonical_address())
        unsigned = self._unsigned(nonce, TRANSFER_GAS, address, value=STIPEND)
        self._backend.chain.apply_transaction(unsigned.as_signed_transaction(rich))
        self._backend.mine_blocks()


def topics_of(log: Any) -> tuple[bytes, ...]:
    """Return a log's topics, which py-evm holds as integers."""
    return tuple(topic.to_bytes(32) for topic in log.topics)
