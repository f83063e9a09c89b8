"""Choices: only the student (or the linked guardian) writes them; every submitted version is kept.
(S23-2.05, T1.06, F-B3, F-B4)

The hot path of opening day: three statements besides the ones every action has. The family is told what changed
in the same statement that keeps the version. (F-N2)
"""

from datetime import datetime
from functools import partial
from typing import Any

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.choices.receipts import receipt_of
from yangguang.actions.choices.registration_caps import require_room
from yangguang.actions.messages.enqueue import enqueue_family_sql
from yangguang.models import Application, ChoiceVersion, Round
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import Role
from yangguang.rules.applicants import application_states as states
from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.base.names import mask_name
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.rules.choices.check_choices import ChosenProgramme, check_choices
from yangguang.rules.choices.choice_changes import say_version
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.seasons.rounds import ONLY_WITHOUT_SEAT, RoundKind, WindowKind

_APPLICATION = """
SELECT a.id, a.person_id, a.public_id, a.number, a.origin, a.state, a.choices_version,
       EXISTS (SELECT 1 FROM live_claim AS c WHERE c.person_root_id = p.root_id AND c.intake_year = s.year),
       p.name,
       (SELECT v.programmes FROM yangguang_choiceversion AS v
        WHERE v.round_id = %s AND v.application_id = a.id ORDER BY v.number DESC LIMIT 1)
FROM yangguang_application AS a
JOIN yangguang_person AS p ON p.id = a.person_id
JOIN yangguang_season AS s ON s.id = a.season_id
WHERE a.id = %s AND a.person_id = ANY(%s) AND a.season_id = %s
"""
_LOCK = "FOR UPDATE OF a"
_PROGRAMMES = """
SELECT l.id, l.code, u.name, l.major, u.id, r.id IS NOT NULL, l.programme_type, l.study_form, l.origins,
       (SELECT min(starts_at) FROM yangguang_sanction AS x
        WHERE x.unit_id = u.id AND x.kind = 'STOP' AND x.decided_at IS NOT NULL
          AND (x.ends_at IS NULL OR x.ends_at > yg_now())),
       (SELECT min(cap) FROM yangguang_sanction AS x
        WHERE x.unit_id = u.id AND x.kind = 'CAP' AND x.decided_at IS NOT NULL AND x.starts_at <= yg_now()
          AND (x.ends_at IS NULL OR x.ends_at > yg_now())), w.rank
FROM unnest(%s::bigint[]) WITH ORDINALITY AS w (programme, rank)
JOIN yangguang_programme AS l ON l.id = w.programme
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_unit AS u ON u.id = p.school_id
LEFT JOIN yangguang_roundprogramme AS r ON r.programme_id = l.id AND r.round_id = %s
ORDER BY w.rank
"""
_KEEP = f"""
WITH kept AS (
    UPDATE yangguang_application
    SET programmes = %(programmes)s, choices_version = %(number)s, state = %(state)s, version = version + 1,
        draft_programmes = '{{}}', drafted_at = NULL
    WHERE id = %(application)s
), made AS (
    INSERT INTO yangguang_choiceversion
        (application_id, round_id, number, programmes, by_account_id, hand, receipt, device, machine)
    VALUES (%(application)s, %(round)s, %(number)s, %(programmes)s, %(account)s, %(hand)s, %(receipt)s, %(device)s,
            %(machine)s)
    RETURNING id, public_id, recorded_at
), queued AS ({enqueue_family_sql("'version:' || (SELECT public_id FROM made)")})
SELECT id, public_id, recorded_at FROM made
"""


@action("choices.submit", Right.CHOICE_WRITE, window=WindowKind.CHOICES, during="round", creates=True)
def submit(
    entry: AuditRecord, *, by: Actor, application: Application, round: Round, programmes: list[int]
) -> ChoiceVersion:
    """Put an ordered list of choices in force as the next version; the one before stays in the history.

    Args:
        programmes: row ids of programmes in order of choice.
    Raises:
        Refused: about the first choice that is not allowed (`where` is "choice-N").
        NotFound: the application is not this family's.
    """
    found = _application(by, application, round, lock=True)
    chosen = _check(found, round, programmes, entry.at, lock=True)
    version = found["choices_version"] + 1
    receipt = receipt_of(found["number"], version, [code for code, _ in chosen], entry.at)
    hand = ChoiceVersion.SubmittedBy.GUARDIAN if by.role is Role.GUARDIAN else ChoiceVersion.SubmittedBy.SELF
    row = fetch_one(
        _KEEP,
        {"programmes": programmes, "number": version, "state": states.TRANSITIONS.next_state("choose", found["state"]),
         "application": found["id"], "round": round.pk, "account": by.account, "hand": hand.value,
         "receipt": receipt, "device": by.device, "machine": by.machine, **_told(found, version, hand, entry)},
    )  # fmt: skip
    assert row is not None
    entry.set_subject(f"application:{found['public_id']}", found["person_id"])
    entry.add_facts(version=version, choices=len(programmes), receipt=receipt)
    return ChoiceVersion(
        pk=row[0], public_id=row[1], recorded_at=row[2], number=version, receipt=receipt, programmes=programmes,
        application=application, round=round,
    )  # fmt: skip


@action("choices.draft", Right.CONSENT_GIVE)
def save_draft(entry: AuditRecord, *, by: Actor, application: Application, programmes: list[int]) -> None:
    """Keep what was put together so far; a draft has no effect until it is submitted.

    Raises:
        NotFound: the application is not this family's.
    """
    kept = fetch_one(
        "UPDATE yangguang_application SET draft_programmes = %s, drafted_at = yg_now() "
        "WHERE id = %s AND person_id = ANY(%s) RETURNING public_id, person_id",
        (programmes[:50], application.pk, list(by.people)),
    )
    if kept is None:
        raise NotFound("没有找到这份报名", now="请从“我的报名”重新进入")
    entry.set_subject(f"application:{kept[0]}", kept[1])


@submit.preflight
def _(at: datetime, *, by: Actor, application: Application, round: Round, programmes: list[int]) -> None:
    _check(_application(by, application, round, lock=False), round, programmes, at, lock=False)


def _application(by: Actor, application: Application, round: Round, *, lock: bool) -> dict[str, Any]:
    query = _APPLICATION + _LOCK if lock else _APPLICATION
    row = fetch_one(query, (round.pk, application.pk, list(by.people), round.season_id))
    if row is None:
        raise NotFound("没有找到这份报名", why="它不属于您，或不在这个招生季", now="请从“我的报名”重新进入")
    names = ("id", "person_id", "public_id", "number", "origin", "state", "choices_version", "has_seat", "name",
             "before")  # fmt: skip
    found = dict(zip(names, row, strict=True))
    if found["has_seat"] and round.kind in ONLY_WITHOUT_SEAT | {RoundKind.RANKED}:
        raise Refused(
            "您今年已经有录取名额，不能再填志愿",
            why="每人每年只能占一个名额",
            now="如要改报，请先在“应答”页放弃现有录取",
            clause="一人一席",
        )
    return found


def _check(
    found: dict[str, Any], round: Round, programmes: list[int], at: datetime, *, lock: bool
) -> list[tuple[str, str]]:
    """The rules over the programmes as the database holds them; returns (code, name) in order of choice."""
    before = found["before"] or []
    every = fetch_all(_PROGRAMMES, ([*programmes, *before], round.pk))
    rows = [row for row in every if row[-1] <= len(programmes)]
    chosen = [_chosen(row) for row in rows]
    if len(chosen) != len(programmes):
        raise Refused(
            "有一个志愿的专业已不存在", now="请刷新页面，从本批次的专业中重新选择", where="choice-1"
        )
    check_choices(chosen, round.max_choices, round.max_majors_per_school, Origin(found["origin"]), at)
    capped = {
        row[4]: (row[10], f"{row[2]}·{row[3]}", row[-1]) for row in reversed(rows) if row[10] is not None
    }
    if capped:
        require_room(found["id"], round.season_id, capped, lock=lock)
    found["names"] = [f"{row[2]}·{row[3]}" for row in every]
    found["kept"] = len(programmes)
    return [(row[1], f"{row[2]}·{row[3]}") for row in rows]


def _chosen(row: tuple[Any, ...]) -> ChosenProgramme:
    programme, _, school, major, unit, offered, programme_type, form, origins, stopped, *_ = row
    return ChosenProgramme(
        programme,
        f"{school}·{major}",
        unit,
        offered,
        ProgrammeType(programme_type),
        StudyForm(form),
        frozenset(origins),
        stopped,
    )


def _told(
    found: dict[str, Any], version: int, hand: ChoiceVersion.SubmittedBy, entry: AuditRecord
) -> dict[str, Any]:
    """What the family hears: names of schools and majors, the child's name masked, no number of anybody."""
    after, before = found["names"][: found["kept"]], found["names"][found["kept"] :]
    say = partial(say_version, before, after, number=version, at=entry.at, by=str(hand.label))
    child = f"您的孩子{mask_name(found['name'])}"
    return {
        "person": found["person_id"], "event": "choices.submit",
        "own": say(whose="您"), "guardian": say(whose=child),
    }  # fmt: skip
