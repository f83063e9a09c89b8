"""SM3: the two examples of the standard, and the library beside it."""

import pytest
from cryptography.hazmat.primitives.hashes import SM3, Hash
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.audit.sm3 import sm3


def library(data: bytes) -> bytes:
    hasher = Hash(SM3())
    hasher.update(data)
    return hasher.finalize()


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"abc", "66c7f0f4 62eeedd9 d1f2d46b dc10e4e2 4167c487 5cf2f7a2 297da02b 8f4ba8e0"),
        (b"abcd" * 16, "debe9ff9 2275b8a1 38604889 c18e5a4d 6fdb70e5 387e5765 293dcba3 9c0c5732"),
    ],
    ids=["A.1", "A.2"],
)
def test_the_examples_of_the_standard(data: bytes, digest: str) -> None:
    assert sm3(data).hex(" ", 4) == digest


@pytest.mark.parametrize("length", [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128])
def test_every_edge_of_the_padding_agrees_with_the_library(length: int) -> None:
    data = bytes(range(length))
    assert sm3(data) == library(data)


@given(st.binary(max_size=300))
def test_any_data_agrees_with_the_library(data: bytes) -> None:
    assert sm3(data) == library(data)
