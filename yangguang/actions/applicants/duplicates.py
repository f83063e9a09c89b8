"""The duplicate check: load outside lists, open cases, decide them at the right level. (S23-0.02, R5.04, R5.07)"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yangguang.actions.admissions import seats
from yangguang.actions.applicants import duplicate_resolution
from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import IdentityCase, OutsideEnrolment, Person, Season
from yangguang.models.base.fields import blind
from yangguang.postgres.sql import Row, fetch_all
from yangguang.queries.applicants.duplicates import namesakes, to_registration
from yangguang.queries.seasons.policy_rules import rules_at
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import admission_states
from yangguang.rules.applicants import case_states
from yangguang.rules.applicants.duplicates import Level, Reason, candidates, level_for
from yangguang.rules.base import id_number, names
from yangguang.rules.base.free_text import check_length
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.organisation.external_registers import TAKES_A_SEAT, Register
from yangguang.rules.seasons import policy_keys


@dataclass(frozen=True, slots=True)
class OutsideRow:
    """One row of an outside list.

    Args:
        line: its number in the file, for the sentence about it; 0 for its position in the list.
    """

    id_number: str
    name: str
    school: str
    line: int = 0


_LOAD = """
INSERT INTO yangguang_outsideenrolment (id_hash, intake_year, register, school, name, file_digest)
SELECT r.id_hash, %(year)s, %(register)s, r.school, r.name, %(digest)s
FROM unnest(%(hashes)s::bytea[], %(schools)s::text[], %(names)s::text[]) AS r(id_hash, school, name)
ON CONFLICT (id_hash, intake_year, register) DO NOTHING
RETURNING id
"""


@action("outside.load", Right.DUPLICATE_CHECK)
def load_outside(
    entry: AuditRecord, *, by: Actor, season: Season, register: Register, rows: Sequence[OutsideRow], digest: str
) -> int:
    """Load an outside list for the season's intake year; of the numbers only blind indexes are stored.

    Args:
        digest: SM3 of the file, 64 hex characters.
    Returns:
        the number of persons that are new.
    Raises:
        BadRows: faulty numbers or names, each with its row; nothing is written.
        Refused: the list is empty, or this file was loaded before.
    """
    _require_new(season.year, register, rows, digest)
    hashes, cleaned = _clean_rows(rows)
    params = {
        "year": season.year,
        "register": register.value,
        "digest": digest,
        "hashes": hashes,
        "schools": [row.school.strip() for row in rows],
        "names": cleaned,
    }
    new = [row.id for row in fetch_all(_LOAD, params)]
    # A place elsewhere claims the seat of the year, unless the person has one here: then the check opens a case.
    claims = seats.claim_for_enrolments(new) if register in TAKES_A_SEAT else []
    entry.add_facts(register=register.value, rows=len(rows), new=len(new), claims=len(claims), file=digest)
    return len(new)


def summarise(year: int, register: Register, rows: Sequence[OutsideRow], digest: str) -> dict[str, int]:
    """What loading the list would do now: rows, new persons, persons who are registered here, and persons whom an
    earlier list names with another school or name, which stays.

    Raises:
        BadRows, Refused: as `load_outside`.
    """
    _require_new(year, register, rows, digest)
    hashes, cleaned = _clean_rows(rows)
    facts = {one: (row.school.strip(), name) for one, row, name in zip(hashes, rows, cleaned, strict=True)}
    listed = OutsideEnrolment.objects.filter(intake_year=year, register=register.value, id_hash__in=hashes)
    before = {bytes(one.id_hash): (one.school, one.name) for one in listed}
    return {
        "rows": len(rows),
        "new": len(facts) - len(before),
        "differing": sum(facts[one] != fact for one, fact in before.items()),
        "registered": Person.objects.filter(id_hash__in=hashes).count(),
    }


def _require_new(year: int, register: Register, rows: Sequence[OutsideRow], digest: str) -> None:
    if not rows:
        raise Refused("名单是空的", now="请核对文件")
    same = OutsideEnrolment.objects.filter(intake_year=year, register=register.value, file_digest=digest)
    if same.exists():
        raise Refused("这份名单已经导入过", why="文件内容完全相同", now="请核对是否选错了文件", where="file")


def _clean_rows(rows: Sequence[OutsideRow]) -> tuple[list[bytes], list[str]]:
    """Blind index and name of each row; raises BadRows."""
    hashes, cleaned, faults = [], [], []
    for number, row in enumerate(rows, 1):
        try:
            hashes.append(blind(id_number.read(row.id_number).number))
            cleaned.append(names.clean_name(row.name))
            check_length(row.school.strip(), 60)
        except Refused as fault:
            fault.where = f"第 {row.line or number} 行"
            faults.append(fault)
    if faults:
        raise BadRows(f"名单有 {len(faults)} 行错误，没有写入", faults, now="请改正后重新导入")
    return hashes, cleaned


# Persons who hold a seat here and are in a list of the same year. The city of the school decides; for a school
# directly under the province, the province. The city is the second step of the path.
_OPEN_FOR_LISTS = """
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
_OPEN_FOR_PAIRS = """
INSERT INTO yangguang_identitycase
    (season_year, person_id, other_id, unit_id, score, reasons, state, verdict, version)
SELECT %(year)s, r.person, r.other, r.unit, r.score, r.reasons, 'OPEN', '', 1
FROM jsonb_to_recordset(%(cases)s::jsonb) AS r(person bigint, other bigint, unit bigint, score int, reasons text[])
WHERE NOT EXISTS (
    SELECT 1 FROM yangguang_identitycase AS c
    WHERE c.outside_id IS NULL AND c.person_id = r.other AND c.other_id = r.person
)
ON CONFLICT (person_id, other_id) WHERE outside_id IS NULL DO NOTHING
RETURNING id
"""


@action("duplicate.check", Right.DUPLICATE_CHECK)
def check(entry: AuditRecord, *, by: Actor, season: Season) -> int:
    """Open a case for every person who may be registered twice, unless the pair or list entry has a case already.

    Returns:
        the number of cases opened.
    """
    rules = rules_at(entry.at, policy_keys.DUPLICATE_SCORES, policy_keys.DUPLICATE_FROM)
    scores = rules.get(policy_keys.DUPLICATE_SCORES).value
    params = {
        "year": season.year,
        "live": list(admission_states.LIVE),
        "score": scores[Reason.SAME_NUMBER],
        "labels": json.dumps(dict(Register.choices())),
    }
    in_lists = len(fetch_all(_OPEN_FOR_LISTS, params))
    opens_from = rules.get(policy_keys.DUPLICATE_FROM).value
    cases = [case for group in namesakes(season.year) for case in _find_cases(group, scores, opens_from)]
    between = len(fetch_all(_OPEN_FOR_PAIRS, {"year": season.year, "cases": json.dumps(cases)}))
    entry.add_facts(in_lists=in_lists, between_persons=between)
    return in_lists + between


def _find_cases(group: list[Row], scores: Mapping[Reason, int], opens_from: int) -> list[dict[str, Any]]:
    """The cases to open among bearers of one name, without pairs that are one person already.

    Returns:
        row ids of both persons and of the unit that decides, with score and reasons.
    """
    cases = []
    rows = [to_registration(at, row) for at, row in enumerate(group)]
    for pair in candidates(rows, scores, at_least=opens_from):
        a, b = group[pair.first.key], group[pair.second.key]
        if a.root_id != b.root_id and (a.school or b.school):
            unit = _unit_for(a, level_for(pair.first, pair.second))
            reasons = [reason.label for reason in pair.reasons]
            cases.append({"person": a.id, "other": b.id, "unit": unit, "score": pair.score, "reasons": reasons})
    return cases


def _unit_for(first: Row, level: Level) -> int:
    """Row id of the unit that decides; a case within one school gets the school itself, whose bureau sees it."""
    if level is Level.SCHOOL and first.school:
        return int(first.school)
    steps = first.path.strip("/").split("/")
    return int(steps[1] if level is Level.CITY and len(steps) > 1 else steps[0])


@action("duplicate.settle", Right.DUPLICATE_DECIDE, on="case")
def decide(entry: AuditRecord, *, by: Actor, case: IdentityCase, verdict: str) -> IdentityCase:
    """Decide a case and end its quarantine.

    SAME links the second person to the first and deletes nothing; LEAVES releases the seat here in favour of the
    outside enrolment; DIFFERENT and STAYS are only recorded.

    Args:
        verdict: a value of `IdentityCase.Verdict`.
    Raises:
        Refused: the verdict does not fit the case, both persons were matched by the police, or both hold a seat.
    """
    if verdict not in case.possible_verdicts:
        words = "、".join(f"“{one.label}”" for one in case.possible_verdicts)
        raise Refused(f"这一事项只能裁定为{words}", now="请重新选择", where="verdict")
    if verdict == IdentityCase.Verdict.SAME:
        duplicate_resolution.link_persons(case)
    elif verdict == IdentityCase.Verdict.LEAVES:
        entry.add_facts(released=duplicate_resolution.leave_for_outside(case, entry.at))
    update_versioned(case, state=case_states.TRANSITIONS.next_state("settle", case.state), verdict=verdict)
    entry.add_facts(verdict=verdict)
    return case
