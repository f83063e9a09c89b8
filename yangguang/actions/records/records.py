"""The provincial record: created by the system, completed by the school, confirmed by the student.
(S23-4.01, S23-4.04, R8.01, F-E1)
"""

import json
from collections.abc import Mapping

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_sql
from yangguang.models import Confirmation, Season, StudentRecord, Unit
from yangguang.postgres.locks import LockClass, take_lock
from yangguang.postgres.sql import Row, fetch_all, fetch_row
from yangguang.queries.applicants.duplicates import QUARANTINED
from yangguang.queries.records.records import DUE
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.records import record_states
from yangguang.rules.records.record_fields import FIELDS

# The provincial number: year, code of the school, running number in the order of application numbers. It begins with
# a digit and can not be taken for a national 学籍号, which begins with G, J or L.
_MAKE = f"""
WITH due AS ({DUE}), free AS (
    SELECT * FROM due WHERE person_id NOT IN ({QUARANTINED})
), counted AS (
    SELECT free.*,
           coalesce(existing.highest, 0) + row_number() OVER (PARTITION BY school_id ORDER BY free.number) AS nth
    FROM free LEFT JOIN LATERAL (
        SELECT max(right(r.number, 5)::int) AS highest FROM yangguang_studentrecord AS r
        WHERE r.school_id = free.school_id AND r.number LIKE %(year)s::text || '%%'
    ) AS existing ON true
), created AS (
    INSERT INTO yangguang_studentrecord
        (person_id, admission_id, school_id, number, major, programme_type, entered_on, school_class, state, version)
    SELECT person_id, id, school_id,
           %(year)s::text || replace(school_code, '-', '') || lpad(nth::text, 5, '0'),
           major, programme_type, entered_on, '', 'CREATED', 1
    FROM counted ORDER BY number
    RETURNING id
), events AS (
    INSERT INTO yangguang_recordevent (record_id, kind, note, cause)
    SELECT id, '生成', '已录取、已报到、查重无未结事项，系统生成', 'SYSTEM' FROM created
)
SELECT (SELECT count(*) FROM created) AS created, (SELECT count(*) FROM due) AS due
"""


@action("record.make_due", Right.RECORD_MAKE_DUE)
def make_due(entry: AuditRecord, *, by: Actor, season: Season) -> int:
    """Create the records that are due, except those of persons in an open duplicate case.

    Returns:
        how many records were created.
    """
    take_lock(LockClass.RECORDS, 0)
    row = fetch_row(_MAKE, {"season": season.pk, "year": season.year})
    entry.add_facts(made=row.created, held_back=row.due - row.created)
    return int(row.created)


_STATES = """
SELECT r.number, r.state, r.version, r.school_class FROM yangguang_studentrecord AS r
WHERE r.school_id = %s AND r.number = ANY(%s) ORDER BY r.number FOR UPDATE
"""
# What a school did about a record that the student disputed; empty where it completes a new one.
_DONE = """
SELECT id, person_id, version,
       CASE WHEN was = 'DISPUTED' THEN '“' || coalesce(%(fields)s::jsonb ->> field, '学籍') || '”有误'
            || CASE WHEN said = '' THEN ''
                    WHEN length(said) > 60 THEN '（' || left(said, 60) || '…）' ELSE '（' || said || '）' END
       END AS report,
       CASE WHEN class_before = school_class THEN '班级没有变化，仍是“' || school_class || '”'
            ELSE '班级由“' || class_before || '”改为“' || school_class || '”' END AS change
FROM completed
"""
_TO_CONFIRM = """
SELECT person_id, 'record.to_confirm' AS event, 'record:' || id || ':' || version AS subject,
       CASE WHEN report IS NULL
       THEN '【阳光招生】您的学籍信息已由学校补充完整，请登录平台逐项核对并确认；有误或不是本人的，请直接在页面上说明。'
       ELSE '【阳光招生】您报告学籍' || report || '，学校已核对：' || change
            || '。请登录平台再核对一次并确认；仍有误的，请直接在页面上说明。' END AS text
FROM done
"""
_COMPLETE = f"""
WITH before AS (
    SELECT r.id, r.state, r.school_class, c.field, c.note FROM yangguang_studentrecord AS r
    LEFT JOIN LATERAL (
        SELECT field, note FROM yangguang_confirmation WHERE record_id = r.id ORDER BY id DESC LIMIT 1
    ) AS c ON true
    WHERE r.school_id = %(school)s AND r.number = ANY(%(numbers)s)
), completed AS (
    UPDATE yangguang_studentrecord AS r
    SET school_class = c.school_class, state = 'COMPLETED', version = r.version + 1
    FROM unnest(%(numbers)s::text[], %(classes)s::text[]) AS c(number, school_class), before AS b
    WHERE r.school_id = %(school)s AND r.number = c.number AND b.id = r.id
      AND r.state IN {render_states(record_states.TRANSITIONS["complete"].froms)}
    RETURNING r.id, r.person_id, r.version, r.school_class, b.state AS was, b.school_class AS class_before, b.field,
              coalesce(b.note, '') AS said
), done AS ({_DONE}
), events AS (
    INSERT INTO yangguang_recordevent (record_id, kind, note, cause)
    SELECT id, '补充', CASE WHEN report IS NULL THEN '学校补充学籍信息' ELSE '学校核对后重新补充：' || change END,
           'SCHOOL'
    FROM done
), messages AS ({enqueue_sql(_TO_CONFIRM)})
SELECT count(*) AS completed FROM completed
"""


@action("record.complete", Right.RECORD_COMPLETE, on="school")
def complete(
    entry: AuditRecord,
    *,
    by: Actor,
    school: Unit,
    classes: Mapping[str, str],
    seen: Mapping[str, str] | None = None,
) -> int:
    """Fill in the classes of records just created or disputed; the students get a message to confirm them.

    Args:
        classes: {provincial number: class}, e.g. from `queries.records.records.assign_classes`.
        seen: {provincial number: version} of the records that the page showed; see `require_version`.
    Returns:
        how many records were completed.
    Raises:
        BadRows: a number is not of this school or can no longer be completed, or its class is empty or too long;
            or it was changed since the page was opened; nothing is written.
    """
    if not classes:
        raise Refused("没有要补充的学籍", now="请至少选择一名学生")
    classes = {number: name.strip() for number, name in sorted(classes.items())}
    numbers = list(classes)
    stored = {row.number: row for row in fetch_all(_STATES, (school.pk, numbers))}
    checked = (_find_fault(number, stored.get(number), name, seen) for number, name in classes.items())
    if faults := [fault for fault in checked if fault]:
        raise BadRows(f"有 {len(faults)} 行不能补充，没有写入", faults, now="请改正后重新提交")
    rows = {"numbers": numbers, "classes": list(classes.values())}
    params = {"school": school.pk, "fields": json.dumps(FIELDS)} | rows
    completed = int(fetch_row(_COMPLETE, params).completed)
    entry.add_facts(completed=completed)
    return completed


def _find_fault(number: str, row: Row | None, school_class: str, seen: Mapping[str, str] | None) -> Refused | None:
    if row is None:
        return Refused("本校没有这个省级学籍号", now="请核对学籍号", where=number)
    if not school_class or len(school_class) > 40:
        return Refused("班级应为1至40个字", now="请填写班级", where=number)
    try:
        clean_text(school_class, where=number)
    except Refused as refusal:
        return refusal
    label = record_states.TRANSITIONS.states[row.state]
    if row.state not in record_states.TRANSITIONS["complete"].froms:
        why = f"它的班级是“{row.school_class}”" if row.school_class else ""
        return Refused(f"这条学籍是“{label}”，不能再补充", why=why, now="需要更改的请走学籍变动", where=number)
    if seen is not None and seen.get(number) != str(row.version):
        what = f"这条学籍在您打开名单之后改过，现在是“{label}”，班级是“{row.school_class or '没有'}”"
        return Refused(what, why=f"您填写的是“{school_class}”", now="请刷新名单核对后再提交", where=number)
    return None


_CONFIRM = """
WITH record AS (
    UPDATE yangguang_studentrecord SET state = %(state)s, version = version + 1
    WHERE id = %(record)s AND state = 'COMPLETED' RETURNING id
), events AS (
    INSERT INTO yangguang_recordevent (record_id, kind, note, cause)
    SELECT id, '本人确认', %(event)s, 'STUDENT' FROM record
)
INSERT INTO yangguang_confirmation (record_id, opinion, field, note, by_account_id)
SELECT id, %(opinion)s, %(field)s, %(note)s, %(account)s FROM record RETURNING id
"""
Opinion = Confirmation.Opinion


@action("record.confirm", Right.RECORD_CONFIRM, on="record")
def confirm(
    entry: AuditRecord, *, by: Actor, record: StudentRecord, opinion: str, field: str = "", note: str = ""
) -> StudentRecord:
    """Store the student's opinion of the record: 一致, 有误 with the field, or 不是我. (F-B10)

    Args:
        field: a key of `FIELDS`, for 有误.

    Raises:
        IllegalMove: the record is not in the state to be confirmed.
        Refused: 有误 without the field, or an unknown opinion.
    """
    if opinion not in Opinion.values:
        raise Refused("请选择“一致”“有误”或“不是我本人或未就读”", where="opinion")
    agrees = opinion == Opinion.AGREES
    if opinion == Opinion.WRONG and field not in FIELDS:
        raise Refused("请指出哪一栏有误", now="在列表中选择有误的栏目", where="field")
    note = clean_text(note, where="note")
    if len(note) > 200:
        raise Refused("说明最多200个字", now="请写得短一些", where="note")
    state = record_states.TRANSITIONS.next_state("confirm" if agrees else "dispute", record.state)
    field = "" if agrees else field
    texts = {"opinion": opinion, "field": field, "note": note, "event": Opinion(opinion).label}
    fetch_row(_CONFIRM, {"record": record.pk, "state": state, "account": by.account, **texts})
    record.state, record.version = state, record.version + 1
    entry.add_facts(opinion=opinion, field=field)
    return record
