"""The Merkle tree over the ends of the chains of the log, whose root is published every day. (T1.04)

The tree is that of RFC 9162, section 2.1, with SM3 instead of SHA-256. A leaf is the length of a chain as 8 bytes, the
most significant first, and its last link, so that the counts lie under the root as well as the contents.
"""

from collections.abc import Callable, Sequence

from yangguang.rules.audit.sm3 import sm3 as plain_sm3

Hasher = Callable[[bytes], bytes]
ChainEnd = tuple[int, bytes]
"""Length of a chain and its last link."""


def format_end(end: ChainEnd) -> bytes:
    """The leaf of one chain: 8 bytes of length, 32 of link.

    Raises:
        OverflowError: a negative length, or one of more than 8 bytes.
    """
    length, link = end
    return length.to_bytes(8, "big") + link


def root_of_ends(ends: Sequence[ChainEnd], sm3: Hasher = plain_sm3) -> bytes:
    """The root of a day over the ends of all chains in the order of their numbers; at least one."""
    return merkle_root([format_end(end) for end in ends], sm3)


def merkle_root(leaves: Sequence[bytes], sm3: Hasher = plain_sm3) -> bytes:
    """Root of a binary SM3 tree with prefixes 00 before a leaf and 01 before a pair.

    Args:
        leaves: at least one; an odd node moves up unchanged.
        sm3: a faster implementation than the one in plain Python.
    """
    return _levels(leaves, sm3)[-1][0]


def inclusion_path(leaves: Sequence[bytes], index: int, sm3: Hasher = plain_sm3) -> list[bytes]:
    """The digests that lead from a leaf to the root, from the bottom. Source: RFC 9162, 2.1.3.1."""
    path = []
    for level in _levels(leaves, sm3)[:-1]:
        if (sibling := index ^ 1) < len(level):
            path.append(level[sibling])
        index //= 2
    return path


def root_of_path(leaf: bytes, index: int, size: int, path: Sequence[bytes], sm3: Hasher = plain_sm3) -> bytes:
    """The root that a leaf and its path lead to. Source: RFC 9162, 2.1.3.2.

    Args:
        index: number of the leaf from 0. size: number of leaves.
    Raises:
        ValueError: the index is outside, or the path has another length than the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} of {size}")
    node, rest = sm3(b"\x00" + leaf), list(path)
    while size > 1:
        if index ^ 1 < size:
            sibling = rest.pop(0) if rest else b""
            node = sm3(b"\x01" + (sibling + node if index % 2 else node + sibling))
        index, size = index // 2, (size + 1) // 2
    if rest:
        raise ValueError("the path is longer than the tree is high")
    return node


def _levels(leaves: Sequence[bytes], sm3: Hasher) -> list[list[bytes]]:
    """The nodes of the tree, the leaves first, the root last."""
    levels = [[sm3(b"\x00" + leaf) for leaf in leaves]]
    while len(level := levels[-1]) > 1:
        pairs = [sm3(b"\x01" + a + b) for a, b in zip(level[::2], level[1::2], strict=False)]
        levels.append(pairs + ([level[-1]] if len(level) % 2 else []))
    return levels
