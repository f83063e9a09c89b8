"""The monthly forms: computed from persons, reviewed, sealed, sent. (S23-5.05, S24-5.03, F-G2, F-N10)"""

from datetime import UTC, datetime

from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import MonthlyReport, Unit
from yangguang.postgres.locks import LockClass, take_lock
from yangguang.queries.reporting.reports import SECTOR_OF_FORM, compute_form, count_until
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.dual_approval import require_second_person
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.reporting import report_states
from yangguang.rules.seasons import policy_keys
from yangguang.sheets import rows_digest


@action("report.compute", Right.MONTHLY_REPORT_FILL, on="unit")
def compute(entry: AuditRecord, *, by: Actor, unit: Unit, form: str, year: int, month: int) -> MonthlyReport:
    """Compute one form of one unit for one month, or compute it again until it is reviewed.

    The numbers are as of the end of the month, or of now in the current month. Changes in months already sealed
    become the correction.

    Raises:
        Refused: no form is due in that month, or the month is in the future.
        IllegalMove: the form is reviewed or sealed.
    """
    _require_due(entry.at, form, month)
    counted_to = count_until(entry.at, year, month)
    # The months of one form and unit are not computed and sealed at the same time.
    take_lock(LockClass.REPORT, f"{form}/{unit.pk}/{year}")
    key = {"form": form, "unit": unit, "sector": SECTOR_OF_FORM[form], "year": year, "month": month}
    report: MonthlyReport | None = MonthlyReport.objects.select_for_update().filter(**key).first()
    if report is not None and report.state != report_states.COMPUTED:
        report_states.TRANSITIONS.next_state("review", report.state)
    computed = compute_form(unit, form, year, month, counted_to)
    if report is None:
        report = MonthlyReport.objects.create(**key, **computed)
    else:
        update_versioned(report, **computed)
    row = report.rows[0]
    entry.set_subject(report)
    entry.add_facts(form=form, month=f"{year}-{month:02d}", total=row["total"], completion=row["completion"])
    return report


def _require_due(at: datetime, form: str, month: int) -> None:
    """Raise Refused unless the form is due in this month of a year."""
    if form not in MonthlyReport.Form.values:
        raise Refused("没有这种表式", now="请选择市级或省级月报", where="form")
    rule = rule_at(at, policy_keys.REPORT_MONTHS)
    if month not in rule.value:
        raise Refused(f"{month}月不填报月报", why=rule.sentence, clause=rule.citation, where="month")


@action("report.review", Right.MONTHLY_REPORT_FILL, on="report")
def review(entry: AuditRecord, *, by: Actor, report: MonthlyReport) -> MonthlyReport:
    """Mark the form as reviewed; it is not computed again.

    Raises:
        IllegalMove: it is reviewed or sealed already.
    """
    state = report_states.TRANSITIONS.next_state("review", report.state)
    update_versioned(report, state=state, reviewed_by_id=by.account)
    entry.add_facts(total=report.rows[0]["total"])
    return report


@action("report.seal", Right.MONTHLY_REPORT_SEAL, on="report")
def seal(entry: AuditRecord, *, by: Actor, report: MonthlyReport) -> MonthlyReport:
    """Seal the form with its digest; a trigger refuses every later change.

    Raises:
        IllegalMove: it is not reviewed.
        Refused: the actor reviewed it, or an earlier month of this unit is not sealed.
    """
    state = report_states.TRANSITIONS.next_state("seal", report.state)
    require_second_person(
        by,
        first=report.reviewed_by_id,
        what="复核人和封存人不能是同一个人",
        why="封存后不能再改，须由两人分别把关",
        now="请由另一位同事用自己的优盾封存",
    )
    take_lock(LockClass.REPORT, f"{report.form}/{report.unit_id}/{report.year}")
    same = {name: getattr(report, name) for name in ("form", "unit_id", "sector", "year")}
    earlier = MonthlyReport.objects.filter(**same, month__lt=report.month).exclude(state__in=report_states.FINAL)
    if waiting := earlier.order_by("month").first():
        raise Refused(
            f"{waiting.month}月的月报还没有封存",
            why="后一个月的更正行以前面各月的封存数为准",
            now=f"请先封存{waiting.month}月的月报",
        )
    digest = sealed_digest(report)
    update_versioned(report, state=state, digest=digest, sealed_by_id=by.account, sealed_at=entry.at)
    entry.add_facts(digest=digest, total=report.rows[0]["total"])
    return report


def sealed_digest(report: MonthlyReport) -> str:
    """SM3 of the form's key, rows and correction: the check code printed below it.

    Returns:
        64 hex characters.
    """
    head = {name: getattr(report, name) for name in ("form", "sector", "year", "month")}
    head |= {"unit": report.unit.code, "counted_to": report.counted_to.astimezone(UTC).isoformat()}
    return rows_digest([head, *report.rows, {"correction": report.correction}])


@action("report.send", Right.MONTHLY_REPORT_SEAL, on="report")
def send(entry: AuditRecord, *, by: Actor, report: MonthlyReport) -> MonthlyReport:
    """Send the sealed form to the level above.

    Raises:
        IllegalMove: it is not sealed.
    """
    update_versioned(report, state=report_states.TRANSITIONS.next_state("send", report.state))
    entry.add_facts(digest=report.digest)
    return report
