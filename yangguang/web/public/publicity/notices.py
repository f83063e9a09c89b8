"""Notices of the bureaus, and the forbidden acts of the season in their official wording. (S23-2.04, S23-2.10)"""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import Notice, ViolationKind
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import NotFound
from yangguang.web.kit.actor import Request
from yangguang.web.kit.paging import page_of
from yangguang.web.public.base.layout import HOME
from yangguang.web.public.base.page_cache import cache_for_guests

READ = Right.SCHOOL_DIRECTORY_READ


def build_notice_links(notices: Iterable[Notice]) -> list[dict[str, object]]:
    """Notices as the component shows them."""
    return [
        {"title": n.title, "url": reverse("public:notice", args=[n.public_id]), "at": n.published_at, "by": n.unit}
        for n in notices
    ]


@require_safe
@cache_for_guests
def notice_list(request: Request) -> HttpResponse:
    """All published notices, the newest first, and the forbidden acts with their source."""
    rows = Notice.objects.for_actor(request.actor, READ).filter(published_at__lte=clock.now())
    page = page_of(request, rows.select_related("unit").defer("body"), ("-published_at", "-public_id"), 20)
    values = {
        "page": page,
        "notices": build_notice_links(page.rows),
        "forbidden": list(ViolationKind.objects.for_actor(request.actor, READ)),
        "trail": [HOME, ("政策公告", "")],
    }
    return render(request, "public/publicity/notices.html", values)


@require_safe
@cache_for_guests
def notice_page(request: Request, public_id: UUID) -> HttpResponse:
    """One notice with its source."""
    rows = Notice.objects.for_actor(request.actor, READ).filter(published_at__lte=clock.now())
    notice = rows.select_related("unit").filter(public_id=public_id).first()
    if notice is None:
        why, now = "它可能已经撤下，或者网址抄错了", "请从政策公告的列表重新进入"
        raise NotFound("没有找到这条公告", why=why, now=now)
    trail = [HOME, ("政策公告", reverse("public:notices")), ("正文", "")]
    return render(request, "public/publicity/notice.html", {"notice": notice, "trail": trail})
