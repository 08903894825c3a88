"""State that changes, and can be copied and compared."""

from typing import Any, ClassVar

from isolated_margin.fixed import MAX_UINT256, uint256, within


class Stateful:
    """Something whose whole state is in the attributes that ``STATE`` names.

    Each holds a frozen value, or a ``dict`` of frozen values in which a zero is the same as nothing.
    """

    __slots__ = ()
    STATE: ClassVar[tuple[str, ...]]

    def state(self) -> tuple[object, ...]:
        """Return the state as one value that compares equal when the states do."""
        values = (getattr(self, name) for name in self.STATE)
        return tuple(_without_zeros(value) if type(value) is dict else value for value in values)

    def restore(self, other: "Stateful") -> None:
        """Take over a copy of the state of ``other``, which is of the same kind."""
        for name in self.STATE:
            value = getattr(other, name)
            setattr(self, name, dict(value) if type(value) is dict else value)


def _without_zeros(mapping: dict[Any, object]) -> dict[Any, object]:
    return {key: value for key, value in mapping.items() if value}


class Clock(Stateful):
    """The chain's time: ``timestamp`` in seconds, ``block`` by number."""

    __slots__ = ("block", "timestamp")
    STATE: ClassVar[tuple[str, ...]] = ("block", "timestamp")

    def __init__(self, timestamp: int) -> None:
        self.timestamp = uint256(timestamp)
        self.block = 1

    def advance(self, seconds: int) -> None:
        """Begin a new block ``seconds`` later; 0 stays in the current one.

        Raises:
            NotAnInteger: ``seconds`` is not an ``int``.
            OutOfDomain: it is negative, or the time would be no ``uint256``.
        """
        if within(seconds, 0, MAX_UINT256 - self.timestamp):
            self.timestamp += seconds
            self.block += 1
