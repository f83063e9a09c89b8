"""Withdrawal requests: of one student, at one school, and counted by school and reason. (R6.05, F-N5)"""

from collections import Counter

from yangguang.models import Application, Season, Withdrawal
from yangguang.models.base.scoping import ScopedQuerySet
from yangguang.postgres.sql import Row, fetch_all
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions.withdrawal_states import RUNNING
from yangguang.rules.admissions.withdrawals import AT_THE_SCHOOL
from yangguang.rules.base.state_machine import render_states

_MAX_ENDED = 200


def list_withdrawals(application: Application) -> list[Withdrawal]:
    """Every request of one application, oldest first; one query."""
    rows = Withdrawal.objects.filter(admission__application=application)
    return list(rows.select_related("admission__school").order_by("requested_at", "pk"))


def find_latest_withdrawal(admission: int) -> Withdrawal | None:
    """The latest request about an admission (row id), in any state."""
    rows = Withdrawal.objects.filter(admission=admission).order_by("-requested_at", "-pk")
    row: Withdrawal | None = rows.first()
    return row


def select_for_school(by: Actor) -> ScopedQuerySet:
    """Requests at the actor's school with what a page shows of them; pages mask the names."""
    rows: ScopedQuerySet = Withdrawal.objects.for_actor(by, Right.WITHDRAWAL_COMMENT)
    related = ("application", "person", "programme", "round")
    return rows.select_related(*(f"admission__{name}" for name in related))


def list_running(by: Actor) -> list[Withdrawal]:
    """Running requests at the actor's school, the earliest due first."""
    return list(select_for_school(by).filter(state__in=RUNNING).order_by("due_at", "pk"))


def list_ended(by: Actor, season: Season) -> list[Withdrawal]:
    """The latest ended requests of the season at the actor's school, the newest first."""
    rows = select_for_school(by).exclude(state__in=RUNNING).filter(admission__round__season=season)
    return list(rows.order_by("-ended_at", "-pk")[:_MAX_ENDED])


_COUNTS = f"""
SELECT u.name AS school, count(*) AS requests, count(*) FILTER (WHERE r.state = 'RELEASED') AS withdrawn,
       count(*) FILTER (WHERE r.state IN {render_states(RUNNING)}) AS running,
       count(*) FILTER (WHERE r.state = 'RELEASED' AND r.commented_at IS NULL) AS silent,
       count(*) FILTER (WHERE r.reason = ANY(%(at_the_school)s)) AS at_the_school,
       array_agg(r.reason ORDER BY r.reason) AS reasons
FROM yangguang_withdrawal AS r
JOIN yangguang_admission AS a ON a.id = r.admission_id
JOIN yangguang_round AS o ON o.id = a.round_id AND o.season_id = %(season)s
JOIN yangguang_unit AS u ON u.id = a.school_id
WHERE u.path LIKE %(path)s AND (%(sector)s::text = '' OR u.sector = %(sector)s::text)
GROUP BY u.id, u.name, u.code ORDER BY at_the_school DESC, requests DESC, u.code COLLATE "C"
"""


def count_by_school(by: Actor, season: Season) -> list[tuple[Row, Counter[str]]]:
    """Requests by result at each school within the actor's reach (`_COUNTS`), and by reason; one query.

    `silent` took effect without a comment of the school; schools with most reasons `at_the_school` come first.
    """
    params = {"season": season.pk, "path": f"{by.path or '-'}%", "sector": by.sector}
    rows = fetch_all(_COUNTS, params | {"at_the_school": sorted(AT_THE_SCHOOL)})
    return [(row, Counter(row.reasons)) for row in rows]
