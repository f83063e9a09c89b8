"""The working calendar: holidays and working weekends are decreed each year, so they are loaded from a file.
(R6.05, F-N5)
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.postgres.sql import execute
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import BadRows, Refused

_LOAD = """
INSERT INTO yangguang_calendarday (day, rests, note, source, is_demo)
SELECT day, rests = '1', says, source, sure = '演示'
FROM jsonb_to_recordset(%s::jsonb) AS r(day date, rests text, says text, source text, sure text)
ON CONFLICT (day) DO UPDATE
SET rests = excluded.rests, note = excluded.note, source = excluded.source, is_demo = excluded.is_demo
"""


@action("calendar.load", Right.DIRECTORY_SEED)
def load(entry: AuditRecord, *, by: Actor, rows: Sequence[Mapping[str, str]], digest: str) -> int:
    """Load the days that differ from their weekday; a day that is stored already is corrected.

    Args:
        rows: day (2024-10-01), rests ("1" off work, "0" worked), says, source, sure ("演示" marks demonstration data).
        digest: SM3 of the file.
    Returns:
        the number of days in the file.
    Raises:
        BadRows: faulty cells, each with its row; nothing is written.
    """
    faults = [fault for at, row in enumerate(rows, 2) for fault in _faults(at, row)]
    if faults:
        raise BadRows(f"放假调休表有 {len(faults)} 处错误，没有写入", faults, now="请改正后重新载入")
    days = execute(_LOAD, (json.dumps([dict(row) for row in rows]),))
    entry.add_facts(days=days, file=digest)
    return days


def _faults(at: int, row: Mapping[str, str]) -> list[Refused]:
    where, faults = f"第 {at} 行", []
    try:
        day = date.fromisoformat(row.get("day", ""))
    except ValueError:
        return [Refused("日期应写成 2024-10-01 的样子", where=f"{where}·day")]
    if row.get("rests") not in ("0", "1"):
        faults.append(Refused("休息写 1，上班写 0", where=f"{where}·rests"))
    elif row["rests"] == "0" and day.weekday() < 5:
        faults.append(Refused("平日本来就上班，调休上班的应是周末", where=f"{where}·day"))
    if not row.get("says", "").strip() or not row.get("source", "").strip():
        faults.append(Refused("说明和来源都要写", where=where))
    return faults
