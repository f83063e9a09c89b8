"""The monthly forms: computed from persons, reviewed, sealed, sent, received or returned. (S23-5.05, S24-5.03, F-G2)"""

from datetime import UTC, datetime
from functools import partial

from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import MonthlyReport, ReportStep, TechnicianCount, Unit
from yangguang.postgres.locks import LockClass, take_lock
from yangguang.queries.reporting.reports import (
    SECTOR_OF_FORM,
    compute_form,
    count_technicians,
    count_until,
    find_due_at,
    list_sealed_months,
)
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.dual_approval import require_second_person
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import BUREAUS
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.refusals import Refused, VersionConflict
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.reporting import report_states
from yangguang.rules.reporting.filing import describe_timeliness, files_month, require_earlier_sealed
from yangguang.rules.seasons import policy_keys
from yangguang.sheets import rows_digest


@action("report.compute", Right.MONTHLY_REPORT_FILL, on="unit")
def compute(entry: AuditRecord, *, by: Actor, unit: Unit, form: str, year: int, month: int) -> MonthlyReport:
    """Compute one form of one unit for one month, or compute it again until it is reviewed, or once it is returned.

    The numbers are as of the end of the month, or of now in the current month. Changes in months already sealed
    become the correction.

    Raises:
        Refused: another unit's form, no form is due in that month, or the month is in the future.
        IllegalMove: the form is reviewed or sealed.
    """
    _require_computable(entry.at, by=by, unit=unit, form=form, year=year, month=month)
    counted_to = count_until(entry.at, year, month)
    # The months of one form and unit are not computed and sealed at the same time.
    take_lock(LockClass.REPORT, f"{form}/{unit.pk}/{year}")
    key = {"form": form, "unit": unit, "sector": SECTOR_OF_FORM[form], "year": year, "month": month}
    report: MonthlyReport | None = MonthlyReport.objects.select_for_update().filter(**key).first()
    state = report_states.TRANSITIONS.next_state("compute", report.state if report else report_states.COMPUTED)
    computed = compute_form(unit, form, year, month, counted_to)
    if report is None:
        report = MonthlyReport.objects.create(**key, **computed)
    else:
        update_versioned(report, state=state, **_UNSEALED, **computed)
    _record_step(report, "compute", by)
    row = report.rows[0]
    entry.set_subject(report)
    entry.add_facts(form=form, month=f"{year}-{month:02d}", total=row["total"], completion=row["completion"])
    return report


_UNSEALED = {"digest": "", "reviewed_by_id": None, "sealed_by_id": None, "sealed_at": None}


def _record_step(report: MonthlyReport, step: str, by: Actor, reason: str = "") -> None:
    """Keep who did the step, where, and the total and check code of the form then."""
    ReportStep.objects.create(
        report=report,
        step=step,
        by_account_id=by.require_account(),
        unit_id=by.require_unit(),
        total=report.rows[0]["total"],
        digest=report.digest,
        reason=reason,
    )


@compute.preflight
def _require_computable(at: datetime, *, by: Actor, unit: Unit, form: str, year: int, month: int) -> None:
    _require_own(by, unit)
    _require_due(at, form, month)
    if not files_month(year, month, unit.opened_on):
        raise Refused(
            f"{unit.name}{year}年{month}月还没有设立，不填报这个月的月报", now="请选择设立以后的月份", where="month"
        )
    count_until(at, year, month)


def _require_own(by: Actor, unit: Unit) -> None:
    """Raise Refused unless the actor is of the education bureau, or the school, whose form it is."""
    if by.sector == Sector.LABOUR and by.role in BUREAUS:
        raise Refused(
            "月报由教育部门填报", why="人社部门向教育部门汇总技工学校招生数", now="请在月报页面移交技工学校招生数"
        )
    if by.unit != unit.pk:
        raise Refused(
            f"这是{unit.name}的月报，由{unit.name}自己办理",
            why="各单位的月报由本单位填报、封存和报送",
            now=f"请通知{unit.name}办理",
        )


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
    update_versioned(report, state=_require_step("review", by, report), reviewed_by_id=by.account)
    _record_step(report, "review", by)
    entry.add_facts(total=report.rows[0]["total"])
    return report


@action("report.reopen", Right.MONTHLY_REPORT_FILL, on="report")
def reopen(entry: AuditRecord, *, by: Actor, report: MonthlyReport) -> MonthlyReport:
    """Take the review back before the seal, so that the form is computed again.

    Raises:
        IllegalMove: it is not reviewed, or sealed already.
    """
    update_versioned(report, state=_require_step("reopen", by, report), reviewed_by_id=None)
    _record_step(report, "reopen", by)
    return report


@action("report.seal", Right.MONTHLY_REPORT_SEAL, on="report")
def seal(entry: AuditRecord, *, by: Actor, report: MonthlyReport) -> MonthlyReport:
    """Seal the form with its digest; a trigger refuses every later change.

    Raises:
        IllegalMove: it is not reviewed.
        Refused: another unit's form, the actor reviewed it, or an earlier month of this unit is not sealed.
    """
    take_lock(LockClass.REPORT, f"{report.form}/{report.unit_id}/{report.year}")
    state = _require_sealable(entry.at, by=by, report=report)
    digest = sealed_digest(report)
    update_versioned(report, state=state, digest=digest, sealed_by_id=by.account, sealed_at=entry.at)
    _record_step(report, "seal", by)
    entry.add_facts(digest=digest, total=report.rows[0]["total"])
    return report


@seal.preflight
def _require_sealable(at: datetime, *, by: Actor, report: MonthlyReport) -> str:
    """The state of a sealed form; raises what `seal` raises."""
    state = _require_step("seal", by, report)
    # A county bureau may have one officer. (docs/decisions/0032)
    if report.unit.level != Unit.Level.COUNTY:
        require_second_person(
            by,
            first=report.reviewed_by_id,
            what="复核人和封存人不能是同一个人",
            why="封存后不能再改，须由两人分别把关",
            now="请由另一位同事用自己的优盾封存",
        )
    months = [
        month
        for month in rule_at(at, policy_keys.REPORT_MONTHS).value
        if files_month(report.year, month, report.unit.opened_on)
    ]
    require_earlier_sealed(report.month, months, list_sealed_months(report))
    return state


def sealed_digest(report: MonthlyReport) -> str:
    """SM3 of the form's key, print, rows and correction: the check code printed below it.

    Returns:
        64 hex characters.
    """
    head = {name: getattr(report, name) for name in ("form", "sector", "year", "month", "shape", "shape_source")}
    head |= {"unit": report.unit.code, "counted_to": report.counted_to.astimezone(UTC).isoformat()}
    return rows_digest([head, *report.rows, {"correction": report.correction}])


@action("report.send", Right.MONTHLY_REPORT_SEAL, on="report")
def send(entry: AuditRecord, *, by: Actor, report: MonthlyReport) -> MonthlyReport:
    """Send the sealed form to the level above.

    Raises:
        IllegalMove: it is not sealed.
    """
    update_versioned(report, state=_require_step("send", by, report), sent_at=entry.at)
    _record_step(report, "send", by)
    due = find_due_at(report.form, report.year, report.month)
    entry.add_facts(digest=report.digest, timeliness=describe_timeliness(due, entry.at, entry.at))
    return report


@action("report.receive", Right.MONTHLY_REPORT_RECEIVE, on="report")
def receive(entry: AuditRecord, *, by: Actor, report: MonthlyReport) -> MonthlyReport:
    """Confirm that the level above has the form; the numbers stay as they were sent.

    Raises:
        IllegalMove: it is not sent, or received already.
        Refused: the form is due to another office.
    """
    update_versioned(
        report, state=_require_step("receive", by, report), received_by_id=by.account, received_at=entry.at
    )
    _record_step(report, "receive", by)
    entry.add_facts(digest=report.digest)
    return report


@action("report.return_back", Right.MONTHLY_REPORT_RECEIVE, on="report")
def return_back(entry: AuditRecord, *, by: Actor, report: MonthlyReport, reason: str) -> MonthlyReport:
    """Return a form that was sent; its unit computes, reviews, seals and sends it again, and it is not sent until then.

    Args:
        reason: what is to be corrected, up to 200 characters; the unit reads it.
    Raises:
        IllegalMove: it is not sent, or received already.
        Refused: no reason, the form is due to another office, or the unit has sealed a later month.
    """
    # The seal of the next month waits, and is refused then.
    take_lock(LockClass.REPORT, f"{report.form}/{report.unit_id}/{report.year}")
    state = _require_returnable(entry.at, by=by, report=report, reason=reason)
    update_versioned(report, state=state, sent_at=None)
    _record_step(report, "return_back", by, reason.strip())
    entry.add_facts(digest=report.digest)
    return report


@return_back.preflight
def _require_returnable(at: datetime, *, by: Actor, report: MonthlyReport, reason: str) -> str:
    """The state of a returned form; raises what `return_back` raises."""
    state = _require_step("return_back", by, report)
    if not clean_text(reason, where="reason", most=200).strip():
        raise Refused("退回时没有写明原因", now="请写明哪里要改，填报单位会看到", where="reason")
    if later := [month for month in list_sealed_months(report) if month > report.month]:
        raise Refused(
            f"{report.unit.name}已经封存了{min(later)}月的月报，{report.month}月的不能再退回",
            why="后面各月的更正行以本月的封存数为准",
            now="请签收；以后的变动由填报单位在下一个月的更正行里报",
        )
    return state


def _require_step(step: str, by: Actor, report: MonthlyReport) -> str:
    """The state after a step of an office that may do it; raises what the verb raises."""
    if step not in ("receive", "return_back"):
        _require_own(by, report.unit)
    elif by.unit != report.unit.parent_id:
        raise Refused(f"{report.unit.name}的月报不是报给您单位的", now="请从月报页面选择本单位的下级")
    return report_states.TRANSITIONS.next_state(step, report.state)


def _preflight(step: str, at: datetime, *, by: Actor, report: MonthlyReport) -> None:
    _require_step(step, by, report)


for _verb in (review, reopen, send, receive):
    _verb.preflight(partial(_preflight, _verb.spec.name.removeprefix("report.")))


@action("report.hand_over", Right.MONTHLY_REPORT_HAND_OVER, on="unit")
def hand_over(
    entry: AuditRecord, *, by: Actor, unit: Unit, year: int, month: int, seen: str | None = None
) -> TechnicianCount:
    """Hand the number of students of technician schools over to the education bureau of the same unit. (S23-A1.05)

    The number is computed from persons; it is counted in Form P computed afterwards.

    Args:
        seen: the number that the page displayed.
    Raises:
        VersionConflict: the number is another one now.
        Refused: another unit's number, no form is due in that month, or the month is in the future.
    """
    _require_handed_over(entry.at, by=by, unit=unit, year=year, month=month)
    counted_to = count_until(entry.at, year, month)
    number, counted = count_technicians(unit, year, counted_to)
    if seen not in (None, str(number)):
        raise VersionConflict(
            "这一页打开之后，人数变了，还没有移交",
            why=f"打开时是{seen or '—'}人，现在是{number}人",
            now="请核对现在的人数再移交",
        )
    entry.add_facts(month=f"{year}-{month:02d}", total=number)
    return TechnicianCount.objects.create(
        unit=unit,
        year=year,
        month=month,
        number=number,
        counted=counted,
        counted_to=counted_to,
        by_account_id=by.require_account(),
    )


@hand_over.preflight
def _require_handed_over(
    at: datetime, *, by: Actor, unit: Unit, year: int, month: int, seen: str | None = None
) -> None:
    if by.unit != unit.pk:
        raise Refused(f"{unit.name}的技工学校招生数由{unit.name}人社部门移交", now="请从月报页面重新进入")
    _require_due(at, MonthlyReport.Form.PROVINCE, month)
    count_until(at, year, month)
