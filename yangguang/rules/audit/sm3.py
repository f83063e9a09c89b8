"""SM3 in plain Python, to replay a lottery without a library (GB/T 32905-2016).

The platform hashes with `cryptography`; this is the published reference, at a few hundred kilobytes a second.
"""

import struct
from operator import xor

_WORD = 0xFFFFFFFF
_INITIAL = tuple(
    struct.unpack(">8I", bytes.fromhex("7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e"))
)


def _rotate_left(word: int, by: int) -> int:
    """Rotate a 32-bit word by `by` bits."""
    by %= 32
    return ((word << by) | (word >> (32 - by))) & _WORD


_CONSTANTS = tuple(_rotate_left(0x79CC4519 if j < 16 else 0x7A879D8A, j) for j in range(64))


def sm3(data: bytes) -> bytes:
    """The 32-byte SM3 digest of `data` (GB/T 32905-2016, 5)."""
    padded = data + b"\x80" + bytes(-(len(data) + 9) % 64) + struct.pack(">Q", len(data) * 8)
    state: tuple[int, ...] = _INITIAL
    for (block,) in struct.iter_unpack("64s", padded):
        state = _compress(state, block)
    return struct.pack(">8I", *state)


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    """One block of 64 bytes into the state of eight words (5.3.2 message expansion, 5.3.3 compression)."""
    words = list(struct.unpack(">16I", block))
    for j in range(16, 68):
        x = words[j - 16] ^ words[j - 9] ^ _rotate_left(words[j - 3], 15)
        words.append(x ^ _rotate_left(x, 15) ^ _rotate_left(x, 23) ^ _rotate_left(words[j - 13], 7) ^ words[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        ss1 = _rotate_left((_rotate_left(a, 12) + e + _CONSTANTS[j]) & _WORD, 7)
        ss2 = ss1 ^ _rotate_left(a, 12)
        if j < 16:
            ff, gg = a ^ b ^ c, e ^ f ^ g
        else:
            ff, gg = (a & b) | (a & c) | (b & c), (e & f) | (~e & g)
        tt1 = (ff + d + ss2 + (words[j] ^ words[j + 4])) & _WORD
        tt2 = (gg + h + ss1 + words[j]) & _WORD
        a, b, c, d = tt1, a, _rotate_left(b, 9), c
        e, f, g, h = tt2 ^ _rotate_left(tt2, 9) ^ _rotate_left(tt2, 17), e, _rotate_left(f, 19), g
    return tuple(map(xor, state, (a, b, c, d, e, f, g, h)))
