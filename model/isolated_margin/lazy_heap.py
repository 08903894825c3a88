"""Numbers that wait for a level to rise above their thresholds; who waits no longer is forgotten lazily."""

from collections.abc import Collection, Iterable
from heapq import heapify, heappop, heappush
from typing import Final

from isolated_margin.fixed import integer, within

SERIAL_BITS: Final = 64
SERIAL_MASK: Final = 2**SERIAL_BITS - 1
ROOM: Final = 64  # entries of those gone that are not worth tidying up


class LazyHeap:
    """A heap of thresholds, each with the serial number (below 2**64) of who waits for it.

    Serials are used once. Whoever leaves ``live`` is gone: its entry stays until ``reached`` has met more
    such entries than others, or until half of all are of that kind. So each entry is tidied up once, at the
    cost of a push, and hardly half of the heap is ever of those gone.
    """

    __slots__ = ("_entries", "_gone", "_live")

    def __init__(self, live: Collection[int], waiting: Iterable[tuple[int, int]] = ()) -> None:
        """Begin with pairs of threshold (any integer) and serial; ``live`` is looked at, never changed."""
        self._live = live
        self._gone = 0
        self._entries = [_entry(threshold, serial) for threshold, serial in waiting]
        heapify(self._entries)

    def __len__(self) -> int:
        """Return the number of entries, those gone included."""
        return len(self._entries)

    def push(self, threshold: int, serial: int) -> None:
        """Let a serial wait for the level to rise above ``threshold``."""
        heappush(self._entries, _entry(threshold, serial))

    def note_gone(self) -> None:
        """Take note that a serial of this heap has left ``live``."""
        self._gone += 1
        if self._gone > len(self._entries) // 2 + ROOM:
            self._keep(entry for entry in self._entries if entry & SERIAL_MASK in self._live)

    def reached(self, level: int) -> list[int]:
        """Return the serials whose threshold lies below ``level``, in no order.

        Walks down from the root, and no further than the level: its time grows with the answer and with who
        went since the last time, not with the heap.
        """
        entries, live, bound = self._entries, self._live, integer(level) << SERIAL_BITS
        size, found, gone, below = len(entries), [], 0, [0]
        while below:
            index = below.pop()
            if index < size and entries[index] < bound:
                serial = entries[index] & SERIAL_MASK
                if serial in live:
                    found.append(serial)
                else:
                    gone += 1
                below += (2 * index + 1, 2 * index + 2)
        if gone > len(found) + ROOM:
            self._tidy(bound)
        return found

    def _tidy(self, bound: int) -> None:
        """Take out of the heap who is gone among the entries below ``bound``."""
        entries, staying = self._entries, []
        while entries and entries[0] < bound:
            entry = heappop(entries)
            if entry & SERIAL_MASK in self._live:
                staying.append(entry)
            else:
                self._gone -= 1
        for entry in staying:
            heappush(entries, entry)

    def _keep(self, entries: Iterable[int]) -> None:
        self._entries = list(entries)
        heapify(self._entries)
        self._gone = 0


def _entry(threshold: int, serial: int) -> int:
    """Return both in one integer, which orders by threshold first."""
    return integer(threshold) << SERIAL_BITS | within(serial, 0, SERIAL_MASK)
