"""SM3, HMAC-SM3 and SM4-GCM against their standards' vectors; a sealed value opens only in its place."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from hypothesis import given
from hypothesis import strategies as st

from yangguang.gateways import ciphers
from yangguang.gateways.ciphers import Unsealable, hmac_sm3, seal, sm3, unseal

OLD = "0:" + "a" * 32
BOTH = "1:" + "b" * 32 + "," + OLD


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_gives_the_digests_printed_in_gbt_32905(message: bytes, digest: str) -> None:
    assert sm3(message).hex() == digest


@given(key=st.binary(max_size=100), data=st.binary(max_size=200))
def test_hmac_sm3_follows_the_definition_of_rfc_2104(key: bytes, data: bytes) -> None:
    block = (sm3(key) if len(key) > 64 else key).ljust(64, b"\0")
    inner = sm3(bytes(b ^ 0x36 for b in block) + data)

    assert hmac_sm3(key, data) == sm3(bytes(b ^ 0x5C for b in block) + inner)


def test_the_block_cipher_gives_the_block_printed_in_gbt_32907() -> None:
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(ciphers._ring("0:" + block.hex())[0], modes.ECB()).encryptor()

    assert encryptor.update(block).hex() == "681edf34d206965e86b3e94f536e4246"


def test_a_value_of_the_sm4_gcm_example_of_rfc_8998_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    key, nonce = "0123456789abcdeffedcba9876543210", bytes.fromhex("00001234567800000000abcd")
    plain = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    # Our additional data carry the key id in front; 0xfe is the first byte of the example's own.
    ring = f"{aad[0]}:{key}"
    expected = (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    monkeypatch.setattr("os.urandom", lambda size: nonce)
    sealed = seal(ring, plain, aad[1:])

    assert sealed[13:].hex() == expected
    assert unseal(ring, sealed, aad[1:]) == plain


@given(plain=st.binary(max_size=300), aad=st.binary(max_size=40))
def test_what_was_sealed_opens_in_its_place(plain: bytes, aad: bytes) -> None:
    assert unseal(BOTH, seal(BOTH, plain, aad), aad) == plain


def test_equal_values_look_different() -> None:
    assert seal(OLD, b"x", b"") != seal(OLD, b"x", b"")


def test_a_value_of_an_old_key_still_opens_and_new_ones_take_the_newest() -> None:
    before, after = seal(OLD, b"x", b""), seal(BOTH, b"x", b"")

    assert (before[0], unseal(BOTH, before, b"")) == (0, b"x")
    assert after[0] == 1


def test_a_value_moved_to_another_column_does_not_open() -> None:
    with pytest.raises(Unsealable, match="不属于这一栏"):
        unseal(OLD, seal(OLD, b"x", b"person.phone"), b"person.name")


def test_any_flipped_bit_is_noticed() -> None:
    sealed = seal("3:" + "a" * 32 + ",2:" + "a" * 32, b"12345", b"")
    for position in range(len(sealed)):
        broken = bytearray(sealed)
        broken[position] ^= 1
        with pytest.raises(Unsealable):
            unseal("3:" + "a" * 32 + ",2:" + "a" * 32, bytes(broken), b"")


def test_a_key_that_left_the_ring_is_named_by_its_id() -> None:
    with pytest.raises(Unsealable, match="编号为 1 的密钥"):
        unseal(OLD, seal(BOTH, b"x", b""), b"")


@pytest.mark.parametrize("ring", ["", "1", "1:abc", "256:" + "a" * 32, f"{OLD},{OLD}", "x:" + "a" * 32])
def test_a_malformed_ring_is_refused_without_repeating_it(ring: str) -> None:
    with pytest.raises(ValueError, match="密钥环的写法") as refused:
        seal(ring, b"", b"")
    assert "a" * 32 not in str(refused.value)


def test_a_short_value_is_not_a_sealed_value() -> None:
    with pytest.raises(Unsealable, match="长度不足"):
        unseal(OLD, b"\0" * 28, b"")
