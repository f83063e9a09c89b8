"""Editing what a unit hands down, in place: the sum is checked to the person, and nothing is half written. (F-G1)"""

import unicodedata
from collections.abc import Sequence

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang.actions.reporting import targets as acts
from yangguang.actions.reporting.target_validation import Asked, Proof, prove
from yangguang.models import Target, Unit
from yangguang.queries.reporting.targets import number_of, rows_of
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.reporting.targets import TargetRow
from yangguang.web.authority.base.layout import confirmation, page, unit_of, year_of
from yangguang.web.authority.reporting.targets import sector_of
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import confirm, redirect_to, submitted_data

MOST_NEW = 5


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    """The rows to type in, and a few empty ones; 保存 leads to the confirm page."""
    parent = unit_of(request, Right.TASK_NUMBER_SET_CHILDREN)
    year = year_of(request)
    held = rows_of(parent, year, sector_of(request))
    if request.method != "POST":
        return _shown(request, parent, year, held, None, None)
    sent = submitted_data(request)
    try:
        return _confirm(request, parent, year, read(sent, held), sent)
    except Refused as refusal:
        return _shown(request, parent, year, held, sent, refusal)


def _confirm(
    request: Request, parent: Unit, year: int, rows: list[TargetRow], sent: QueryDict
) -> HttpResponse:
    """What will happen, proven before anybody signs."""
    source, reason = sent.get("source", "").strip()[:200], sent.get("reason", "").strip()[:200]
    if not source:
        raise Refused("没有写明依据文件", now="请填写下达任务的文件名和文号")
    total = new_total(sent)
    proof = prove(Asked(parent, year, sector_of(request), rows, total, reason))
    what = f"{parent.name}{year}年的任务分解"
    prepared = acts.set_children.prepare(
        by=request.actor, year=year, parent=parent, rows=rows, source=source, total=total, reason=reason
    )
    back = f"{reverse('authority:targets')}?year={year}&unit={parent.public_id}"
    effects = _effects(proof, len(rows), what, reason)
    shown = confirmation(request, f"保存{what}？", "保存分解", effects, back)
    return confirm(request, prepared, lambda: shown, redirect_to(back))


def _effects(proof: Proof, rows: int, what: str, reason: str) -> list[tuple[str, bool]]:
    effects = [(f"{rows} 行合计 {proof.total:,} 人，成为{what}。", False)]
    if proof.moved:
        was = f"总数由 {proof.in_force:,} 人改为 {proof.total:,} 人（{proof.moved:+,}），理由：{reason}。"
        effects.append((was, True))
    for unit in proof.reopened:
        effects.append((f"{unit.name}自己的分解与新任务数不再相符，会被撤回，由它重新分解。", True))
    return [*effects, ("任务数是管理目标，不占用也不限制任何名额。", False)]


def new_total(sent: QueryDict) -> int | None:
    """The new total as it was typed; None when the one in force stays.

    Raises:
        Refused: it is no number.
    """
    text = sent.get("total", "").strip()
    total = whole(text)
    if text and total is None:
        raise Refused(f"新的总数写的是“{text[:20]}”", now="请填写0或正整数，不改总数就留空", where="新的总数")
    return total


def whole(text: str) -> int | None:
    """A number as officers type it: full width and thousands commas are fine; None when it is none."""
    digits = unicodedata.normalize("NFKC", text).strip().replace(",", "")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 9 else None


def read(sent: QueryDict, held: Sequence[Target]) -> list[TargetRow]:
    """The rows as they were typed, each with its sector on the page; a row left empty is dropped.

    Raises:
        BadRows: a number that is none, each with its row.
    """
    names = [target.label for target in held] + [sent.get(f"name{n}", "").strip() for n in range(MOST_NEW)]
    numbers = [sent.get(f"t{target.pk}", "") for target in held] + [
        sent.get(f"new{n}", "") for n in range(MOST_NEW)
    ]
    rows: list[TargetRow] = []
    faults = []
    for at, (name, text) in enumerate(zip(names, numbers, strict=True), start=1):
        if not name or not text.strip():
            continue
        if (target := whole(text)) is not None:
            rows.append(TargetRow(len(rows) + 1, name, target, at))
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
        "above": number_of(parent, year, sector_of(request)),
        "sum": sum(target.number for target in held),
        "rows": [(t, f"t{t.pk}", str(t.number) if sent is None else sent.get(f"t{t.pk}", "")) for t in held],
        "fresh": [(name, new, typed_in.get(name, ""), typed_in.get(new, "")) for name, new in names],
        "total": typed_in.get("total", ""),
        "reason": typed_in.get("reason", ""),
        "source": next((t.source for t in held), "") if sent is None else sent.get("source", ""),
        "refusal": refusal,
        "back": f"{reverse('authority:targets')}?year={year}&unit={parent.public_id}",
    }
    return page(request, "reporting/target_edit", values, status=refusal.status if refusal else 200)
