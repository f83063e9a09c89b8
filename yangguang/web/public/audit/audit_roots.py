"""The daily roots of the log: anyone may keep one and hold us to it later. (T1.04, F-I2)"""

import datetime

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.models import AuditRoot
from yangguang.queries.audit.log_chain import merkle_root
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import NotFound
from yangguang.web.kit.actor import Request
from yangguang.web.kit.paging import page_of
from yangguang.web.public.base.page_cache import shared
from yangguang.web.public.organisation.schools import HOME

READ = Right.AUDIT_ROOT_PUBLISH_VERIFY


@require_safe
@shared
def root_list(request: Request) -> HttpResponse:
    """The roots day by day; a root somebody kept is compared with ours."""
    rows = AuditRoot.objects.for_actor(request.actor, READ).defer("heads")
    kept = "".join(request.GET.get("root", "").split()).lower()[:64]
    values = {
        "page": page_of(request, rows, ("-day",), 31),
        "kept": kept,
        "matches": list(rows.filter(root=kept).order_by("day")) if len(kept) == 64 and kept.isalnum() else [],
        "trail": [HOME, ("日志证明", "")],
    }
    return render(request, "public/audit/audit_roots.html", values)


@require_safe
@shared
def root_page(request: Request, day: datetime.date) -> HttpResponse:
    """One day's root, computed again from the ends of the chains it was made of."""
    root = _root(request, day)
    recomputed = merkle_root([bytes.fromhex(link) for _, link in root.heads]).hex()
    trail = [HOME, ("日志证明", reverse("public:roots")), (f"{day:%Y-%m-%d}", "")]
    values = {"root": root, "recomputed": recomputed, "holds": recomputed == root.root, "trail": trail}
    return render(request, "public/audit/audit_root.html", values)


@require_safe
@shared
def root_file(request: Request, day: datetime.date) -> HttpResponse:
    """What anybody needs to compute the root: length and end of each of the 256 chains."""
    root = _root(request, day)
    said = {"day": f"{day:%Y-%m-%d}", "root": root.root, "entries": root.entries, "heads": root.heads}
    return JsonResponse(
        said, headers={"Content-Disposition": f'attachment; filename="root-{day:%Y-%m-%d}.json"'}
    )


def _root(request: Request, day: datetime.date) -> AuditRoot:
    found = AuditRoot.objects.for_actor(request.actor, READ).filter(day=day).first()
    if found is None:
        raise NotFound("这一天还没有公布日志根", why="日志根每天公布一次", now="请从日志证明的列表选择日期")
    root: AuditRoot = found
    return root
