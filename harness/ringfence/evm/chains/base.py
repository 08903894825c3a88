"""What a chain is to the harness. Addresses are lower-case hex text with ``0x``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from ringfence.types.errors import RingfenceError

GENESIS_TIME: Final = (
    2_000_000_000  # ahead of every wall clock, so that all chains can be set to the same time
)


class ChainUnavailable(RingfenceError):
    """The chain cannot be reached. The message is one sentence for who asked for it."""


class Reverted(Exception):
    """A read-only call was refused. ``output`` is the revert data."""

    def __init__(self, output: bytes) -> None:
        super().__init__("0x" + output.hex())
        self.output = output


@dataclass(frozen=True, slots=True)
class Call:
    """A transaction before it is sent. ``value`` is in wei."""

    sender: str
    to: str
    data: bytes
    value: int = 0


@dataclass(frozen=True, slots=True)
class Log:
    """One log of a transaction; topics are 32 bytes each."""

    address: str
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a transaction. ``output`` is the returned value, or the revert data when not ``ok``.

    ``gas_used`` is a transaction's gas only where ``Chain.meters_gas``.
    """

    ok: bool
    output: bytes
    logs: tuple[Log, ...]
    gas_used: int


def blocks_in(seconds: int, block_time: int) -> int:
    """Return how many blocks a wait is, at least one; with a ``block_time`` of 0 it is one."""
    return max(1, seconds // block_time) if block_time else 1


class Chain(Protocol):
    """Runs transactions one at a time, in blocks whose time the caller sets.

    Senders are accounts of ``roles``, which have what gas costs, and some ether to send. With a
    ``block_time``, in seconds, what waits longer makes as many blocks; with 0 each wait is one block.
    """

    block_time: int

    @property
    def name(self) -> str:
        """Return the chain's name, as reports show it."""
        ...

    @property
    def chain_id(self) -> int:
        """Return the chain id that signatures are bound to."""
        ...

    @property
    def shares_blocks(self) -> bool:
        """Return whether transactions can be in one block (``seconds=0``)."""
        ...

    @property
    def meters_gas(self) -> bool:
        """Return whether a receipt's gas is that of a real transaction."""
        ...

    @property
    def timestamp(self) -> int:
        """Return the time of the latest block, in seconds."""
        ...

    def deploy(self, creation_code: bytes, sender: str, value: int = 0) -> str:
        """Return the address of a new contract, in a block one second after the last; raises Reverted.

        It is given ``value``, in wei.
        """
        ...

    def send(self, call: Call, seconds: int) -> Receipt:
        """Run a transaction in a new block ``seconds`` after the last, or with 0 in the last block."""
        ...

    def call(self, to: str, data: bytes, sender: str) -> bytes:
        """Return what a read-only call returns, in the latest block; raises Reverted."""
        ...

    def storage(self, address: str, slots: Sequence[int]) -> list[int]:
        """Return storage words."""
        ...

    def balance(self, address: str) -> int:
        """Return an account's balance, in wei."""
        ...

    def snapshot(self) -> object:
        """Return a mark of the present state, its time included."""
        ...

    def restore(self, mark: object) -> None:
        """Go back to ``mark``, which stays good; marks made after it are lost."""
        ...
