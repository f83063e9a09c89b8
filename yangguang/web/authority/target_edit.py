"""Editing what a unit hands down, in place: the sum is checked to the person, and nothing is half written. (G1)"""

from collections.abc import Sequence

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang.actions import targets as acts
from yangguang.models import Target, Unit
from yangguang.queries.targets import number_of, rows_of
from yangguang.rules.refusals import BadRows, Refused
from yangguang.rules.rights import Right
from yangguang.rules.targets import TargetRow
from yangguang.web.authority.acting import ask
from yangguang.web.authority.frame import page, unit_of, year_of
from yangguang.web.authority.targets import line_of
from yangguang.web.kit.actor import Request
from yangguang.web.kit.factor import typed

MOST_NEW = 5


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    """The rows to type in, and a few empty ones; 保存 leads to the confirm page."""
    parent = unit_of(request, Right.TASK_NUMBER_SET_CHILDREN)
    year = year_of(request)
    held = rows_of(parent, year, line_of(request))
    if request.method != "POST":
        return _shown(request, parent, year, held, None, None)
    sent = typed(request)
    try:
        return _confirm(request, parent, year, read(sent, held), sent.get("source", "").strip()[:200])
    except Refused as refusal:
        return _shown(request, parent, year, held, sent, refusal)


def _confirm(request: Request, parent: Unit, year: int, rows: list[TargetRow], source: str) -> HttpResponse:
    if not source:
        raise Refused("没有写明依据文件", now="请填写下达任务的文件名和文号")
    total, what = sum(row.target for row in rows), f"{parent.name}{year}年的任务分解"
    effects = [
        (f"{len(rows)} 行合计 {total:,} 人，成为{what}。", False),
        ("下级自己的分解如果与新任务数不再相符，会被撤回，由下级重新分解。", True),
        ("任务数是管理目标，不占用也不限制任何学位。", False),
    ]
    asked = {"year": year, "parent": parent, "rows": rows, "source": source}
    back = f"{reverse('authority:targets')}?year={year}&unit={parent.public_id}"
    return ask(
        request, acts.set_children, asked, title=f"保存{what}？", act="保存分解", effects=effects, back=back
    )


def read(sent: QueryDict, held: Sequence[Target]) -> list[TargetRow]:
    """The rows as they were typed; a row left empty is dropped.

    Raises:
        BadRows: a number that is none, each with its row.
    """
    names = [target.label for target in held] + [sent.get(f"name{n}", "").strip() for n in range(MOST_NEW)]
    numbers = [sent.get(f"t{target.pk}", "") for target in held] + [
        sent.get(f"new{n}", "") for n in range(MOST_NEW)
    ]
    rows: list[TargetRow] = []
    faults = []
    for name, text in zip(names, numbers, strict=True):
        digits = text.strip().replace(",", "").replace("，", "")
        if not name or not digits:
            continue
        at = len(rows) + 1
        if digits.isascii() and digits.isdecimal() and len(digits) < 9:
            rows.append(TargetRow(at, name, int(digits)))
        else:
            where = f"第 {at} 行·{name}"
            faults.append(Refused(f"任务数写的是“{text.strip()[:20]}”", now="请填写0或正整数", where=where))
    if faults:
        raise BadRows(f"有 {len(faults)} 处不是整数，什么都没有保存", faults, now="请改正后再保存")
    return rows


def _shown(
    request: Request,
    parent: Unit,
    year: int,
    held: list[Target],
    sent: QueryDict | None,
    refusal: Refused | None,
) -> HttpResponse:
    typed_in = sent or QueryDict()
    names = [(f"name{n}", f"new{n}") for n in range(MOST_NEW)]
    values = {
        "unit": parent,
        "year": year,
        "above": number_of(parent, year, line_of(request)),
        "sum": sum(target.number for target in held),
        "rows": [(t, f"t{t.pk}", str(t.number) if sent is None else sent.get(f"t{t.pk}", "")) for t in held],
        "fresh": [(name, new, typed_in.get(name, ""), typed_in.get(new, "")) for name, new in names],
        "source": next((t.source for t in held), "") if sent is None else sent.get("source", ""),
        "refusal": refusal,
        "back": f"{reverse('authority:targets')}?year={year}&unit={parent.public_id}",
    }
    return page(request, "target_edit", values, status=refusal.status if refusal else 200)
