"""Registrations that may be one person, the reasons, and the level that decides. (S23-0.02, R5.04)

Registrations are linked, never deleted; two persons both matched by the police are two persons. The scores are rule
rows: they order the officer's list and decide which pairs become a case. Time and memory grow linearly with the rows.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yangguang.rules.base.folding import fold_label
from yangguang.rules.base.labels import Labelled
from yangguang.rules.base.refusals import Refused


@dataclass(frozen=True, slots=True)
class Row:
    """One registration. What is not known is empty; school and city are any keys."""

    key: int
    id_hash: bytes = b""
    number: str = ""
    name: str = ""
    birth: str = ""
    phone: str = ""
    school: str = ""
    city: str = ""
    is_police_matched: bool = False


class Reason(Labelled):
    """Why two rows may be one person."""

    SAME_NUMBER = "same_number", "证件号码相同"
    NUMBER_NEAR = "number_near", "姓名相同，证件号码只差一位或相邻两位颠倒"
    NAME_BIRTH_PHONE = "name_birth_phone", "姓名、出生日期、手机号码都相同"
    NAME_PHONE = "name_phone", "姓名、手机号码相同，出生日期不同"
    NAME_BIRTH_SCHOOL = "name_birth_school", "姓名、出生日期、学校相同"


class Level(Labelled):
    """Who decides a case."""

    SCHOOL = "school", "学校"
    CITY = "city", "市"
    PROVINCE = "province", "省"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that may be one person; `reasons` strongest first, `score` is the highest of them."""

    first: Row
    second: Row
    reasons: tuple[Reason, ...]
    score: int


def candidates(rows: Sequence[Row], scores: Mapping[Reason, int], at_least: int = 0) -> list[Pair]:
    """Pairs that may be one person, the most likely first, then by key; equal rows give a chain, not every pair.

    Args:
        rows: with distinct keys.
        scores: how likely each reason makes it, from the rule rows.
        at_least: lowest score to return.
    """
    reasons_of: dict[tuple[Row, Row], set[Reason]] = defaultdict(set)
    for reason, a, b in _edges(rows):
        reasons_of[(a, b) if a.key < b.key else (b, a)].add(reason)
    strongest_first = sorted(Reason, key=lambda reason: -scores[reason])
    pairs = []
    for both, reasons in reasons_of.items():
        ordered = tuple(reason for reason in strongest_first if reason in reasons)
        pairs.append(Pair(*both, ordered, scores[ordered[0]]))
    likely = (pair for pair in pairs if pair.score >= at_least)
    return sorted(likely, key=lambda pair: (-pair.score, pair.first.key, pair.second.key))


def _edges(rows: Sequence[Row]) -> Iterator[tuple[Reason, Row, Row]]:
    for group in _groups(rows, lambda row: row.id_hash or None):
        yield from ((Reason.SAME_NUMBER, a, b) for a, b in pairwise(group))
    for namesakes in _groups(rows, lambda row: fold_label(row.name) or None):
        for a, b in _near_numbers(namesakes):
            yield Reason.NUMBER_NEAR, a, b
        for group in _groups(namesakes, lambda row: row.phone or None):
            for a, b in pairwise(sorted(group, key=lambda row: row.birth)):
                yield (Reason.NAME_BIRTH_PHONE if a.birth == b.birth else Reason.NAME_PHONE), a, b
        for group in _groups(namesakes, lambda row: (row.birth, row.school) if row.school else None):
            yield from ((Reason.NAME_BIRTH_SCHOOL, a, b) for a, b in pairwise(group))


def _groups(rows: Iterable[Row], key: Callable[[Row], Hashable | None]) -> Iterator[list[Row]]:
    """Groups of two or more rows with one key; rows with the key None are left out."""
    groups: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        if (k := key(row)) is not None:
            groups[k].append(row)
    return (group for group in groups.values() if len(group) > 1)


def _near_numbers(namesakes: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Pairs whose numbers differ in one of the first 17 digits or by two neighbours swapped.

    The 18th is left out: every stored number passes its check, so it always differs when the others do.
    """
    without_digit: dict[tuple[int, str], Row] = {}
    seen: dict[str, Row] = {}
    for row in namesakes:
        n = row.number[:17]
        if len(n) < 17:
            continue
        for i in range(17):
            key = (i, n[:i] + n[i + 1 :])
            other = without_digit.setdefault(key, row)
            if other.number[:17] != n:
                yield other, row
            if i < 16 and n[i] != n[i + 1] and (swapped := seen.get(n[:i] + n[i + 1] + n[i] + n[i + 2 :])):
                yield swapped, row
        seen.setdefault(n, row)


def level_for(*rows: Row) -> Level:
    """Who decides: the school when all rows are of one school, else the city, across cities the province."""
    if rows and rows[0].school and len({row.school for row in rows}) == 1:
        return Level.SCHOOL
    return Level.CITY if rows and rows[0].city and len({row.city for row in rows}) == 1 else Level.PROVINCE


def check_may_link(first: Row, second: Row) -> None:
    """Raise Refused unless an officer may decide that both rows are one person.

    Raises:
        Refused: the police matched both numbers, so they are two persons; or both rows are one registration.
    """
    if first.key == second.key:
        raise Refused("同一条登记不能与自己关联", now="请选择另一条登记")
    if first.is_police_matched and second.is_police_matched:
        raise Refused(
            "这两条登记不能认定为同一人",
            why="两个证件号码都已通过公安核验，是两个人",
            now="请按“不是同一人”结案；号码有误的，走更正程序",
        )
