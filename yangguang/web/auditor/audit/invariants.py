"""The invariants, checked on request, all or one. (docs/spec/security.md)"""

from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.queries.audit.invariants.catalogue import INVARIANTS, InvariantReport, check_invariants
from yangguang.web.auditor.base.layout import page
from yangguang.web.kit.actor import Request

LABELS = {"holding": "成立", "broken": "不成立", "pending": "待建"}


@dataclass(frozen=True, slots=True)
class InvariantRow:
    """One invariant and, when it was checked, its state, a key of `LABELS`, and the rows that break it."""

    number: int
    sentence: str
    state: str = ""
    count: int = 0
    rows: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return LABELS.get(self.state, "")


@require_safe
def invariants(request: Request) -> HttpResponse:
    """The list; `?check=all` or `?check=<number>` checks now."""
    checked = request.GET.get("check", "")
    numbers = [one.number for one in INVARIANTS if checked in ("all", str(one.number))]
    report = check_invariants(numbers) if numbers else InvariantReport()
    rows = _list_rows(report)
    counts = {label: sum(row.state == state for row in rows) for state, label in LABELS.items()}
    values = {"rows": rows, "counts": counts, "is_checked": bool(numbers)}
    return page(request, "audit/invariants", values)


def _list_rows(report: InvariantReport) -> list[InvariantRow]:
    broken = {one.number: one for one in report.broken}
    states = dict.fromkeys(report.holding, "holding") | dict.fromkeys(report.pending, "pending")
    return [
        InvariantRow(one.number, one.sentence, "broken", broken[one.number].count, broken[one.number].rows)
        if one.number in broken
        else InvariantRow(one.number, one.sentence, states.get(one.number, ""))
        for one in INVARIANTS
    ]
