"""Who filled in, reviewed, sealed, sent and received a monthly form, and the history of its steps. (S24-5.03)"""

from collections.abc import Sequence

from yangguang.models import MonthlyReport, ReportStep
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.reporting import report_states
from yangguang.rules.seasons.windows import format_instant

SIGNERS = {"compute": "填报人", "review": "复核人", "seal": "封存人", "send": "报送人", "receive": "签收人"}
"""Step → who did it, as printed on the form."""


def list_steps(report: MonthlyReport) -> list[ReportStep]:
    """Every step of the form with its account and unit, in order; one query. A form that is not stored has none."""
    if report._state.adding:
        return []
    return list(report.steps.select_related("by_account", "unit").order_by("pk"))


def signatures_of(steps: Sequence[ReportStep]) -> list[tuple[str, str, str]]:
    """The steps in force: who, as which signer, and when.

    A form that is computed again has to be reviewed and sealed again, so earlier signatures count no more.

    Returns:
        (复核人, name and unit, instant in words), in the order of the steps.
    """
    in_force: dict[str, ReportStep] = {}
    for one in steps:
        if one.step in ("compute", "return_back"):
            in_force = {}
        if one.step == "reopen":
            del in_force["review"]
        if one.step in SIGNERS:
            in_force[one.step] = one
    return [(SIGNERS[name], _name(one), format_instant(one.recorded_at)) for name, one in in_force.items()]


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
