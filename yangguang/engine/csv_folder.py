"""Reads an instance as a folder of four tables; unlike the three arrays it can carry buckets and tied groups."""

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from yangguang.engine.csv_tables import Row, rows
from yangguang.engine.instance import (
    GENERAL,
    LEAST_KEY,
    MOST_KEY,
    Instance,
    check_unique,
    keys_in_range,
    plain_line,
    refuse_repeated,
)
from yangguang.engine.problem import Ints, Problem, Shorts
from yangguang.rules.base.labels import Labelled
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie, check_quotas
from yangguang.rules.runs.matching_types import Choice
from yangguang.rules.runs.rank_columns import Seats

MOST_SEATS = (1 << 31) - 1
L = TypeVar("L", bound=Labelled)


def read_folder(folder: Path) -> Instance:
    """The instance in a folder.

    Args:
        folder: with `lines.csv` (line, seats, cap), `applicants.csv` (applicant), `choices.csv` (applicant, choice,
            line, key, group, buckets) and, if a line has several buckets, `buckets.csv` (line, bucket, seats, mode,
            priority, flows_to, tie). docs/mechanisms/engine.md describes every column.
    Raises:
        Refused: with the first fault found.
    """
    names, lines = _lines(folder)
    seats = Seats(lines)
    people = _applicants(folder)
    wishes = _Wishes(people, {name: i for i, name in enumerate(names)}, lines, seats)
    for row in rows(folder / "choices.csv", ("applicant", "choice", "line", "key"), ("group", "buckets")):
        wishes.add(row)
    return wishes.contest(names)


def _lines(folder: Path) -> tuple[list[str], list[ProgrammeSeats]]:
    """Names and lines, in the order of the file."""
    parts: dict[str, list[Quota]] = {}
    if (folder / "buckets.csv").exists():
        columns = ("line", "bucket", "seats", "mode", "priority")
        for row in rows(folder / "buckets.csv", columns, ("flows_to", "tie")):
            parts.setdefault(row.text("line"), []).append(_bucket(row))
    names: list[str] = []
    lines: list[ProgrammeSeats] = []
    known: set[str] = set()
    for row in rows(folder / "lines.csv", ("line", "seats"), ("cap",)):
        name, cap = row.text("line"), row.number("cap", 0, MOST_SEATS) if row["cap"] else None
        if name in known:
            raise Refused(f"{row.where} 的计划行 {name} 出现了两次", now="请删去一行")
        known.add(name)
        line = ProgrammeSeats(len(lines), tuple(parts.get(name, ())), cap, name)
        if not line.buckets:
            line = ProgrammeSeats(
                len(lines), plain_line(0, row.number("seats", 0, MOST_SEATS)).buckets, cap, name
            )
        elif row["seats"] and row.number("seats", 0, MOST_SEATS) != line.seats:
            raise Refused(
                f"{row.where} 的 seats 是 {row['seats']}，各类别合计 {line.seats}", now="请改正，或留空"
            )
        check_quotas(line)
        if line.seats > MOST_SEATS:
            raise Refused(f"计划行 {name} 各类别名额合计超过 {MOST_SEATS}", now="请改正名额")
        names.append(name)
        lines.append(line)
    if strange := [name for name in parts if name not in known]:
        raise Refused(f"buckets.csv 中的计划行 {strange[0]} 不在 lines.csv 中", now="请补上或删去")
    return names, lines


def _bucket(row: Row) -> Quota:
    return Quota(
        row.text("bucket"),
        row.number("seats", 0, MOST_SEATS),
        _label(Mode, row, "mode"),
        row.number("priority", LEAST_KEY, MOST_KEY),
        row["flows_to"] or None,
        _label(Tie, row, "tie") if row["tie"] else Tie.LOTTERY,
    )


def _label(labels: type[L], row: Row, column: str) -> L:
    for label in labels:
        if row.text(column) == label.value:
            return label
    values = "、".join(label.value for label in labels)
    raise Refused(f"{row.where} 的 {column} 是“{row[column][:40]}”，应为 {values} 之一", now="请改正")


def _applicants(folder: Path) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows(folder / "applicants.csv", ("applicant",)):
        name = row.text("applicant")
        if name in found:
            raise Refused(f"{row.where} 的考生 {name} 出现了两次", now="请删去一行")
        found[name] = len(found)
    return found


class _Wishes:
    """The rows of choices.csv as columns."""

    def __init__(
        self, people: dict[str, int], line_of: dict[str, int], lines: Sequence[ProgrammeSeats], seats: Seats
    ) -> None:
        self.people, self.line_of, self.lines, self.seats = people, line_of, lines, seats
        self.ways: dict[tuple[int, ...], int] = {}
        self.known: dict[tuple[int, str], int] = {}
        self.columns = {name: array("q") for name in ("person", "choice", "line", "key", "group", "way")}

    def add(self, row: Row) -> None:
        person, line = self.people.get(row.text("applicant")), self.line_of.get(row.text("line"))
        if person is None:
            raise Refused(f"{row.where} 的考生 {row['applicant']} 不在 applicants.csv 中", now="请补上或删去")
        if line is None:
            raise Refused(f"{row.where} 的计划行 {row['line']} 不在 lines.csv 中", now="请补上或删去")
        way = self.known.get((line, row["buckets"]))
        if way is None:
            way = self.known[line, row["buckets"]] = self._way(row, line)
        key = row.number("key", LEAST_KEY, MOST_KEY)
        group = row.number("group", LEAST_KEY, MOST_KEY) if row["group"] else key
        if not row["group"] and way >= 0 and any(self.seats.all_wait[b] for b in self.seats.of_line[line]):
            raise Refused(f"{row.where} 没有 group，而这个计划行有末位同分者全部候补的类别", now="请填上")
        fields = (person, row.number("choice", 1, MOST_SEATS) - 1, line, key, group, way)
        for column, field in zip(self.columns.values(), fields, strict=True):
            column.append(field)

    def _way(self, row: Row, line: int) -> int:
        """The buckets a wish is tried in: those it lists, or the general one where the line has nothing else."""
        codes = tuple(filter(None, row["buckets"].split("|")))
        if not codes and [bucket.code for bucket in self.lines[line].buckets] == [GENERAL]:
            codes = (GENERAL,)
        way = self.seats.way(row["applicant"], Choice(line, (), "", codes))
        return self.ways.setdefault(way, len(self.ways)) if way else -1

    def contest(self, names: Sequence[str]) -> Instance:
        """The columns in order of applicants and choices."""
        columns = {name: np.frombuffer(column, np.int64) for name, column in self.columns.items()}
        order = np.lexsort((columns["choice"], columns["person"]))
        person, choice, line, key, group, way = (column[order] for column in columns.values())
        self._check(person, choice, line, names)
        taking_part = np.where(way >= 0, line, -1).astype(np.int32)
        written, key = key, keys_in_range(key, taking_part)
        group = keys_in_range(group, taking_part)
        people = list(self.people)
        check_unique(taking_part, key, written, person, people, names)
        _check_groups(taking_part, key, group, names)
        counts = np.bincount(person, minlength=len(people))
        lengths = [len(buckets) for buckets in self.ways]
        seats = self.seats
        problem = Problem(
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), way.astype(np.int32), key,
            group if any(seats.all_wait) else None, np.cumsum([0, *lengths]).astype(np.int32),
            np.array([bucket for buckets in self.ways for bucket in buckets], np.int32),
            np.array(seats.own, np.int32), np.array(seats.taker, np.int32), np.array(seats.all_wait, np.bool_),
        )  # fmt: skip
        return Instance(problem, taking_part, choice.astype(np.int32), people, names, self.lines)

    def _check(self, person: Ints, choice: Ints, line: Ints, names: Sequence[str]) -> None:
        people = list(self.people)
        same = np.flatnonzero((np.diff(person) == 0) & (np.diff(choice) == 0))
        if len(same):
            one = int(same[0])
            raise Refused(f"考生 {people[person[one]]} 有两个第 {choice[one] + 1} 志愿", now="请改正 choice")
        order = np.lexsort((line, person))
        same = np.flatnonzero((np.diff(person[order]) == 0) & (np.diff(line[order]) == 0))
        if len(same):
            one = int(order[same[0]])
            raise refuse_repeated(people[person[one]], names[line[one]])


def _check_groups(line: Shorts, key: Ints, group: Ints, names: Sequence[str]) -> None:
    """Let groups pass that lie in the order of the keys."""
    order = np.lexsort((key, line))
    mine: npt.NDArray[np.int32] = line[order]
    wrong = np.flatnonzero((np.diff(mine) == 0) & (mine[1:] >= 0) & (np.diff(group[order]) < 0))
    if len(wrong):
        raise Refused(
            f"计划行 {names[mine[wrong[0]]]} 的 group 与 key 先后不一致",
            why="同分者 group 相同，分数低的 group 更大，key 也更大",
            now="请改正",
        )
