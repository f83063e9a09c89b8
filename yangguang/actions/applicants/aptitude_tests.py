"""Points of a school's aptitude test, reported by two of its people before the list is computed. (R3.10)"""

from collections.abc import Sequence

from yangguang.actions.base.acting_unit import account_of
from yangguang.actions.base.action import dual_action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Programme
from yangguang.postgres.sql import fetch_all
from yangguang.queries.applicants.aptitude_tests import AptitudeTestRow, closes_at, is_loaded, judged
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused

# A later file corrects an earlier one, person by person; what stood before is kept in the history of the table.
_KEEP = """
INSERT INTO yangguang_aptitudetestresult (application_id, programme_id, points, file_digest, loaded_by_id, recorded_at)
SELECT r.application, %(programme)s, r.points, %(digest)s, %(by)s, %(at)s
FROM unnest(%(applications)s::bigint[], %(points)s::smallint[]) AS r(application, points)
ON CONFLICT (application_id, programme_id) DO UPDATE SET points = excluded.points,
    file_digest = excluded.file_digest, loaded_by_id = excluded.loaded_by_id, recorded_at = excluded.recorded_at
RETURNING xmax <> 0
"""


@dual_action("aptitude_test.load", Right.APTITUDE_TEST_LOAD, on="programme")
def load(
    entry: AuditRecord, *, by: Actor, programme: Programme, rows: Sequence[AptitudeTestRow], digest: str
) -> int:
    """Take the points of a programme's aptitude test over; all rows or none.

    Args:
        rows: 报名号 and points, each person once; 0 takes earlier points back. digest: SM3 of the file in hex.
    Returns:
        how many persons have points from this file.
    Raises:
        BadRows: rows that cannot be taken, each with its number.
        Refused: no approved aptitude test, the same file again, or a run has begun; WindowClosed: choices are over.
    """
    closes_at(programme, entry.at)
    if is_loaded(programme, digest):
        raise Refused("这个文件已经报送过", why="同一份加分只报送一次", now="请核对是否选错了文件")
    values = {
        "programme": programme.pk, "digest": digest, "by": account_of(by), "at": entry.at,
        "applications": judged(programme, rows), "points": [row.points for row in rows],
    }  # fmt: skip
    corrected = sum(was_there for (was_there,) in fetch_all(_KEEP, values))
    entry.add_facts(programme=programme.code, rows=len(rows), corrected=corrected, digest=digest)
    return len(rows)
