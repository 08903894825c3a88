"""Signs, notes, sends and waits: each step once, whatever happens in between."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any, Final

from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from eth_utils.currency import from_wei
from ringfence.evm.chains.base import Reverted
from ringfence.types.errors import RingfenceError

from ringfence_operations.deploy.step_journal import Journal, Signed
from ringfence_operations.follow.connection import Mined, Node, NodeRefused

GWEI: Final = 10**9
ETHER: Final = 10**18
GAS_MARGIN: Final = 6, 5  # of the estimate
BUMP: Final = 9, 8  # what nodes ask for when a transaction is to replace another, and a little more
POLL_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class Terms:
    """How to send: the highest fee in wei per gas, the blocks to wait for, the seconds to wait for them."""

    max_fee: int
    confirmations: int
    patience: float


def with_margin(gas: int) -> int:
    """Return the limit of a transaction that is estimated to need so much gas."""
    return gas * GAS_MARGIN[0] // GAS_MARGIN[1]


def bumped(fee: int) -> int:
    """Return the least fee that replaces this one, wei per gas."""
    return fee * BUMP[0] // BUMP[1] + 1


def fees(node: Node, max_fee: int) -> tuple[int, int]:
    """Return the fee to offer and the tip in it, wei per gas: good for a base fee twice the present one.

    Raises:
        RingfenceError: the base fee alone is above ``max_fee``.
    """
    base = node.block().base_fee
    if base > max_fee:
        costs, allowed = (f"{from_wei(price, 'gwei'):f}" for price in (base, max_fee))
        raise RingfenceError(
            f"{node.place}: gas costs {costs} gwei, above --max-fee {allowed}; wait, or allow more"
        )
    tip = min(node.priority_fee(), max_fee)
    return min(2 * base + tip, max_fee), tip


class Sender:
    """Sends the steps of one undertaking from one account; a step that was sent is only waited for."""

    def __init__(
        self, node: Node, key: LocalAccount, journal: Journal, terms: Terms, tell: Callable[[str], None]
    ) -> None:
        """``tell`` hears what is sent and mined."""
        self._node, self._key, self._journal, self._terms, self._tell = node, key, journal, terms, tell

    @property
    def address(self) -> str:
        """Return the account."""
        return str(self._key.address)

    def send(self, step: str, to: str | None, data: bytes) -> tuple[str, Mined]:
        """Return the hash and the receipt of a step's transaction, confirmed.

        Raises:
            RingfenceError: it would fail, costs more than allowed, or was not mined in time.
            NodeUnreachable, NodeRefused: the node is not there, or won't take it.
        """
        self._drop_if_overtaken(step)
        if not self._journal.of(step):
            self._sign(step, self._node.nonce(self.address, "pending"), to, data)
        elif not self._found(step):
            self._raise_fee(step, to, data)
        hash_, mined = self._wait(step)
        if not mined.ok:
            self._journal.drop(step)
            raise RingfenceError(
                f"{step}: the transaction {hash_} failed in block {mined.block}; run this to try anew"
            )
        self._tell(f"{step}: in block {mined.block}, {mined.gas_used:,} gas")
        return hash_, mined

    def created(self, step: str, data: bytes) -> tuple[str, str, Mined]:
        """Return the address of the contract that a step creates, its transaction's hash and receipt."""
        hash_, mined = self.send(step, None, data)
        assert mined.contract is not None
        return to_checksum_address(mined.contract), hash_, mined

    def _gas(self, step: str, to: str | None, data: bytes) -> int:
        try:
            needed = self._node.estimate_gas(self.address, to, data)
        except Reverted as refusal:
            raise RingfenceError(
                f"{step}: the transaction would be refused with {refusal}; nothing was sent"
            ) from None
        return with_margin(needed)

    def _sign(
        self, step: str, nonce: int, to: str | None, data: bytes, replaced: Signed | None = None
    ) -> None:
        """Sign and note a transaction, which may replace one that offered too little."""
        gas = self._gas(step, to, data)
        fee, tip = fees(self._node, self._terms.max_fee)
        if replaced is not None:
            fee, tip = max(fee, bumped(replaced.max_fee)), max(tip, bumped(replaced.tip))
        self._check_balance(step, gas * fee)
        request: dict[str, Any] = {
            "type": 2,
            "chainId": self._node.chain_id,
            "nonce": nonce,
            "to": b"" if to is None else to_checksum_address(to),
            "data": data,
            "value": 0,
            "gas": gas,
            "maxFeePerGas": fee,
            "maxPriorityFeePerGas": min(tip, fee),
        }
        raw = bytes(self._key.sign_transaction(request).raw_transaction)
        self._journal.add(Signed(step, nonce, "0x" + keccak(raw).hex(), "0x" + raw.hex(), fee, tip))

    def _check_balance(self, step: str, cost: int) -> None:
        balance = self._node.balance(self.address)
        if cost > balance:
            raise RingfenceError(
                f"{step}: {self.address} has {balance / ETHER:.6f} ether and may need {cost / ETHER:.6f}; "
                "send it the difference and run this again"
            )

    def _raise_fee(self, step: str, to: str | None, data: bytes) -> None:
        """Replace a transaction whose fee has become too low, by one of the same nonce."""
        last = self._journal.of(step)[-1]
        if fees(self._node, self._terms.max_fee)[0] > bumped(last.max_fee):
            self._sign(step, last.nonce, to, data, last)

    def _drop_if_overtaken(self, step: str) -> None:
        """Forget a step's transactions when the account has used their nonce for something else."""
        signed = self._journal.of(step)
        if signed and self._node.nonce(self.address) > signed[-1].nonce and not self._found(step):
            self._tell(f"{step}: the account used nonce {signed[-1].nonce} for something else; sent anew")
            self._journal.drop(step)

    def _found(self, step: str) -> tuple[str, Mined] | None:
        """Return whichever of a step's transactions was mined."""
        for signed in self._journal.of(step):
            mined = self._node.mined(bytes.fromhex(signed.hash[2:]))
            if mined is not None:
                return signed.hash, mined
        return None

    def _hand_in(self, step: str) -> None:
        """Give the newest transaction of a step to the node, which may know it."""
        last = self._journal.of(step)[-1]
        try:
            self._node.send(bytes.fromhex(last.raw[2:]))
        except NodeRefused as refusal:
            told = str(refusal).lower()
            if not any(words in told for words in ("already", "known", "nonce too low")):
                raise

    def _wait(self, step: str) -> tuple[str, Mined]:
        """Return a step's transaction once it is deep enough; it is sent again if the chain drops it."""
        began, handed_in_at = monotonic(), -1
        while True:
            found, head = self._found(step), self._node.block().number
            if found and head - found[1].block + 1 >= self._terms.confirmations:
                return found
            if not found and head != handed_in_at:
                self._hand_in(step)
                if handed_in_at < 0:
                    self._tell(f"{step}: sent {self._journal.of(step)[-1].hash}")
                handed_in_at = head
                continue
            if monotonic() - began > self._terms.patience:
                raise RingfenceError(
                    f"{step}: not confirmed by {self._terms.confirmations} blocks after "
                    f"{self._terms.patience:g} s; run this again to go on where it stopped"
                )
            sleep(POLL_SECONDS)
