"""Finding a trade that a drafted adapter's vault accepts at its start."""

from collections.abc import Iterator
from typing import Any, Final

from ringfence.evm.abi.coder import EncodingError
from ringfence.evm.workspace import NoSuchPosition, WorkspaceError
from ringfence.types.actions import Action, Alphabet, Step
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Done, Outcome, Refused
from ringfence.types.roles import TRADERS

SIZES: Final = tuple(10**power for power in (21, 20, 22, 19, 18, 23, 17, 24, 16, 25, 15, 26, 27, 28, 29, 30))
POWERS: Final = range(-4, 7)  # of whole margin tokens
TENTH: Final = 10  # margins are tried in powers of ten
CLOSENESS: Final = 1_000  # how many times the difference goes into the least margin
SPARE: Final = (3, 2)  # times the least margin


class FirstTrade:
    """Tries opens on an adapter, each from the same start. ``refusal`` is what the last one ended in."""

    def __init__(self, adapter: Any) -> None:
        """Take an adapter with an action that opens."""
        self._adapter = adapter
        self._alphabet = Alphabet(adapter.actions)
        self.refusal = ""

    def find(self, decimals: int) -> tuple[int, int] | None:
        """Return size and margin of a trade that is accepted, with half as much margin again as it needs."""
        for size in SIZES:
            accepted = next(self._accepted(size, decimals), None)
            if accepted is None:
                continue
            times, parts = SPARE
            spared = self._least(size, accepted) * times // parts
            return size, _rounded(spared) if spared and self._opens(size, spared) else accepted
        return None

    def is_repeated(self, size: int, margin: int) -> bool:
        """Return whether an owner can open the same again while it is open."""
        return self._opens(size, margin, times=2)

    def _accepted(self, size: int, decimals: int) -> Iterator[int]:
        """Yield the margins, powers of ten, that are accepted, the least first."""
        for power in POWERS:
            if decimals + power >= 0 and self._opens(size, 10 ** (decimals + power)):
                yield 10 ** (decimals + power)

    def _least(self, size: int, accepted: int) -> int:
        """Return the least margin that is accepted, by halving what is not."""
        refused, near = accepted // TENTH, max(1, accepted // CLOSENESS)
        while accepted - refused > near:
            middle = (accepted + refused) // 2
            accepted, refused = (middle, refused) if self._opens(size, middle) else (accepted, middle)
        return accepted

    def _opens(self, size: int, margin: int, times: int = 1) -> bool:
        """Return whether opens of this size and margin are accepted; they are taken back."""
        mark = self._adapter.workspace.snapshot()
        opening = self._alphabet.make(Kind.OPENS, TRADERS[0], size=size, assets=margin)
        outcomes = [outcome_of(self._adapter, opening) for _ in range(times)]
        self._adapter.workspace.restore(mark)
        for each in outcomes:
            if isinstance(each, Refused):
                self.refusal = f"{each.error}{each.args or ''}"
        return all(isinstance(each, Done) for each in outcomes)


def outcome_of(adapter: Any, action: Action, seconds: int = 1) -> Outcome:
    """Return what comes of an action; what the adapter could not send is refused."""
    try:
        outcome: Outcome = adapter.apply(Step(action, seconds))
        return outcome
    except (WorkspaceError, NoSuchPosition, EncodingError) as failure:
        return Refused(type(failure).__name__, (str(failure),))


def _rounded(amount: int) -> int:
    """Return an amount of two digits, rounded up."""
    unit = int(10 ** max(0, len(str(amount)) - 2))
    return int(-(-amount // unit) * unit)
