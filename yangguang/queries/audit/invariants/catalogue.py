"""The 26 invariants of the platform: each a question that must have no answer. (docs/spec/security.md)

Nightly, and after every fault test. A broken one names the rows by id only; one whose tables do not exist yet is
pending, never held.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

from yangguang.postgres.sql import fetch_all
from yangguang.queries.audit.audit_verification import faults
from yangguang.queries.audit.invariants.persons import PEOPLE
from yangguang.queries.audit.invariants.plaintext import plain_personal_data
from yangguang.queries.audit.invariants.processes import ACTS
from yangguang.queries.audit.invariants.reports import counted_wrong, seals_broken
from yangguang.queries.audit.invariants.runs import PublishedRuns

SHOWN = 20
"""Rows named of each broken invariant; `count` says how many there are."""

Find = Callable[[PublishedRuns], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Invariant:
    """One promise.

    Args:
        number, says: as in docs/spec/security.md, in Chinese.
        sql: SELECT of one text column, one row per offence; or
        find: a function doing the same over the published runs.
        needs: tables without which it cannot be asked.
    """

    number: int
    says: str
    sql: str = ""
    find: Find | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that does not hold: how many rows break it, and the first of them (ids only)."""

    number: int
    says: str
    count: int
    rows: tuple[str, ...]


@dataclass(slots=True)
class Verdict:
    """What one check of all invariants found."""

    held: list[int] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)


INVARIANTS: tuple[Invariant, ...] = tuple(
    sorted(
        (
            *(Invariant(number, says, sql=sql) for number, says, sql in (*PEOPLE, *ACTS)),
            Invariant(9, "已公布的录取中没有人被排名更后的人挤占", find=lambda runs: runs.broken("P1")),
            Invariant(10, "还有符合条件的人在等，就没有空着的名额", find=lambda runs: runs.broken("P2")),
            Invariant(13, "审计链环环相扣、可以复算、没有缺口，与每日日志根相符", find=lambda runs: faults()),
            Invariant(15, "月报总数等于各部分之和，完成率可以复算", find=lambda runs: counted_wrong()),
            Invariant(16, "封存的月报与封存摘要相符", find=lambda runs: seals_broken()),
            Invariant(
                17, "上报全国系统的每一行都经本人确认，只在一个有效批次中，摘要与行数相符",
                needs=("yangguang_nationalexport",),
            ),
            Invariant(
                18, "公布的录取可由冻结输入复算，种子与承诺相符，核验通过", find=lambda runs: runs.unproven()
            ),
            Invariant(
                20, "每次查看完整信息和批量导出都有有效审批和日志", needs=("yangguang_dataexport",)
            ),
            Invariant(25, "加密栏目之外没有明文证件号码和手机号码", find=lambda runs: plain_personal_data()),
        ),
        key=lambda one: one.number,
    )
)  # fmt: skip
_TABLES = "SELECT c.relname::text FROM pg_class AS c WHERE c.relkind IN ('r', 'p') AND c.relname = ANY(%s)"


def check(only: Iterable[int] = ()) -> Verdict:
    """Ask every invariant, or only those numbered.

    Returns:
        held, pending and broken; together they are all that were asked.
    """
    asked = set(only)
    verdict, runs = Verdict(), PublishedRuns()
    for one in INVARIANTS:
        if asked and one.number not in asked:
            continue
        if missing(one):
            verdict.pending.append(one.number)
        elif rows := list(offences(one, runs)):
            verdict.broken.append(Broken(one.number, one.says, len(rows), tuple(islice(rows, SHOWN))))
        else:
            verdict.held.append(one.number)
    return verdict


def offences(one: Invariant, runs: PublishedRuns) -> Iterable[str]:
    """The rows that break an invariant."""
    if one.find is not None:
        return one.find(runs)
    return (row[0] for row in fetch_all(one.sql))


def missing(one: Invariant) -> set[str]:
    """Tables the invariant asks for that do not exist."""
    return set(one.needs) - {row[0] for row in fetch_all(_TABLES, (list(one.needs),))} if one.needs else set()
