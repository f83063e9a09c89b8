"""The duplicate check: outside lists in, cases out, a person at the right level decides. (S23-0.02, R5.04, R5.07)"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from yangguang.actions.admissions import seats
from yangguang.actions.applicants import duplicate_resolution
from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import IdentityCase, Person, Season
from yangguang.models.base.fields import blind
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.applicants.duplicates import Namesake, namesakes
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import admission_states
from yangguang.rules.applicants import case_states
from yangguang.rules.applicants.duplicates import (
    SCORES,
    Level,
    Reason,
    Row,
    candidates,
    check_may_link,
    level_for,
)
from yangguang.rules.base import id_number, names
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.organisation.external_registers import TAKES_A_SEAT, Register

OPENS_AT = SCORES[Reason.NAME_BIRTH_PHONE]
"""Weaker likeness is a coincidence too often to hold a person's record back. Our decision."""


@dataclass(frozen=True, slots=True)
class OutsideRow:
    """One line of an outside list."""

    id_number: str
    name: str
    school: str


_LOAD = """
INSERT INTO yangguang_outsideenrolment (id_hash, intake_year, register, school, name, file_digest)
SELECT r.id_hash, %(year)s, %(register)s, r.school, r.name, %(digest)s
FROM unnest(%(hashes)s::bytea[], %(schools)s::text[], %(names)s::text[]) AS r(id_hash, school, name)
ON CONFLICT (id_hash, intake_year, register) DO NOTHING
RETURNING id
"""
_LOADED = """
SELECT 1 FROM yangguang_outsideenrolment WHERE intake_year = %s AND register = %s AND file_digest = %s LIMIT 1
"""


@action("outside.load", Right.DUPLICATE_CHECK)
def load_outside(
    entry: AuditRecord,
    *,
    by: Actor,
    season: Season,
    register: Register,
    rows: Sequence[OutsideRow],
    digest: str,
) -> int:
    """Take in an outside list for the season's intake year; only blind indexes of the numbers are kept.

    Args:
        digest: SM3 of the file, 64 hex characters.
    Returns:
        how many lines are new (persons).
    Raises:
        BadRows: faulty numbers or names, each with its row; nothing is written.
        Refused: the list is empty, or this file was taken in before.
    """
    if not rows:
        raise Refused("名单是空的", now="请核对文件")
    if fetch_one(_LOADED, (season.year, register.value, digest)) is not None:
        raise Refused("这份名单已经导入过", why="文件内容完全相同", now="请核对是否选错了文件")
    hashes, people = _read(rows)
    asked = {
        "year": season.year, "register": register.value, "digest": digest, "hashes": hashes,
        "schools": [row.school[:60] for row in rows], "names": people,
    }  # fmt: skip
    new = [row[0] for row in fetch_all(_LOAD, asked)]
    # A place elsewhere is the seat of the year, unless there is one with us already: then the check opens a case.
    claims = seats.claim_for_enrolments(new) if register in TAKES_A_SEAT else []
    entry.add_facts(register=register.value, rows=len(rows), new=len(new), claims=len(claims), file=digest)
    return len(new)


def _read(rows: Sequence[OutsideRow]) -> tuple[list[bytes], list[str]]:
    hashes, people, faults = [], [], []
    for line, row in enumerate(rows, 1):
        try:
            number, name = id_number.read(row.id_number).number, names.clean_name(row.name)
        except Refused as fault:
            fault.where = f"第 {line} 行"
            faults.append(fault)
            continue
        hashes.append(blind(number))
        people.append(name)
    if faults:
        raise BadRows(f"名单有 {len(faults)} 行错误，没有写入", faults, now="请改正后重新导入")
    return hashes, people


# Whoever holds a seat with us and stands in a list of the same year. The city of the school decides; a school
# right under the province, the province. City = the second step of the path.
_IN_LISTS = """
INSERT INTO yangguang_identitycase
    (season_year, person_id, outside_id, unit_id, score, reasons, state, verdict, version)
SELECT s.year, p.id, o.id, coalesce(city.id, top.id), %(score)s,
       ARRAY['列入' || coalesce(%(labels)s::jsonb ->> o.register, o.register)], 'OPEN', '', 1
FROM yangguang_application AS a
JOIN yangguang_season AS s ON s.id = a.season_id AND s.year = %(year)s
JOIN yangguang_admission AS d ON d.application_id = a.id AND d.state = ANY(%(live)s)
JOIN yangguang_person AS p ON p.id = a.person_id
JOIN yangguang_outsideenrolment AS o ON o.id_hash = p.id_hash AND o.intake_year = s.year
JOIN yangguang_unit AS u ON u.id = d.school_id
JOIN yangguang_unit AS top ON top.id = split_part(u.path, '/', 1)::bigint
LEFT JOIN yangguang_unit AS city
    ON city.id = nullif(split_part(u.path, '/', 2), '')::bigint AND city.level <> 'SCHOOL'
ORDER BY a.number, o.register
ON CONFLICT (person_id, outside_id) WHERE other_id IS NULL DO NOTHING
RETURNING id
"""
_PAIRS = """
INSERT INTO yangguang_identitycase
    (season_year, person_id, other_id, unit_id, score, reasons, state, verdict, version)
SELECT %(year)s, r.person, r.other, r.unit, r.score, string_to_array(r.reasons, '|'), 'OPEN', '', 1
FROM unnest(%(person)s::bigint[], %(other)s::bigint[], %(unit)s::bigint[], %(score)s::int[], %(reasons)s::text[])
    AS r(person, other, unit, score, reasons)
WHERE NOT EXISTS (
    SELECT 1 FROM yangguang_identitycase AS c
    WHERE c.outside_id IS NULL AND c.person_id = r.other AND c.other_id = r.person
)
ON CONFLICT (person_id, other_id) WHERE outside_id IS NULL DO NOTHING
RETURNING id
"""


@action("duplicate.check", Right.DUPLICATE_CHECK)
def check(entry: AuditRecord, *, by: Actor, season: Season) -> int:
    """Open a case for everyone who may be in twice; a pair or list entry that has a case keeps it, settled or not.

    Returns:
        how many cases were opened.
    """
    asked = {
        "year": season.year,
        "live": list(admission_states.LIVE),
        "score": SCORES[Reason.SAME_NUMBER],
        "labels": json.dumps(dict(Register.choices())),
    }
    in_lists = len(fetch_all(_IN_LISTS, asked))
    pairs = [pair for group in namesakes(season.year) for pair in _likely(group)]
    columns: dict[str, object] = {
        name: [pair[at] for pair in pairs]
        for at, name in enumerate(("person", "other", "unit", "score", "reasons"))
    }
    between = len(fetch_all(_PAIRS, columns | {"year": season.year})) if pairs else 0
    entry.add_facts(in_lists=in_lists, between_persons=between)
    return in_lists + between


def _likely(group: list[Namesake]) -> list[tuple[int, int, int, int, str]]:
    """The cases among bearers of one name, those already known to be one person left out."""
    out = []
    for pair in candidates([one.row for one in group], at_least=OPENS_AT):
        a, b = group[pair.first.key], group[pair.second.key]
        if a.root != b.root and (a.school or b.school):
            reasons = "|".join(reason.label for reason in pair.reasons)
            out.append((a.person, b.person, _unit_for(a, b), pair.score, reasons))
    return out


def _unit_for(a: Namesake, b: Namesake) -> int:
    """Who decides. One school's own case lies at that school's bureau: a bureau sees the units below it."""
    level = level_for(a.row, b.row)
    if level is Level.SCHOOL and a.school:
        return a.school
    steps = a.path.strip("/").split("/")
    return int(steps[1] if level is Level.CITY and len(steps) > 1 else steps[0])


@action("duplicate.settle", Right.DUPLICATE_DECIDE, on="case")
def settle(entry: AuditRecord, *, by: Actor, case: IdentityCase, verdict: str) -> IdentityCase:
    """Decide a case and end its quarantine.

    SAME links the second person to the first, nothing is deleted; LEAVES gives the seat here back and keeps the
    one elsewhere; DIFFERENT and STAYS only say so.

    Raises:
        Refused: the verdict does not fit the case, both persons were matched by the police, or both hold a seat.
    """
    fits = ("STAYS", "LEAVES") if case.outside_id else ("SAME", "DIFFERENT")
    if verdict not in fits:
        words = "、".join(f"“{IdentityCase.Verdict(one).label}”" for one in fits)
        raise Refused(f"这一事项只能裁定为{words}", now="请重新选择", where="verdict")
    if verdict == IdentityCase.Verdict.SAME:
        _link(case)
    elif verdict == IdentityCase.Verdict.LEAVES:
        assert case.outside is not None
        entry.add_facts(
            released=duplicate_resolution.leave_for(case.person_id, case.season_year, case.outside, entry.at)
        )
    update_versioned(case, state=case_states.TRANSITIONS.next_state("settle", case.state), verdict=verdict)
    entry.add_facts(verdict=verdict)
    return case


def _link(case: IdentityCase) -> None:
    """Make one person of two for everything that is counted."""
    first, second = case.person, case.other
    assert second is not None
    check_may_link(_as_row(first), _as_row(second))
    root, other = first.root_id, second.root_id
    if duplicate_resolution.both_hold_a_seat(root, other):
        raise Refused(
            "这两条登记各占着一个名额，不能直接归并",
            why="一人一年只能占一个名额，由学生本人决定保留哪一个",
            now="请通知学生登录放弃其中一个，再来裁定",
            clause="平台规则：一人一席",
        )
    duplicate_resolution.link(root, other)


def _as_row(person: Person) -> Row:
    return Row(
        key=person.pk, id_hash=bytes(person.id_hash), number="", name=person.name, birth="", phone="",
        is_police_matched=person.trust == Person.Trust.POLICE,
    )  # fmt: skip
