"""Carry out a decided measure at its start: reduce the plan; let students who named a stopped school choose again.

Warnings and caps are computed where they count, and claims of students stay valid. (S24-4.05, R10.02, R10.03)
"""

from datetime import datetime, timedelta
from itertools import groupby

from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_for_families
from yangguang.actions.plans.reductions import reduce_to_sanctions
from yangguang.actions.seasons.window_exceptions import extend_window
from yangguang.models import Plan, Round, Sanction
from yangguang.postgres.sql import fetch_all
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.base.names import mask_name
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.windows import SHANGHAI, WindowKind, format_instant
from yangguang.rules.supervision.sanctions import Measure

HOURS = "sanction.rechoice_hours"
# Students whose current choices in a round without a published result name the school; whether its window is closed.
_NAMING = """
SELECT last.round_id, a.person_id, p.name, w.closes_at IS NOT NULL AND w.closes_at <= %(at)s AS is_closed
FROM (
    SELECT DISTINCT ON (v.application_id, v.round_id) v.application_id, v.round_id, v.programmes
    FROM yangguang_choiceversion AS v ORDER BY v.application_id, v.round_id, v.number DESC
) AS last
JOIN yangguang_application AS a ON a.id = last.application_id AND a.state = 'CHOSEN'
JOIN yangguang_person AS p ON p.id = a.person_id
JOIN yangguang_round AS r ON r.id = last.round_id
LEFT JOIN effective_window(r.season_id, r.id, %(kind)s) AS w ON true
WHERE last.programmes && (SELECT array_agg(l.id) FROM yangguang_programme AS l
                     JOIN yangguang_plan AS n ON n.id = l.plan_id WHERE n.school_id = %(school)s)
  AND NOT EXISTS (SELECT 1 FROM yangguang_admissionrun AS x WHERE x.round_id = r.id AND x.state = 'PUBLISHED')
ORDER BY last.round_id, a.person_id
"""


def carry_out(entry: AuditRecord, sanction: Sanction, at: datetime) -> None:
    """Carry out a decided measure that has started; the caller stores `carried_out_at`."""
    if sanction.kind == Measure.SHRINK:
        year = at.astimezone(SHANGHAI).year
        plans = Plan.objects.filter(school=sanction.unit_id, season__year__gte=year)
        entry.add_facts(struck=reduce_to_sanctions(list(plans.values_list("pk", flat=True)), at))
    elif sanction.kind == Measure.STOP:
        entry.add_facts(notified=_let_choose_again(sanction, at))


def _let_choose_again(sanction: Sanction, at: datetime) -> int:
    """Send a message to all students who named the school, with extra time if the window is closed.

    Returns:
        how many messages were sent.
    """
    params = {"at": at, "kind": WindowKind.CHOICES.value, "school": sanction.unit_id}
    students = fetch_all(_NAMING, params)
    for (pk, is_closed), group in groupby(students, key=lambda row: (row.round_id, row.is_closed)):
        round, names = Round.objects.get(pk=pk), {row.person_id: row.name for row in group}
        until = None
        if is_closed:
            until = at + timedelta(hours=rule_at(at, policy_keys.RECHOICE_HOURS).value)
            assert sanction.decided_by_id is not None
            officers = {"proposed_by": sanction.proposed_by_id, "approved_by": sanction.decided_by_id}
            extend_window(round, list(names), until, reason="填报的学校被停止招生，可以重新填报", **officers)
        _send_messages(sanction, round, names, until)
    return len(students)


def _send_messages(sanction: Sanction, round: Round, names: dict[int, str], until: datetime | None) -> None:
    when = "志愿填报截止前" if until is None else f"{format_instant(until)}前"
    texts = [
        f"【阳光招生】{mask_name(name)}同学在“{round.name}”填报的{sanction.unit.name}已被停止招生，不再录取新生。"
        f"请于{when}登录，把这所学校换成别的志愿；其他志愿不受影响。"
        for name in names.values()
    ]
    subject = f"sanction:{sanction.public_id}:{round.number}"
    enqueue_for_families(list(names), "sanction.stop", subject, texts)
