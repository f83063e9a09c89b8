"""The Merkle tree over the ends of the chains of the log, whose root is published every day. (T1.04)"""

from collections.abc import Callable, Sequence

from yangguang.rules.audit.sm3 import sm3 as plain_sm3


def merkle_root(leaves: Sequence[bytes], sm3: Callable[[bytes], bytes] = plain_sm3) -> bytes:
    """Root of a binary SM3 tree with prefixes 00 before a leaf and 01 before a pair, as in RFC 6962.

    Args:
        leaves: at least one; an odd node moves up unchanged.
        sm3: a faster implementation than the one in plain Python.
    """
    level = [sm3(b"\x00" + leaf) for leaf in leaves]
    while len(level) > 1:
        pairs = [sm3(b"\x01" + a + b) for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]
