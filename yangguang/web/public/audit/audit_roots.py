"""The daily roots of the log: a reader may store one and compare it later. (T1.04, F-I2)"""

import datetime

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.gateways.ciphers import sm3
from yangguang.models import AuditRoot
from yangguang.rules.accounts.rights import Right
from yangguang.rules.audit.merkle import root_of_ends
from yangguang.rules.base.folding import fold_number
from yangguang.rules.base.refusals import NotFound
from yangguang.rules.seasons.windows import format_day
from yangguang.web.kit.actor import Request
from yangguang.web.kit.paging import page_of
from yangguang.web.public.base.layout import HOME
from yangguang.web.public.base.page_cache import cache_for_guests

READ = Right.AUDIT_ROOT_PUBLISH_VERIFY


@require_safe
@cache_for_guests
def root_list(request: Request) -> HttpResponse:
    """The roots day by day; `?root=` is compared with them."""
    rows = AuditRoot.objects.for_actor(request.actor, READ).defer("heads")
    typed = fold_number(request.GET.get("root", "")).lower()
    values = {
        "page": page_of(request, rows, ("-day",), 31),
        "typed": typed,
        "matches": list(rows.filter(root=typed).order_by("day")) if len(typed) == 64 and typed.isalnum() else [],
        "trail": [HOME, ("日志证明", "")],
    }
    return render(request, "public/audit/audit_roots.html", values)


@require_safe
@cache_for_guests
def root_page(request: Request, day: datetime.date) -> HttpResponse:
    """One day's root, computed again from the ends of the chains."""
    root = _get_root(request, day)
    recomputed = root_of_ends(root.ends, sm3).hex()
    holds = recomputed == root.root and root.entries == sum(length for length, _ in root.ends)
    trail = [HOME, ("日志证明", reverse("public:roots")), (format_day(day), "")]
    values = {"root": root, "recomputed": recomputed, "holds": holds, "trail": trail}
    return render(request, "public/audit/audit_root.html", values)


@require_safe
@cache_for_guests
def root_file(request: Request, day: datetime.date) -> HttpResponse:
    """The file to compute the root from: length and end of each of the 256 chains."""
    root = _get_root(request, day)
    document = {"day": f"{day:%Y-%m-%d}", "root": root.root, "entries": root.entries, "heads": root.heads}
    headers = {"Content-Disposition": f'attachment; filename="root-{day:%Y-%m-%d}.json"'}
    return JsonResponse(document, headers=headers)


def _get_root(request: Request, day: datetime.date) -> AuditRoot:
    root: AuditRoot | None = AuditRoot.objects.for_actor(request.actor, READ).filter(day=day).first()
    if root is None:
        raise NotFound("这一天还没有公布日志根", why="日志根每天公布一次", now="请从日志证明的列表选择日期")
    return root
