"""SM3, HMAC-SM3 and SM4-GCM as plain functions; no other file handles keys or nonces. (GB/T 32905, GB/T 32907)

A sealed value is `key id (1 byte) ‖ nonce (12) ‖ SM4-GCM ciphertext ‖ tag (16)`; with the key id a
key can be replaced while old rows can still be read. SM4-GCM is used as in RFC 8998.
"""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC

NONCE = 12
TAG = 16
_EMPTY = Hash(SM3())


class Unsealable(ValueError):
    """A sealed value is damaged, belongs to another place, or its key is not in the key ring."""


def sm3(data: bytes | bytearray | memoryview) -> bytes:
    """SM3 digest of `data`, 32 bytes. Source: GB/T 32905-2016."""
    # A copy takes little more than half the time of a new one, which looks the algorithm up.
    digest = _EMPTY.copy()
    digest.update(data)
    return digest.finalize()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """HMAC with SM3, 32 bytes. Source: RFC 2104 over GB/T 32905-2016.

    Args:
        key: any length; 16 bytes or more to be secure.
        data: the message.
    """
    mac = _keyed(key).copy()
    mac.update(data)
    return mac.finalize()


def seal(keys: str, plain: bytes, aad: bytes) -> bytes:
    """Encrypt with the newest key of the ring.

    Args:
        keys: the key ring as in the settings, newest first: "1:hex32,0:hex32".
        plain: the value.
        aad: its place ("table.column"); a value moved to another column does not open.
    Returns:
        the sealed bytes, 29 longer than `plain`; the same input gives different bytes each time.
    Raises:
        ValueError: the ring is malformed.
    """
    ring = _ring(keys)
    key_id = next(iter(ring))
    head, nonce = bytes([key_id]), os.urandom(NONCE)
    encryptor = Cipher(ring[key_id], modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(head + aad)
    return head + nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def unseal(keys: str, sealed: bytes, aad: bytes) -> bytes:
    """Decrypt what `seal` gave, with the key of the ring that its key id names.

    Raises:
        Unsealable: damaged, from another place (`aad`), or sealed with a key that is not in the ring.
    """
    if len(sealed) < 1 + NONCE + TAG:
        raise Unsealable("密文长度不足")
    ring, head = _ring(keys), sealed[:1]
    if head[0] not in ring:
        raise Unsealable(f"密钥环中没有编号为 {head[0]} 的密钥")
    nonce, body, tag = sealed[1 : 1 + NONCE], sealed[1 + NONCE : -TAG], sealed[-TAG:]
    decryptor = Cipher(ring[head[0]], modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(head + aad)
    try:
        return decryptor.update(body) + decryptor.finalize()
    except InvalidTag:
        raise Unsealable("密文被改动，或不属于这一栏") from None


@lru_cache(maxsize=16)
def _ring(keys: str) -> dict[int, SM4]:
    """Parse "1:hex32,0:hex32" once per process; in its order, newest first."""
    ring: dict[int, SM4] = {}
    for part in keys.split(","):
        name, _, text = part.strip().partition(":")
        if not name.isdecimal() or int(name) > 255 or int(name) in ring or len(text) != 32:
            # The part itself is never repeated: it may hold a key.
            raise ValueError("密钥环的写法应为“编号:32位十六进制”，以逗号分隔，编号 0–255 且不重复")
        ring[int(name)] = SM4(bytes.fromhex(text))
    return ring


@lru_cache(maxsize=64)
def _keyed(key: bytes) -> HMAC:
    """An HMAC with its key; a copy of it is cheaper than a new one."""
    return HMAC(key, SM3())
