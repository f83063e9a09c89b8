"""The 26 invariants of the platform; each finds the rows that break it. (docs/spec/security.md)

They are checked every night and after every fault test. Broken rows are named by id only.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import psycopg
from django.db import ProgrammingError

from yangguang.checks import lacks_tables
from yangguang.postgres.sql import fetch_all
from yangguang.queries.audit.invariants.persons import PERSON_INVARIANTS
from yangguang.queries.audit.invariants.plaintext import find_plain_personal_data
from yangguang.queries.audit.invariants.processes import PROCESS_INVARIANTS
from yangguang.queries.audit.invariants.reports import find_broken_seals, find_wrong_sums
from yangguang.queries.audit.invariants.runs import VerifiedRuns
from yangguang.queries.audit.log_chain import find_log_faults

MAX_ROWS = 20
"""Rows named of each broken invariant; `count` says how many there are."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """One invariant, as in docs/spec/security.md; with neither `sql` nor `find` it is pending.

    Args:
        sql: SELECT of one text column, one row for each row that breaks it; or
        find: a function that does the same, given the published runs.
    """

    number: int
    sentence: str
    sql: str = ""
    find: Callable[[VerifiedRuns], Iterable[str]] | None = None


@dataclass(frozen=True, slots=True)
class BrokenInvariant:
    """An invariant that does not hold: how many rows break it, and the first of them (ids only)."""

    number: int
    sentence: str
    count: int
    rows: tuple[str, ...]


@dataclass(slots=True)
class InvariantReport:
    """The result of a check: the numbers of the invariants that hold and that are pending, and the broken ones."""

    holding: list[int] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)
    broken: list[BrokenInvariant] = field(default_factory=list)

    def to_json(self) -> dict[str, object]:
        """The document of `check-invariants --json`."""
        broken = [
            {"number": one.number, "says": one.sentence, "count": one.count, "rows": one.rows} for one in self.broken
        ]
        return {"held": self.holding, "pending": self.pending, "broken": broken}


_WITH_FUNCTION = (
    Invariant(9, "已公布的录取中没有人被排名更后的人挤占", find=lambda runs: runs.find_violations("P1")),
    Invariant(10, "还有符合条件的人在等，就没有空着的名额", find=lambda runs: runs.find_violations("P2")),
    Invariant(13, "审计链环环相扣、可以复算、没有缺口，与每日日志根相符", find=lambda runs: find_log_faults()),
    Invariant(15, "月报总数等于各部分之和，完成率可以复算", find=lambda runs: find_wrong_sums()),
    Invariant(16, "封存的月报与封存摘要相符", find=lambda runs: find_broken_seals()),
    Invariant(
        18, "已核验和已公布的录取可由冻结输入复算，种子与承诺相符，核验通过", find=VerifiedRuns.find_unreproducible
    ),
    Invariant(25, "加密栏目之外没有明文证件号码和手机号码", find=lambda runs: find_plain_personal_data()),
)
# The tables of national exports and of data exports do not exist yet.
_PENDING = (
    Invariant(17, "上报全国系统的每一行都经本人确认，只在一个有效批次中，摘要与行数相符"),
    Invariant(20, "每次查看完整信息和批量导出都有有效审批和日志"),
)
_SQL = tuple(Invariant(number, sentence, sql) for number, sentence, sql in (*PERSON_INVARIANTS, *PROCESS_INVARIANTS))
INVARIANTS: tuple[Invariant, ...] = tuple(sorted((*_SQL, *_WITH_FUNCTION, *_PENDING), key=lambda one: one.number))


def check_invariants(only: Iterable[int] = ()) -> InvariantReport:
    """Check every invariant, or only those with the given numbers; without its tables an invariant is pending."""
    numbers = set(only)
    report, runs = InvariantReport(), VerifiedRuns()
    for one in INVARIANTS:
        if numbers and one.number not in numbers:
            continue
        rows = _find_rows(one, runs)
        if rows is None:
            report.pending.append(one.number)
        elif rows:
            report.broken.append(BrokenInvariant(one.number, one.sentence, len(rows), tuple(rows[:MAX_ROWS])))
        else:
            report.holding.append(one.number)
    return report


def _find_rows(one: Invariant, runs: VerifiedRuns) -> list[str] | None:
    """The rows that break an invariant; None while it cannot be checked."""
    try:
        if one.find is not None:
            return list(one.find(runs))
        return [name for (name,) in fetch_all(one.sql)] if one.sql else None
    except (ProgrammingError, psycopg.ProgrammingError) as error:
        if not lacks_tables(error):
            raise
        return None
