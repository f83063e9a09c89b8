"""The rounds that are measured: skewed popularity, seventy different scores, and a lottery that breaks the ties."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

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


def with_quotas(simple: Problem) -> Problem:
    """The same choices and seats, each programme with three quotas.

    A fifth of the seats are a floor for local applicants, who are three in ten; a tenth a ceiling for applicants from
    elsewhere, one in ten. Unused seats of both move to the general quota.
    """
    persons, programmes = len(simple.first) - 1, len(simple.seats)
    group = np.random.default_rng(persons + 1).choice(3, persons, p=[0.6, 0.3, 0.1])
    path = 3 * simple.path + np.repeat(group, np.diff(simple.first)).astype(np.int32)
    # The paths of a programme: general; local, then general; from elsewhere. Its quotas: local, elsewhere, general.
    base = 3 * np.arange(programmes, dtype=np.int32)[:, None]
    local, elsewhere = simple.seats // 5, simple.seats // 10
    seats = np.stack([local, elsewhere, simple.seats - local - elsewhere], axis=1)
    return Problem(
        simple.first,
        path,
        simple.key,
        None,
        path_first=np.append(0, np.cumsum(np.tile([1, 2, 1], programmes))).astype(np.int32),
        path_quotas=(base + np.array([2, 0, 2, 1], np.int32)).reshape(-1),
        seats=seats.reshape(-1).astype(np.int32),
        taker=np.concatenate([base + 2, base + 2, np.full_like(base, -1)], axis=1).reshape(-1),
        ties_wait=np.zeros(3 * programmes, np.bool_),
    )


def arrays_in(path: Path) -> tuple[Array, Array, Array]:
    with np.load(path) as file:
        return file["pref"], file["key"], file["quota"]
