"""The rounds that are measured: skewed popularity, seventy different scores, and a lottery that breaks the ties."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from yangguang.engine.npz_file import read_npz
from yangguang.engine.problem import Problem

CHOICES = 6
SIZES = ((1_000, 100), (10_000, 600), (100_000, 3_000), (1_000_000, 12_000))
LARGE = (15_000_000, 12_000)
Array = npt.NDArray[Any]


def write_instance(path: Path, persons: int, lines: int) -> None:
    """A round with seats for nine in ten, as `yangguang match` reads it; the same every time."""
    chance = np.random.default_rng(persons)
    pref = np.empty((persons, CHOICES), np.int32)
    for choice in range(CHOICES):
        drawn = np.arange(persons)
        while len(drawn):
            pref[drawn, choice] = lines * chance.random(len(drawn)) ** 2
            drawn = drawn[(pref[drawn, :choice] == pref[drawn, choice, None]).any(axis=1)]
    score, draw = 5 * chance.integers(40, 110, persons), chance.permutation(persons)
    key = np.repeat((550 - score) * persons + draw, CHOICES).reshape(persons, CHOICES)
    quota = np.full(lines, persons * 9 // 10 // lines, np.int32)
    np.savez(path, pref=pref, key=key, quota=quota)


def with_buckets(plain: Problem) -> Problem:
    """The same wishes and seats, each line in three buckets.

    A fifth of the seats are a floor for local people, who are three in ten; a tenth a ceiling for people from
    elsewhere, one in ten. What these do not need moves to the general bucket.
    """
    persons, lines = len(plain.first) - 1, len(plain.own)
    group = np.random.default_rng(persons + 1).choice(3, persons, p=[0.6, 0.3, 0.1])
    way = 3 * plain.way + np.repeat(group, np.diff(plain.first)).astype(np.int32)
    # The ways of a line: general; local, then general; from elsewhere. Its buckets: local, elsewhere, general.
    base = 3 * np.arange(lines, dtype=np.int32)[:, None]
    own = np.stack([plain.own // 5, plain.own // 10, plain.own - plain.own // 5 - plain.own // 10], axis=1)
    return Problem(
        plain.first, way, plain.key, None,
        np.append(0, np.cumsum(np.tile([1, 2, 1], lines))).astype(np.int32),
        (base + np.array([2, 0, 2, 1], np.int32)).reshape(-1), own.reshape(-1).astype(np.int32),
        np.concatenate([base + 2, base + 2, np.full_like(base, -1)], axis=1).reshape(-1),
        np.zeros(3 * lines, np.bool_),
    )  # fmt: skip


def problem_in(path: Path) -> Problem:
    return read_npz(path).problem


def arrays_in(path: Path) -> tuple[Array, Array, Array]:
    with np.load(path) as file:
        return file["pref"], file["key"], file["quota"]
