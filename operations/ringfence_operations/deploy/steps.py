"""The steps of a deployment: each is sent once and waited for, whatever happens in between."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Final

from eth_utils.address import to_checksum_address
from eth_utils.currency import from_wei
from ringfence.evm.chains.base import Reverted
from ringfence.types.errors import RingfenceError

from ringfence_operations.market.manifest import Sent
from ringfence_operations.node.client import Block, Node, Receipt
from ringfence_operations.node.rpc import NodeRefused
from ringfence_operations.sending.entry import Entry
from ringfence_operations.sending.fees import Fees, check_funds, fees_within
from ringfence_operations.sending.outbox import Call, Outbox

GAS_MARGIN: Final = 6, 5  # of the estimate
BASE_FEES: Final = 2  # times the block's base fee that a step may cost
POLL_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class Terms:
    """How to send: the highest fee in wei per gas, the blocks to wait for, the seconds to wait for them."""

    max_fee: int
    confirmations: int
    patience: float


def with_margin(gas: int) -> int:
    """Return the limit of a transaction that is estimated to need this gas."""
    return gas * GAS_MARGIN[0] // GAS_MARGIN[1]


def step_fees(node: Node, block: Block, max_fee: int) -> Fees:
    """Return what a step offers for its gas; raises RingfenceError while gas costs more than ``max_fee``."""
    fees = fees_within(node, block, max_fee, BASE_FEES)
    if fees is None:
        raise RingfenceError(
            f"{node.place}: gas costs {_gwei(block.base_fee or 0)} gwei, above --max-fee {_gwei(max_fee)}; "
            "wait, or allow more"
        )
    return fees


class Steps:
    """Sends the steps of one run in their order; a step that was sent before is only waited for."""

    def __init__(self, node: Node, outbox: Outbox, terms: Terms, report: Callable[[str], None]) -> None:
        """Send by ``outbox``; ``report`` gets a sentence when something is sent or mined."""
        self._node, self._outbox, self._terms, self._report = node, outbox, terms, report
        self._resent_at = -1  # block
        self.sent: list[Sent] = []

    def create(self, step: str, code: bytes) -> str:
        """Return the address of the contract that a step creates; raises as ``call``."""
        receipt = self.call(step, None, code)
        assert receipt.contract is not None
        return to_checksum_address(receipt.contract)

    def call(self, step: str, to: str | None, data: bytes) -> Receipt:
        """Return the receipt of a step's transaction, confirmed.

        Raises:
            RingfenceError: it would fail, costs more than allowed, or was not mined in time.
            NodeUnreachable, NodeRefused: the node does not answer, or does not take it.
        """
        entry = self._confirmed(step, to, data)
        receipt = entry.receipt
        assert receipt is not None
        if entry.has_failed:
            self._outbox.drop([entry], "reverted")
            raise RingfenceError(
                f"{step}: the transaction {receipt.hash} failed in block {receipt.block}; run this again"
            )
        self._report(f"{step}: in block {receipt.block}, {receipt.gas_used:,} gas")
        self.sent.append(Sent(step, receipt.hash, receipt.block))
        return receipt

    def _confirmed(self, step: str, to: str | None, data: bytes) -> Entry:
        """Send what has to be sent until a step's transaction is deep enough; raises as ``call``."""
        deadline, is_first_look = monotonic() + self._terms.patience, True
        while True:
            block = self._node.block()
            has_sent = self._push(Call(step, to, data), block, is_first_look)
            entry, is_first_look = self._outbox.entry_of(step), False
            assert entry is not None
            if entry.receipt and block.number - entry.receipt.block + 1 >= self._terms.confirmations:
                return entry
            if monotonic() > deadline:
                raise RingfenceError(
                    f"{step}: not confirmed by {self._terms.confirmations} blocks after "
                    f"{self._terms.patience:g} s; run this again to go on where it stopped"
                )
            if not has_sent:
                sleep(POLL_SECONDS)

    def _push(self, call: Call, block: Block, is_first_look: bool) -> bool:
        """Send a step, or what the node has lost; return whether anything was sent."""
        news = self._outbox.reconcile(block)
        for entry in news.overtaken:
            self._report(f"{entry.task}: the account used nonce {entry.nonce} for something else; sent anew")
        sent: list[Entry] = []
        open_entry = self._outbox.entry_of(call.task)
        if open_entry is None:
            sent = self._post(call, block)
        elif open_entry.is_priced_out(block) or (is_first_look and open_entry.receipt is None):
            fees = fees_within(self._node, block, self._terms.max_fee, BASE_FEES)
            sent = self._outbox.replace([open_entry], fees, block) if fees else []
        if block.number != self._resent_at:  # a node may forget again at once
            self._resent_at = block.number
            again = [entry for entry in news.missing if entry not in sent]
            self._outbox.resend(again)
            sent += again
        for entry in sent:
            if entry.refusal:
                raise NodeRefused(f"{self._node.place}: the node refused {entry.task}: {entry.refusal}")
            self._report(f"{entry.task}: sent {entry.hash}")
        return bool(sent)

    def _post(self, call: Call, block: Block) -> list[Entry]:
        """Sign and send a step for the first time; raises as ``call``."""
        account = self._outbox.account
        try:
            gas = with_margin(self._node.estimate_gas(account, call.to, call.data))
        except Reverted as refusal:
            raise RingfenceError(
                f"{call.task}: the transaction would be refused with {refusal}; nothing was sent"
            ) from None
        fees = step_fees(self._node, block, self._terms.max_fee)
        check_funds(self._node, account, gas * fees.most, f"step {call.task}")
        return self._outbox.post([call], gas, fees, block)


def _gwei(wei: int) -> str:
    return f"{from_wei(wei, 'gwei'):f}"
