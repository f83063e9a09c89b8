"""The promises that must have no offence, asked of the database on the spot, one or all. (docs/spec/security.md)"""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.queries.audit.invariants.catalogue import INVARIANTS, Verdict, check
from yangguang.web.auditor.base.layout import page
from yangguang.web.kit.actor import Request

ALL = "all"
STATES = {"held": "成立", "broken": "不成立", "pending": "待建"}


@require_safe
def invariants(request: Request) -> HttpResponse:
    """The list; what is asked for in the address is checked now."""
    asked = request.GET.get("check", "")
    known = {str(one.number): one.number for one in INVARIANTS}
    verdict = check() if asked == ALL else check((known[asked],)) if asked in known else None
    rows = [_row(one.number, one.says, verdict) for one in INVARIANTS]
    counts = {says: sum(row["state"] == name for row in rows) for name, says in STATES.items()}
    return page(
        request, "audit/invariants", {"rows": rows, "counts": counts, "asked": asked if verdict else ""}
    )


def _row(number: int, says: str, verdict: Verdict | None) -> dict[str, Any]:
    row = {"number": number, "says": says, "state": "", "word": "", "count": 0, "rows": ()}
    if verdict is None:
        return row
    broken = {one.number: one for one in verdict.broken}
    if number in broken:
        row |= {"state": "broken", "count": broken[number].count, "rows": broken[number].rows}
    elif number in verdict.held or number in verdict.pending:
        row["state"] = "held" if number in verdict.held else "pending"
    return row | {"word": STATES.get(str(row["state"]), "")}
