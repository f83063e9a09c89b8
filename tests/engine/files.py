"""One round written as three arrays and as a folder of tables."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from yangguang.rules.plans.quotas import ProgrammeSeats
from yangguang.rules.runs.matching_types import Applicant
from yangguang.rules.runs.rank_columns import Claims, Seats

Arrays = dict[str, npt.NDArray[Any]]


def plain_arrays(seed: int, persons: int = 400, lines: int = 15, choices: int = 6) -> Arrays:
    """Choices with gaps, negative keys, and a line without seats."""
    chance = np.random.default_rng(seed)
    pref = np.argsort(chance.random((persons, lines)) * np.arange(1, lines + 1), axis=1)[:, :choices].astype(
        np.int32
    )
    pref[chance.random(pref.shape) < 0.1] = -1
    key = (chance.permutation(persons)[:, None] - persons // 2 + np.zeros(choices)).astype(np.int64)
    quota = chance.integers(0, persons // lines + 5, lines).astype(np.int32)
    quota[0] = 0
    return {"pref": pref, "key": key, "quota": quota}


def write_csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(head)
        writer.writerows(rows)


def write_plain_folder(folder: Path, arrays: Arrays) -> None:
    """The same round as the arrays; a gap in the choices is a row that is not there."""
    folder.mkdir()
    write_csv(folder / "lines.csv", ("line", "seats"), [(f"L{i}", n) for i, n in enumerate(arrays["quota"])])
    write_csv(folder / "applicants.csv", ("applicant",), [(f"考生{i}",) for i in range(len(arrays["pref"]))])
    pref, key = arrays["pref"], arrays["key"]
    wishes = [
        (f"考生{i}", k + 1, f"L{pref[i, k]}", key[i, k])
        for i, k in np.ndindex(*pref.shape)
        if pref[i, k] >= 0
    ]
    write_csv(folder / "choices.csv", ("applicant", "choice", "line", "key"), reversed(wishes))


def write_folder(folder: Path, applicants: Sequence[Applicant], lines: Sequence[ProgrammeSeats]) -> None:
    """A round of the rules, with buckets of every kind; ranks are those of the reference."""
    folder.mkdir()
    seats = Seats(lines)
    claims = Claims(applicants, seats)
    write_csv(folder / "lines.csv", ("line", "seats", "cap"), [(one.line, "", one.cap) for one in lines])
    write_csv(
        folder / "buckets.csv",
        ("line", "bucket", "seats", "mode", "priority", "flows_to", "tie"),
        [
            (one.line, b.code, b.seats, b.mode, b.priority, b.flows_to or "", b.tie)
            for one in lines
            for b in one.buckets
        ],
    )
    write_csv(folder / "applicants.csv", ("applicant",), [(number,) for number, _ in applicants])
    rows = []
    for start, (number, wishes) in zip(claims.first, applicants, strict=True):
        for slot, (choice, wish) in enumerate(enumerate(wishes, 1), start):
            # A place may be shared where nobody draws; the files ask for keys that differ everywhere.
            key = claims.place[slot] * len(claims.ways) + slot
            codes = "" if wish.barred else "|".join(wish.buckets)
            rows.append((number, choice, wish.line, key, claims.group[slot], codes))
    write_csv(folder / "choices.csv", ("applicant", "choice", "line", "key", "group", "buckets"), rows)
