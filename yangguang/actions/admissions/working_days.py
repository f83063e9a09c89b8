"""The working calendar: holidays and working weekends are decreed each year, so they are loaded from a file, and the
clocks that count working days follow it. (R6.05, F-N5)
"""

import json
from collections.abc import Sequence
from datetime import datetime

from yangguang.actions.base.action import action, require_version
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_sql
from yangguang.models import CalendarDay
from yangguang.postgres.locks import LockClass, take_lock
from yangguang.postgres.sql import execute
from yangguang.queries.admissions.withdrawal_clocks import ClockMove, list_moves, name_calendar, read_calendar_days
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import format_instant
from yangguang.rules.seasons.working_calendar import WorkingCalendar
from yangguang.sheets.calendar import CalendarRow, find_year

_LOAD = """
INSERT INTO yangguang_calendarday (day, rests, note, source, is_demo)
SELECT day, rests, note, source, is_demo
FROM jsonb_to_recordset(%s::jsonb) AS r(day date, rests boolean, note text, source text, is_demo boolean)
ON CONFLICT (day) DO UPDATE
SET rests = excluded.rests, note = excluded.note, source = excluded.source, is_demo = excluded.is_demo
"""
_MESSAGES = """
SELECT person_id, 'withdrawal.due' AS event, 'withdrawal:' || public_id || ':' || version AS subject, text FROM moved
"""
_MOVE = f"""
WITH moved AS (
    UPDATE yangguang_withdrawal AS r SET due_at = c.due_at, version = r.version + 1
    FROM unnest(%(withdrawals)s::bigint[], %(dues)s::timestamptz[], %(texts)s::text[]) AS c(id, due_at, text),
         yangguang_admission AS a
    WHERE r.id = c.id AND a.id = r.admission_id
    RETURNING a.person_id, r.public_id, r.version, c.text
)
{enqueue_sql(_MESSAGES)}
"""


@action("calendar.load", Right.CALENDAR_LOAD)
def load(entry: AuditRecord, *, by: Actor, rows: Sequence[CalendarRow], digest: str, seen: str | None = None) -> int:
    """Replace the calendar of a year; the ends of running withdrawal requests follow, and their students get a message.

    Args:
        rows: of one year (`sheets.calendar.read_calendar`).
        digest: SM3 of the file.
        seen: the stored calendar of the year that the page displayed (`name_calendar`).
    Returns:
        the number of days.
    Raises:
        VersionConflict: the calendar of the year was loaded since.
        Refused: no day at all.
    """
    year = _require_unchanged(rows, seen)
    take_lock(LockClass.CALENDAR, year)
    _require_unchanged(rows, seen)
    moves = preview(rows, entry.at)
    CalendarDay.objects.filter(day__year=year).delete()
    execute(_LOAD, (json.dumps([_to_json(row) for row in rows]),))
    _move(moves)
    entry.add_facts(days=len(rows), year=year, file=digest, clocks=len(moves))
    return len(rows)


@load.preflight
def _(at: datetime, *, by: Actor, rows: Sequence[CalendarRow], digest: str, seen: str | None = None) -> None:
    _require_unchanged(rows, seen)
    preview(rows, at)


def _require_unchanged(rows: Sequence[CalendarRow], seen: str | None) -> int:
    """The year of the rows; raises unless its stored calendar is the one that the page displayed."""
    if not rows:
        raise Refused("没有一天", now="请填好表格再载入")
    year = find_year(row.day for row in rows)
    require_version(name_calendar(year), seen)
    return year


def preview(rows: Sequence[CalendarRow], at: datetime) -> list[ClockMove]:
    """The clocks that loading these rows, at least one, at `at` would move; nothing is written."""
    year = find_year(row.day for row in rows)
    others = {day: rests for day, rests in read_calendar_days().rests.items() if day.year != year}
    return list_moves(WorkingCalendar(others | {row.day: row.rests for row in rows}), at)


def _to_json(row: CalendarRow) -> dict[str, object]:
    return {
        "day": row.day.isoformat(),
        "rests": row.rests,
        "note": row.note,
        "source": row.source,
        "is_demo": row.is_demo,
    }


def _move(moves: list[ClockMove]) -> None:
    if moves:
        texts = [_format_message(move) for move in moves]
        ids, dues = [move.withdrawal.pk for move in moves], [move.due.at for move in moves]
        execute(_MOVE, {"withdrawals": ids, "dues": dues, "texts": texts})


def _format_message(move: ClockMove) -> str:
    if move.due.at is None:
        return f"【阳光招生】您的退录申请：{move.due.unknown}。公布之后再通知您；在此之前名额仍是您的，可以撤回申请。"
    due = format_instant(move.due.at, closing=True)
    return f"【阳光招生】按国家公布的放假调休安排，您的退录申请{due}生效。在此之前可以撤回申请。"
