"""Points of a school's aptitude test, loaded by two of its people before the list is computed. (R3.10)"""

from collections.abc import Sequence
from datetime import datetime

from yangguang.actions.base.action import dual_action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import AptitudeTestResult, Programme
from yangguang.postgres.sql import fetch_all
from yangguang.queries.applicants.aptitude_tests import AptitudeTestRow, find_applications, require_loadable
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused

# A later file corrects an earlier one, person by person; the history of the table holds earlier points.
_STORE = """
INSERT INTO yangguang_aptitudetestresult (application_id, programme_id, points, file_digest, loaded_by_id, recorded_at)
SELECT r.application, %(programme)s, r.points, %(digest)s, %(by)s, %(at)s
FROM unnest(%(applications)s::bigint[], %(points)s::smallint[]) AS r(application, points)
ON CONFLICT (application_id, programme_id) DO UPDATE SET points = excluded.points,
    file_digest = excluded.file_digest, loaded_by_id = excluded.loaded_by_id, recorded_at = excluded.recorded_at
RETURNING xmax <> 0 AS corrected
"""


@dual_action("aptitude_test.load", Right.APTITUDE_TEST_LOAD, on="programme", replaces=("programme",))
def load(entry: AuditRecord, *, by: Actor, programme: Programme, rows: Sequence[AptitudeTestRow], digest: str) -> int:
    """Store the points of a programme's aptitude test, all rows or none.

    Args:
        rows: 报名号 and points, each person once; 0 takes earlier points back. digest: SM3 of the file in hex.
    Returns:
        the number of persons with points from this file.
    Raises:
        BadRows: faulty rows, each with its number.
        Refused: no approved aptitude test, the same file again, or a run has begun; WindowClosed: choices are over.
    """
    _require_new(programme, digest, entry.at)
    params = {
        "programme": programme.pk,
        "digest": digest,
        "by": by.require_account(),
        "at": entry.at,
        "applications": find_applications(programme, rows),
        "points": [row.points for row in rows],
    }
    corrected = sum(row.corrected for row in fetch_all(_STORE, params))
    entry.add_facts(programme=programme.code, rows=len(rows), corrected=corrected, digest=digest)
    return len(rows)


@load.preflight
def _(at: datetime, *, by: Actor, programme: Programme, rows: Sequence[AptitudeTestRow], digest: str) -> None:
    _require_new(programme, digest, at)


def _require_new(programme: Programme, digest: str, at: datetime) -> None:
    require_loadable(programme, at)
    if AptitudeTestResult.objects.filter(programme=programme, file_digest=digest).exists():
        raise Refused("这个文件已经报送过", why="同一份加分只报送一次", now="请核对是否选错了文件")
