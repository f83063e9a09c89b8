"""The tree of a day: that of RFC 9162 as its text defines it, with the counts under the root."""

import pytest

from yangguang.rules.audit.merkle import format_end, inclusion_path, merkle_root, root_of_ends, root_of_path
from yangguang.rules.audit.sm3 import sm3


def defined_root(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1: split at the largest power of two below the number of leaves."""
    if len(leaves) == 1:
        return sm3(b"\x00" + leaves[0])
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sm3(b"\x01" + defined_root(leaves[:k]) + defined_root(leaves[k:]))


def defined_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 9162, 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if index < k:
        return [*defined_path(index, leaves[:k]), defined_root(leaves[k:])]
    return [*defined_path(index - k, leaves[k:]), defined_root(leaves[:k])]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6, 7, 8, 11])
def test_root_and_paths_are_as_in_the_standard(size: int) -> None:
    leaves = [bytes([n]) for n in range(size)]
    root = defined_root(leaves)

    assert merkle_root(leaves) == root
    for index, leaf in enumerate(leaves):
        path = inclusion_path(leaves, index)
        assert path == defined_path(index, leaves)
        assert root_of_path(leaf, index, size, path) == root


def test_another_length_of_a_chain_gives_another_root() -> None:
    ends = [(1, bytes(32)), (2, bytes(32))]

    assert len({root_of_ends(ends), root_of_ends([(2, bytes(32)), (1, bytes(32))]), root_of_ends(ends[:1])}) == 3
    assert format_end((258, b"\xff" * 32)) == bytes([0, 0, 0, 0, 0, 0, 1, 2]) + b"\xff" * 32


@pytest.mark.parametrize("change", ["another leaf", "another place", "a node less", "a node more", "a changed node"])
def test_a_path_that_is_not_the_one_of_the_leaf_does_not_lead_to_the_root(change: str) -> None:
    leaves = [bytes([n]) for n in range(8)]
    path, index, leaf = inclusion_path(leaves, 5), 5, leaves[5]
    if change == "another leaf":
        leaf = leaves[4]
    elif change == "another place":
        index = 4
    elif change == "a node less":
        path = path[:-1]
    elif change == "a node more":
        path = [*path, bytes(32)]
    else:
        path[1] = bytes(32)

    try:
        reached = root_of_path(leaf, index, 8, path)
    except ValueError:
        reached = b""

    assert reached != merkle_root(leaves)


@pytest.mark.parametrize("index", [-1, 8])
def test_a_leaf_outside_the_tree_is_refused(index: int) -> None:
    with pytest.raises(ValueError, match="leaf"):
        root_of_path(b"", index, 8, [bytes(32)] * 3)
