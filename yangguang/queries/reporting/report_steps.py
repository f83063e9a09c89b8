"""Who filled in, reviewed, sealed, sent and received a monthly form, and the history of its steps. (S24-5.03)"""

from collections.abc import Sequence

from yangguang.models import MonthlyReport, ReportStep
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.reporting import report_states
from yangguang.rules.seasons.windows import SHANGHAI, format_instant

SIGNERS = {"compute": "填报人", "review": "复核人", "seal": "封存人", "send": "报送人", "receive": "签收人"}
"""Step → who did it, as printed on the form."""


def list_steps(report: MonthlyReport) -> list[ReportStep]:
    """Every step of the form with its account and unit, in order; one query. A form that is not stored has none."""
    if report._state.adding:
        return []
    return list(report.steps.select_related("by_account", "unit").order_by("pk"))


def signatures_of(steps: Sequence[ReportStep]) -> list[tuple[str, str, str]]:
    """The steps in force: who, as which signer, and when.

    Returns:
        (复核人, name and unit, instant in words), in the order of the steps.
    """
    return [(SIGNERS[name], _name(one), format_instant(one.recorded_at)) for name, one in _find_in_force(steps).items()]


def _find_in_force(steps: Sequence[ReportStep]) -> dict[str, ReportStep]:
    """The last step of each kind that counts.

    A form that is computed again has to be reviewed and sealed again, so earlier signatures count no more.
    """
    in_force: dict[str, ReportStep] = {}
    for one in steps:
        if one.step in ("compute", "return_back"):
            in_force = {}
        if one.step == "reopen":
            del in_force["review"]
        if one.step in SIGNERS:
            in_force[one.step] = one
    return in_force


def order_steps(steps: Sequence[ReportStep], *, is_sent: bool) -> list[tuple[str, str, str]]:
    """How far a form is: each step with done, now or next, and who on which day, as `components/steps.html` takes them.

    Args:
        is_sent: whether the form goes to the unit above; one that does not ends with its seal.
    """
    in_force = _find_in_force(steps)
    ordered: list[tuple[str, str, str]] = []
    for name, signer in list(SIGNERS.items())[: None if is_sent else 3]:
        is_next = all(state == "done" for _, state, _ in ordered)
        state = "done" if name in in_force else "now" if is_next else "next"
        ordered.append((signer.removesuffix("人"), state, _day(in_force.get(name))))
    return ordered


def _day(step: ReportStep | None) -> str:
    at = step.recorded_at.astimezone(SHANGHAI) if step else None
    return f"{step.by_account} {at.month}月{at.day}日" if step and at else ""


def _name(step: ReportStep) -> str:
    return f"{step.by_account}（{step.unit}）"


def find_return(steps: Sequence[ReportStep]) -> ReportStep | None:
    """The step that returned the form, while it is not computed again."""
    last = steps[-1] if steps else None
    return last if last is not None and last.step == "return_back" else None


def list_returned(by: Actor) -> list[MonthlyReport]:
    """The forms of the actor's own unit that were returned and wait to be corrected, the oldest month first."""
    rows = MonthlyReport.objects.for_actor(by, Right.MONTHLY_REPORT_FILL)
    rows = rows.filter(unit=by.unit, state=report_states.RETURNED)
    return list(rows.select_related("unit").order_by("year", "month", "form"))


def describe_signatures(report: MonthlyReport) -> str:
    """The signatures in force as one line below the form; "" without any."""
    lines = [f"{signer}：{name}，{at}" for signer, name, at in signatures_of(list_steps(report))]
    return "；".join(lines)
