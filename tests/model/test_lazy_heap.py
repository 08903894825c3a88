"""A heap that forgets who is gone, neither too early nor too late."""

from isolated_margin.lazy_heap import ROOM, LazyHeap


def gone_from(live: set[int], heap: LazyHeap, serials: range) -> None:
    """Let serials wait no longer."""
    for serial in serials:
        live.discard(serial)
        heap.note_gone()


def test_reached__of_a_level__are_those_below_it() -> None:
    heap = LazyHeap({1, 2, 3}, [(10, 1), (-10, 2), (9, 3)])
    assert sorted(heap.reached(10)) == [2, 3]
    assert heap.reached(-10) == []


def test_reached__of_many_gone__tidies_them_up() -> None:
    """More than stay, by more than is worth the trouble; until then they remain."""
    live = set(range(1_000))
    heap = LazyHeap(live, ((number, number) for number in range(1_000)))
    gone_from(live, heap, range(ROOM + 1))
    assert heap.reached(ROOM + 2) == [ROOM + 1]
    assert len(heap) == 1_000
    gone_from(live, heap, range(ROOM + 1, ROOM + 3))
    assert heap.reached(ROOM + 2) == []
    assert len(heap) == 1_000 - ROOM - 2


def test_reached__of_nobody_left__leaves_an_empty_heap() -> None:
    live = set(range(100))
    heap = LazyHeap(live, ((1, number) for number in range(100)))
    gone_from(live, heap, range(100))
    assert heap.reached(2) == []
    assert len(heap) == 0


def test_note_gone__of_half_the_heap__keeps_those_who_wait() -> None:
    """When more than half are gone, and some: the count goes on after tidying up."""
    live = set(range(1_000))
    heap = LazyHeap(live, ((number, number) for number in range(1_000)))
    gone_from(live, heap, range(300))
    heap.reached(300)
    assert len(heap) == 700
    gone_from(live, heap, range(300, 714))
    assert len(heap) == 700
    gone_from(live, heap, range(714, 715))
    assert len(heap) == 285
    gone_from(live, heap, range(715, 921))
    assert len(heap) == 285
    gone_from(live, heap, range(921, 922))
    assert sorted(heap.reached(1_000)) == list(range(922, 1_000))
    assert len(heap) == 78
