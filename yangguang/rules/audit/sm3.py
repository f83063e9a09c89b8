"""SM3 in plain Python, so that anyone can replay a lottery without a library (GB/T 32905-2016).

The platform itself hashes with `cryptography`; this one is the published reference. It reads a few hundred
kilobytes a second: where many draws are made, pass a faster hasher.
"""

import struct
from operator import xor

_WORD = 0xFFFFFFFF
_START = (
    0x7380166F,
    0x4914B2B9,
    0x172442D7,
    0xDA8A0600,
    0xA96F30BC,
    0x163138AA,
    0xE38DEE4D,
    0xB0FB0E4E,
)


def _turn(word: int, by: int) -> int:
    """`word` rotated left by `by` bits within 32 bits."""
    by %= 32
    return ((word << by) | (word >> (32 - by))) & _WORD


_CONSTANTS = tuple(_turn(0x79CC4519 if j < 16 else 0x7A879D8A, j) for j in range(64))


def sm3(data: bytes) -> bytes:
    """The 32-byte SM3 digest of `data` (GB/T 32905-2016, 5)."""
    padded = data + b"\x80" + bytes(-(len(data) + 9) % 64) + struct.pack(">Q", len(data) * 8)
    state: tuple[int, ...] = _START
    for (block,) in struct.iter_unpack("64s", padded):
        state = _compress(state, block)
    return struct.pack(">8I", *state)


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    """One block of 64 bytes into the state of eight words (5.3.2 message expansion, 5.3.3 compression)."""
    words = list(struct.unpack(">16I", block))
    for j in range(16, 68):
        x = words[j - 16] ^ words[j - 9] ^ _turn(words[j - 3], 15)
        words.append(x ^ _turn(x, 15) ^ _turn(x, 23) ^ _turn(words[j - 13], 7) ^ words[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        ss1 = _turn((_turn(a, 12) + e + _CONSTANTS[j]) & _WORD, 7)
        ss2 = ss1 ^ _turn(a, 12)
        if j < 16:
            ff, gg = a ^ b ^ c, e ^ f ^ g
        else:
            ff, gg = (a & b) | (a & c) | (b & c), (e & f) | (~e & g)
        tt1 = (ff + d + ss2 + (words[j] ^ words[j + 4])) & _WORD
        tt2 = (gg + h + ss1 + words[j]) & _WORD
        a, b, c, d = tt1, a, _turn(b, 9), c
        e, f, g, h = tt2 ^ _turn(tt2, 9) ^ _turn(tt2, 17), e, _turn(f, 19), g
    return tuple(map(xor, state, (a, b, c, d, e, f, g, h)))
