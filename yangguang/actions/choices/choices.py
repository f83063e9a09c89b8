"""Choices: the student, the linked guardian, or officers on the family's dispute write them; versions are stored.
(S23-2.05, T1.06, F-B3, F-B4)

The hot path of opening day: three statements besides the ones every action has. The message to the family about
what changed is queued in the statement that stores the version. (F-N2)
"""

from datetime import datetime
from functools import partial

from yangguang.actions.base.action import action, require_version
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.choices.registration_caps import require_room
from yangguang.actions.messages.enqueue import enqueue_family_sql
from yangguang.models import Application, ChoiceVersion, Round
from yangguang.postgres.sql import Row, fetch_all, fetch_one
from yangguang.queries.applicants import origin_rules
from yangguang.queries.choices.receipts import receipt_of
from yangguang.queries.seasons.policy_rules import RULES_JSON, read_rules, within_year
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import Role
from yangguang.rules.applicants import application_states as states
from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.base.names import mask_name
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.rules.choices.check_choices import ChosenProgramme, check_choices
from yangguang.rules.choices.choice_changes import describe_version
from yangguang.rules.choices.drafts import draft_version
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.published_properties import ONE_SEAT
from yangguang.rules.runs.rounds import ONLY_WITHOUT_SEAT, RoundKind
from yangguang.rules.seasons.windows import WindowKind

_APPLICATION = f"""
SELECT a.id, a.person_id, a.public_id, a.number, a.origin, a.state, a.choices_version, a.drafted_at,
       a.draft_programmes, p.name,
       EXISTS (SELECT 1 FROM live_claim AS c
               WHERE c.person_root_id = p.root_id AND c.intake_year = s.year) AS has_seat,
       coalesce((SELECT v.programmes FROM yangguang_choiceversion AS v
                 WHERE v.round_id = %s AND v.application_id = a.id ORDER BY v.number DESC LIMIT 1), '{{}}') AS previous,
       {RULES_JSON} AS rules
FROM yangguang_application AS a
JOIN yangguang_person AS p ON p.id = a.person_id
JOIN yangguang_season AS s ON s.id = a.season_id
WHERE a.id = %s AND a.person_id = ANY(%s) AND a.season_id = %s
"""
_LOCK = "FOR UPDATE OF a"
_PROGRAMMES = """
SELECT w.rank, l.id, l.code, u.name || '·' || l.major AS name, u.id AS school, r.id IS NOT NULL AS in_round,
       l.programme_type, l.study_form, l.origins,
       EXISTS (SELECT 1 FROM measure_in_force(yg_now()) AS x WHERE x.unit_id = u.id AND x.kind = 'STOP') AS is_stopped,
       (SELECT min(x.cap) FROM measure_in_force(yg_now()) AS x WHERE x.unit_id = u.id AND x.kind = 'CAP') AS cap
FROM unnest(%s::bigint[]) WITH ORDINALITY AS w (programme, rank)
JOIN yangguang_programme AS l ON l.id = w.programme
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_unit AS u ON u.id = p.school_id
LEFT JOIN yangguang_roundprogramme AS r ON r.programme_id = l.id AND r.round_id = %s
ORDER BY w.rank
"""
_STORE = f"""
WITH updated AS (
    UPDATE yangguang_application
    SET programmes = %(programmes)s, choices_version = %(number)s, state = %(state)s, version = version + 1,
        draft_programmes = '{{}}', drafted_at = NULL
    WHERE id = %(application)s
), created AS (
    INSERT INTO yangguang_choiceversion
        (application_id, round_id, number, programmes, by_account_id, submitted_by, receipt, device, device_kind)
    VALUES (%(application)s, %(round)s, %(number)s, %(programmes)s, %(account)s, %(submitted_by)s, %(receipt)s,
            %(device)s, %(device_kind)s)
    RETURNING id, public_id, recorded_at
), queued AS ({enqueue_family_sql("'version:' || (SELECT public_id FROM created)")})
SELECT id, public_id, recorded_at FROM created
"""
_DRAFT = """
SELECT choices_version, drafted_at, draft_programmes FROM yangguang_application
WHERE id = %s AND person_id = ANY(%s) FOR UPDATE
"""
_STORE_DRAFT = """
UPDATE yangguang_application SET draft_programmes = %s, drafted_at = yg_now()
WHERE id = %s AND person_id = ANY(%s) RETURNING public_id, person_id
"""
_DRAFT_SIZE = 50
"""Choices of a draft that are stored; no round allows as many."""


@action("choices.submit", Right.CHOICE_WRITE, window=WindowKind.CHOICES, during="round", creates=True)
def submit(
    entry: AuditRecord,
    *,
    by: Actor,
    application: Application,
    round: Round,
    programmes: list[int],
    seen: str | None = None,
) -> ChoiceVersion:
    """Put an ordered list of choices in force as the next version; earlier versions stay in the history.

    Args:
        programmes: row ids of programmes in order of choice.
        seen: `draft_version` of the list that the page showed; see `require_version`.
    Raises:
        VersionConflict: another page changed or submitted the list since.
        Refused: about the first choice that is not allowed (`where` is "choice-N").
        NotFound: the application is not this family's.
    """
    current = _fetch_application(by, application, round, entry.at, lock=True)
    chosen, previous = _check_programmes(current, round, programmes, entry.at, lock=True)
    _require_seen(current, seen)
    number = current.choices_version + 1
    kinds = ChoiceVersion.SubmittedBy
    version = ChoiceVersion(
        application=application,
        round=round,
        number=number,
        programmes=programmes,
        by_account_id=by.require_account(),
        submitted_by=kinds.GUARDIAN if by.role is Role.GUARDIAN else kinds.SELF,
        receipt=receipt_of(current.number, number, [one.code for one in chosen], entry.at),
        device=by.device,
        device_kind=by.device_kind,
    )
    _store(version, current, _describe_change(version, current, previous, chosen, entry.at))
    entry.set_subject(f"application:{current.public_id}", current.person_id)
    entry.add_facts(version=number, choices=len(programmes), receipt=version.receipt)
    return version


@submit.preflight
def _(
    at: datetime,
    *,
    by: Actor,
    application: Application,
    round: Round,
    programmes: list[int],
    seen: str | None = None,
) -> None:
    current = _fetch_application(by, application, round, at, lock=False)
    _check_programmes(current, round, programmes, at, lock=False)
    _require_seen(current, seen)


@action("choices.draft", Right.CONSENT_GIVE)
def save_draft(
    entry: AuditRecord, *, by: Actor, application: Application, programmes: list[int], seen: str | None = None
) -> None:
    """Store the list as a draft, which has no effect until it is submitted.

    Args:
        programmes: row ids of programmes in order of choice.
        seen: `draft_version` of the list that the page showed; see `require_version`.
    Raises:
        VersionConflict: another page changed or submitted the list since.
        NotFound: the application is not this family's.
        Refused: the list is longer than any round allows.
    """
    if len(programmes) > _DRAFT_SIZE:
        raise Refused(f"草稿里有{len(programmes)}个志愿，最多{_DRAFT_SIZE}个", now="请删去一些后再保存")
    current = fetch_one(_DRAFT, (application.pk, list(by.people)))
    if current is not None:
        _require_seen(current, seen)
    stored = fetch_one(_STORE_DRAFT, (programmes, application.pk, list(by.people)))
    if stored is None:
        raise NotFound("没有找到这份报名", now="请从“我的页面”重新进入")
    entry.set_subject(f"application:{stored.public_id}", stored.person_id)


def _fetch_application(by: Actor, application: Application, round: Round, at: datetime, *, lock: bool) -> Row:
    """The family's application with its newest version in the round; raises what `submit` raises about it."""
    query = _APPLICATION + _LOCK if lock else _APPLICATION
    terms_of = within_year(application.season.year, round.opened_at or at)
    keys = [key.name for key in origin_rules.KEYS]
    row = fetch_one(query, (round.pk, terms_of, keys, application.pk, list(by.people), round.season_id))
    if row is None:
        raise NotFound("没有找到这份报名", why="它不属于您，或不在这个招生季", now="请从“我的页面”重新进入")
    if row.has_seat and round.kind in ONLY_WITHOUT_SEAT | {RoundKind.RANKED}:
        raise Refused(
            "您今年已经有录取名额，不能再填志愿",
            why="每人每年只能占一个名额",
            now="如要改报，请先在“应答”页放弃现有录取",
            clause=ONE_SEAT,
        )
    return row


def _require_seen(current: Row, seen: str | None) -> None:
    require_version(draft_version(current.choices_version, current.drafted_at, current.draft_programmes), seen)


def _check_programmes(
    current: Row, round: Round, programmes: list[int], at: datetime, *, lock: bool
) -> tuple[list[Row], list[Row]]:
    """Check the choices against the programmes as the database holds them.

    Returns:
        rows of `_PROGRAMMES` in order of choice: of the new list, and of the version it replaces.
    """
    rows = fetch_all(_PROGRAMMES, ([*programmes, *current.previous], round.pk))
    chosen = [row for row in rows if row.rank <= len(programmes)]
    if len(chosen) != len(programmes):
        raise Refused("有一个志愿的专业已不存在", now="请刷新页面，从本批次的专业中重新选择", where="choice-1")
    listed = [_chosen_programme(row) for row in chosen]
    rule = origin_rules.build_origin_rule(Origin(current.origin), read_rules(current.rules))
    check_choices(listed, round.max_choices, round.max_majors_per_school, rule, at)
    capped = {row.school: (row.cap, row.name, row.rank) for row in reversed(chosen) if row.cap is not None}
    if capped:
        require_room(current.id, round.season_id, capped, lock=lock)
    return chosen, rows[len(chosen) :]


def _describe_change(
    version: ChoiceVersion, current: Row, previous: list[Row], chosen: list[Row], at: datetime
) -> dict[str, str]:
    """The messages about the new version: to the student, and to the guardian."""
    before, after = ([row.name for row in rows] for rows in (previous, chosen))
    by = str(ChoiceVersion.SubmittedBy(version.submitted_by).label)
    describe = partial(describe_version, before, after, number=version.number, at=at, by=by)
    return {"own": describe(whose="您"), "guardian": describe(whose=f"您的孩子{mask_name(current.name)}")}


def _store(version: ChoiceVersion, current: Row, messages: dict[str, str]) -> None:
    """Put the version in force and queue its messages, in one statement; fills in what the database made."""
    params = messages | {
        "application": current.id,
        "round": version.round_id,
        "number": version.number,
        "programmes": version.programmes,
        "state": states.TRANSITIONS.next_state("choose", current.state),
        "account": version.by_account_id,
        "submitted_by": version.submitted_by,
        "device": version.device,
        "device_kind": version.device_kind,
        "receipt": version.receipt,
        "person": current.person_id,
        "event": "choices.submit",
    }
    (stored,) = fetch_all(_STORE, params)
    version.id, version.public_id, version.recorded_at = stored.id, stored.public_id, stored.recorded_at


def _chosen_programme(row: Row) -> ChosenProgramme:
    return ChosenProgramme(
        programme=row.id,
        name=row.name,
        school=row.school,
        in_round=row.in_round,
        programme_type=ProgrammeType(row.programme_type),
        study_form=StudyForm(row.study_form),
        origins=frozenset(row.origins),
        is_stopped=row.is_stopped,
    )
