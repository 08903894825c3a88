"""Draws calls of any function with extreme and random arguments, sound or spoilt, and counts how they end."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ringfence.evm.abi.interface import digest, inputs_coder
from ringfence.evm.chains.base import Call
from ringfence.types.roles import ACCOUNTS, OWNER, TOKEN, VAULT
from ringfence.vaults.isolated_margin.actions import SetPrice

from tests.open_market import OpenMarket

PANIC: Final = bytes.fromhex("4e487b71")  # Panic(uint256)
EDGES: Final = sorted(
    {0, 1, 2, 3, 4, 10**6, 10**9, 10**18, 10**32, 10**33, 10**33 + 1, 2_000_000_000}
    | {2**bits + shift for bits in (8, 32, 64, 112, 127, 128, 192, 255) for shift in (-1, 0, 1)}
    | {2**256 - 1, 2**256 - 2}
)
LENGTHS: Final = (0, 1, 31, 32, 33, 65, 200)
ASSETS: Final = tuple(10**zeros + shift for zeros in range(0, 15, 2) for shift in (0, 1))
SIZES: Final = tuple(sign * 10**zeros for zeros in range(14, 34) for sign in (1, -1))
NAMED: Final[dict[str, Sequence[int]]] = {  # what gets past the first checks, by the parameter's name
    "id": range(6),
    "index": range(3),
    "size": SIZES,
    "sizeDelta": SIZES[::2],
    "limitPriceWad": (0, 2**256 - 1),
    "deadline": (2**256 - 1,),
    "nonce": (0, 1),
}
ANSWERS: Final = tuple(10**zeros + shift for zeros in range(0, 37, 2) for shift in (-1, 0, 1))
PAUSES: Final = (0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 60, 60, 3_600, 10**7)  # seconds from call to call
DEPTH: Final = 25  # calls in a row before the state is restored


@dataclass(frozen=True, slots=True)
class Trial:
    """A call to be tried. The refusal of one that ``is_sound`` must have a name."""

    sender: str
    contract: str
    function: str
    calldata: bytes
    is_sound: bool


@dataclass(slots=True)
class Search:
    """How calls ended: the refusals' names, and what ought not to be, with the call that led to it."""

    calls: int = 0
    succeeded: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    panics: list[str] = field(default_factory=list)
    nameless: list[str] = field(default_factory=list)


class Draw:
    """Draws calls of the functions of some contracts on a market."""

    def __init__(
        self, market: OpenMarket, abis: dict[str, list[dict[str, Any]]], codes: Sequence[bytes], seed: int
    ) -> None:
        """Take the ABIs by the contracts' names, creation codes worth passing on, and a seed."""
        self._rng = random.Random(seed)
        self._market = market
        self._codes = codes
        self._accounts = (*ACCOUNTS, *abis, TOKEN, "")
        entries = [(contract, entry) for contract, abi in abis.items() for entry in abi]
        self._functions = [
            pair
            for pair in entries
            if pair[1]["type"] == "function"
            for _ in range(1 + 4 * bool(pair[1]["inputs"]))
        ]

    def trials(self, count: int) -> Iterator[Trial]:
        """Yield ``count`` calls."""
        for _ in range(count):
            contract, entry = self._rng.choice(self._functions)
            values = [self._value(part) for part in entry["inputs"]]
            if values and entry["inputs"][0].get("internalType", "").startswith("contract "):
                values[0] = VAULT  # a lens looks at a vault; another contract is no vault to answer for
            sound = digest(entry)[:4] + inputs_coder(entry["inputs"], self._market.book).encode(values)
            calldata = self._malformed(sound) if self._rng.random() < 0.3 else sound
            sender = self._rng.choice(ACCOUNTS)
            yield Trial(sender, contract, entry["name"], calldata, calldata == sound)

    def pause(self) -> int:
        """Return the seconds until the next call."""
        return self._rng.choice(PAUSES)

    def news(self) -> SetPrice | None:
        """Return, now and then, a price from anywhere in the domain or a little outside."""
        if self._rng.random() > 0.25:
            return None
        return SetPrice(OWNER, self._rng.choice(ANSWERS), self._rng.choice((0, 0, 0, 0, -1, 10**6)))

    def _value(self, part: dict[str, Any]) -> Any:
        kind = part["type"]
        if kind.endswith("[]"):
            return [self._value(part | {"type": kind[:-2]}) for _ in range(self._rng.choice((0, 1, 2, 8, 9)))]
        if kind == "tuple":
            return tuple(self._value(inner) for inner in part["components"])
        if kind == "address":
            return self._rng.choice(self._accounts)
        if kind == "bool":
            return self._rng.random() < 0.5
        if kind == "string":
            return "x" * self._rng.choice(LENGTHS)
        if kind == "bytes":
            return self._rng.choice((*self._codes, self._rng.randbytes(self._rng.choice(LENGTHS))))
        if kind.startswith("bytes"):
            return self._rng.randbytes(int(kind[5:]))
        return _fit(kind, self._number(part["name"]))

    def _number(self, name: str) -> int:
        chance = self._rng.random()
        if chance < 0.75:
            return self._rng.choice(NAMED.get(name, ASSETS))
        return self._rng.choice(EDGES) if chance < 0.9 else self._rng.getrandbits(self._rng.randint(1, 256))

    def _malformed(self, calldata: bytes) -> bytes:
        """Return calldata that is cut off, drawn out, or has a word replaced."""
        place = self._rng.randrange(len(calldata) + 1)
        match self._rng.randrange(4):
            case 0:
                return calldata[:place]
            case 1:
                return calldata + self._rng.randbytes(self._rng.choice(LENGTHS))
            case 2:
                return calldata[:4] + self._rng.randbytes(max(0, len(calldata) - 4))
            case _:
                word = self._rng.choice(EDGES).to_bytes(32)
                start = 4 + 32 * self._rng.randrange(1 + len(calldata) // 32)
                return calldata[:start] + word + calldata[start + 32 :]


def _fit(kind: str, number: int) -> int:
    """Return the number, wrapped into the range of its type."""
    bits = int(kind.removeprefix("u").removeprefix("int"))
    wrapped = number % 2**bits
    return wrapped if kind.startswith("u") or wrapped < 2 ** (bits - 1) else wrapped - 2**bits


def search(market: OpenMarket, draw: Draw, count: int) -> Search:
    """Try calls from the market's state, a few in a row before coming back to it."""
    found = Search()
    mark = market.chain.snapshot()
    for trial in draw.trials(count):
        if found.calls % DEPTH == 0:
            market.chain.restore(mark)
        found.calls += 1
        call = Call(market.book.text(trial.sender), market.book.text(trial.contract), trial.calldata)
        news = draw.news()
        if news:
            market.act(news)
        receipt = market.chain.send(call, draw.pause())
        if receipt.ok:
            found.succeeded += 1
            continue
        error = market.refusals.read(receipt.output).error if trial.is_sound else "(malformed)"
        found.refused[error] += 1
        described = f"{trial.contract}.{trial.function} from {trial.sender}: 0x{trial.calldata.hex()}"
        if receipt.output.startswith(PANIC):
            found.panics.append(described)
        if error in ("Empty", "Unknown"):
            found.nameless.append(described)
    market.chain.restore(mark)
    return found
