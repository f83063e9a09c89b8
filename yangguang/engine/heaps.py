"""Heaps of all quotas in one flat array, the worst key of a quota on top; stretches begin at `base`."""

from yangguang.engine.jit import jit
from yangguang.engine.problem import Ints, Shorts


@jit
def sink(keys: Ints, slots: Shorts, base: int, size: int, hole: int, key: int, slot: int) -> None:
    """Put an entry where `hole` is, or further down, so that no entry is above a larger one."""
    child = 2 * hole + 1
    while child < size:
        if child + 1 < size and keys[base + child + 1] > keys[base + child]:
            child += 1
        if keys[base + child] <= key:
            break
        keys[base + hole] = keys[base + child]
        slots[base + hole] = slots[base + child]
        hole = child
        child = 2 * hole + 1
    keys[base + hole] = key
    slots[base + hole] = slot


@jit
def heapify(keys: Ints, slots: Shorts, base: int, size: int) -> None:
    """Make a heap of entries that came in any order; cheaper than to maintain one while a quota fills."""
    for hole in range(size // 2 - 1, -1, -1):
        sink(keys, slots, base, size, hole, keys[base + hole], slots[base + hole])


@jit
def push(keys: Ints, slots: Shorts, base: int, size: int, key: int, slot: int) -> None:
    """Add an entry to a heap of `size` entries."""
    hole = size
    while hole > 0:
        above = (hole - 1) >> 1
        if keys[base + above] >= key:
            break
        keys[base + hole] = keys[base + above]
        slots[base + hole] = slots[base + above]
        hole = above
    keys[base + hole] = key
    slots[base + hole] = slot


@jit
def pop(keys: Ints, slots: Shorts, base: int, size: int) -> int:
    """Remove the worst entry of a heap of `size` entries; returns its slot."""
    removed = int(slots[base])
    end = base + size - 1
    sink(keys, slots, base, size - 1, 0, keys[end], slots[end])
    return removed
