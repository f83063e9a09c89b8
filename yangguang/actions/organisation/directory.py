"""Loading units, rule rows, violations, seasons, rounds and windows; publishing the yearly list of schools that may
recruit. (S23-2.09, S23-5.07, R1.01, R1.04)
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from yangguang.actions.base.action import action, dual_action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.organisation import directory_sql as sql
from yangguang.actions.organisation.pinyin import spell
from yangguang.models import PolicyRule, Round, Unit
from yangguang.postgres.sql import execute
from yangguang.queries.organisation.school_lists import count_listed, find_list_day
from yangguang.queries.runs.round_terms import read_terms
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.free_text import check_length
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.policy_rows import find_clashes, find_faults, to_canonical

Rows = Sequence[Mapping[str, str]]
LONGEST_CODE = 16
"""A programme's code is the school's code and seven more characters, 24 in all."""


@action("directory.load", Right.DIRECTORY_SEED)
def load(
    entry: AuditRecord,
    *,
    by: Actor,
    units: Rows = (),
    schools: Rows = (),
    rules: Rows = (),
    violations: Rows = (),
    seasons: Rows = (),
    rounds: Rows = (),
    windows: Rows = (),
) -> dict[str, int]:
    """Load rows as the files of `yangguang.reference` hold them; returns the number of rows written by kind.

    Units follow their file: a new name or parent replaces the stored one, and paths are computed again. Rule rows,
    violations, rounds and windows are only added, so that later decisions of officers remain.

    Raises:
        BadRows: a unit without a known parent, a code too long, an unknown sector; nothing is written.
    """
    places = [_read_place(row, row["level"]) for row in units]
    places += [_read_place(row, Unit.Level.SCHOOL.value) for row in schools]
    _check(places)
    _check_rounds(rounds, windows)
    written = {
        "units": _write(sql.UNITS, places) + _write(sql.PARENTS, places),
        "paths": execute(sql.PATHS),
        "rules": _write(sql.RULES, _check_rules(rules)),
        "violations": _write(sql.VIOLATIONS, violations),
        "seasons": _write(sql.SEASONS, seasons),
        "rounds": _write(sql.ROUNDS, [{**row, **read_terms(RoundKind(row["kind"]), entry.at)} for row in rounds]),
        "windows": _write(sql.WINDOWS, windows),
    }
    entry.add_facts(**written)
    return written


@dual_action("qualification.publish", Right.SCHOOL_DIRECTORY_CHANGE)
def publish_list(entry: AuditRecord, *, by: Actor, year: int, basis: str, schools: Sequence[Unit]) -> int:
    """Publish which schools of the actor's sector may recruit in `year`; schools already in the list remain.

    The list is that of the day which the rule in force names; a list of another day is replaced.

    Args:
        basis: the document the list comes from.

    Returns:
        the number of schools added.
    Raises:
        Refused: a unit is no school or of the other sector, no document is named, or every school is in the list.
    """
    as_of = find_list_day(year, entry.at)
    _check_list(by, year, basis, schools, as_of)
    basis = check_length(basis.strip(), 200, where="basis")
    added = execute(sql.QUALIFY, (year, basis, as_of, entry.at, [school.pk for school in schools]))
    entry.add_facts(year=year, as_of=as_of.isoformat(), schools=len(schools), added=added)
    return added


@publish_list.preflight
def _(at: datetime, *, by: Actor, year: int, basis: str, schools: Sequence[Unit]) -> None:
    _check_list(by, year, basis, schools, find_list_day(year, at))


def _check_list(by: Actor, year: int, basis: str, schools: Sequence[Unit], as_of: date) -> None:
    if not basis.strip():
        raise Refused("没有写明依据文件", now="请填写公布名录的文件名称和文号", where="basis")
    sectors = (by.sector,) if by.sector else tuple(Sector)
    foreign = [one.name for one in schools if one.level != Unit.Level.SCHOOL or one.sector not in sectors]
    if foreign:
        raise Refused(f"名录中有不属于本主管线的单位：{'、'.join(foreign[:5])}", now="请只选择本主管线的学校")
    if schools and count_listed(schools, year, as_of) == len(schools):
        raise Refused(f"这些学校都已经在{year}年名录中", now="名录只增加没有列入的学校；请核对年度和名单", where="year")


def _read_place(row: Mapping[str, str], level: str) -> dict[str, Any]:
    """A unit or school as the statements take it; what its file has no column for is empty."""
    pinyin, initials = spell(row["name"])
    columns = ("code", "name", "kind", "sector", "owner", "governed_by", "region_code", "reports_to")
    place: dict[str, Any] = {name: row.get(name, "").strip() for name in columns}
    place |= {flag: row.get(flag) == "1" for flag in ("is_demo", "is_new")}
    place["opened_on"] = row.get("opened_on") or None
    return place | {"level": level, "pinyin": pinyin, "initials": initials, "source": row["source"]}


def _check(places: Sequence[Mapping[str, Any]]) -> None:
    """Raise BadRows unless every place has a known superior, a code, a sector and a level."""
    superiors = Unit.objects.filter(code__in={place["reports_to"] for place in places})
    known = {"", *(place["code"] for place in places), *superiors.values_list("code", flat=True)}
    faults: list[Refused] = []
    for at, place in enumerate(places, 1):
        code, superior, where = place["code"], place["reports_to"], f"第 {at} 行·{place['name']}"
        if superior not in known:
            faults.append(Refused(f"上级单位“{superior}”不存在", where=where, now="请核对上级代码"))
        if not 0 < len(code) <= LONGEST_CODE:
            faults.append(Refused(f"单位代码“{code}”为空或超过{LONGEST_CODE}位", where=where, now="请核对代码"))
        if place["sector"] not in ("", *Sector) or place["level"] not in Unit.Level.values:
            faults.append(Refused("主管线或层级不认识", where=where, now="请核对取值"))
    if faults:
        raise BadRows(f"单位表有 {len(faults)} 处错误，没有写入任何数据", faults, now="请改正后重新载入")


def _check_rounds(rounds: Rows, windows: Rows) -> None:
    """Raise Refused unless every window belongs to a known round; SQL would drop it without a message."""
    known = {(row["year"], row["term"], row["number"]) for row in rounds}
    stored = Round.objects.values_list("season__year", "season__term", "number")
    known |= {(str(year), term, str(number)) for year, term, number in stored}
    for row in windows:
        if row["round"] and (row["year"], row["term"], row["round"]) not in known:
            what = f"{row['year']}年{row['term']}没有第{row['round']}批次，不能设定它的开放时间"
            raise Refused(what, now="请先载入批次")


def _check_rules(rows: Rows) -> list[dict[str, str]]:
    """The rows with their scopes in one spelling.

    Raises:
        BadRows: a row that no code could read, or one that would hold beside a stored row for the same case.
    """
    faults = [
        Refused(sentence, where=f"规则行 {row['key']}·{column}")
        for row in rows
        for column, sentence in find_faults(row)
    ]
    new = [] if faults else [to_canonical(row) for row in rows]
    names = ("key", "applies_to", "valid_from", "valid_to")
    stored = [
        dict(zip(names, (str(value or "") for value in values), strict=True))
        for values in PolicyRule.objects.values_list(*names)
    ]
    is_stored = {(row["key"], row["applies_to"], row["valid_from"]) for row in stored}
    added = [row for row in new if (row["key"], row["applies_to"], row["valid_from"]) not in is_stored]
    everything = [*stored, *added]
    faults += [
        Refused(
            f"与“{everything[one]['applies_to'] or '全部'}”的规则行在同一天适用于同一情形",
            where=f"规则行 {everything[other]['key']} {everything[other]['applies_to']}",
        )
        for one, other in find_clashes(everything)
    ]
    if faults:
        raise BadRows(f"规则行有 {len(faults)} 处错误，没有写入任何数据", faults, now="请改正后重新载入")
    return new


def _write(statement: str, rows: Sequence[Mapping[str, Any]]) -> int:
    return execute(statement, (json.dumps(list(rows), ensure_ascii=False),)) if rows else 0
