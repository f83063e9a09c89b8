"""The receipt of a submitted version: number, checksum, choices, QR code; it prints on one page. (F-B5, F-N2)"""

from uuid import UUID

import segno
from django.http import HttpResponse, JsonResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from yangguang.models import ChoiceVersion
from yangguang.queries.applicants.student_home import programme_names, versions
from yangguang.queries.choices.receipts import build_proof, first_root_after
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.web.kit.actor import Request
from yangguang.web.student.base.layout import render_page


@require_safe
def receipt(request: Request, version: UUID) -> HttpResponse:
    """One version, with a list of all versions."""
    row = _version(request, version)
    every = list(versions(request.actor, row.application))
    names = programme_names(row.programmes)
    values = {
        "title": "志愿回执",
        "version": row,
        "is_last": row.pk == every[0].pk,
        "versions": every,
        "choices": [names[programme] for programme in row.programmes],
        "facts": _facts(row),
        "number": receipt_number(row),
        "code": _qr_code(row),
        "root": first_root_after(row),
    }
    return render_page(request, "student/choices/receipt.html", values, application=row.application)


@require_safe
def proof(request: Request, version: UUID) -> HttpResponse:
    """The file with which anyone can check the receipt against the public root of its day.

    Raises:
        Refused: the day's root is not public yet.
    """
    row = _version(request, version)
    content = build_proof(row)
    if content is None:
        why = "日志根每天凌晨公布一次，公布后才能证明"
        raise Refused("这一版的证明还没有", why=why, now="请明天再来下载")
    name = f"receipt-{receipt_number(row)}.json"
    return JsonResponse(content, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _version(request: Request, public_id: UUID) -> ChoiceVersion:
    rows = ChoiceVersion.objects.for_actor(request.actor, Right.CHOICE_READ).select_related(
        "round", "application__person", "application__season"
    )
    row: ChoiceVersion = rows.get_or_not_found(public_id=public_id)
    return row


def receipt_number(of: ChoiceVersion) -> str:
    """The number of the receipt, 报名号-版本, short enough to read out on the telephone."""
    return f"{of.application.number}-{of.number:02d}"


def _facts(of: ChoiceVersion) -> list[tuple[str, str]]:
    return [
        ("考生", of.application.person.name),
        ("报名号", of.application.number),
        ("批次", f"{of.application.season} · {of.round.name}"),
        ("版本", f"第 {of.number} 版"),
        ("提交人", of.get_submitted_by_display() + (f"（{of.get_device_kind_display()}）" if of.device_kind else "")),
        ("校验码", " ".join(of.receipt[i : i + 8] for i in range(0, len(of.receipt), 8))),
    ]


def _qr_code(of: ChoiceVersion) -> SafeString:
    """Number and checksum of the receipt as a QR code; both are also printed beside it."""
    text = f"阳光招生志愿回执\n{receipt_number(of)}\n{of.receipt}"
    return SafeString(segno.make(text, error="m", micro=False).svg_inline(scale=4, border=2, svgclass="qr"))
