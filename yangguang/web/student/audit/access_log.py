"""消息, and 谁看过我的信息: every entry of the log about one's own person. (T1.09, F-B14; 个人信息保护法 第四十四条)"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.models import Message
from yangguang.queries.applicants.student_home import looks, newest, told
from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.actor import Request
from yangguang.web.kit.paging import page_of
from yangguang.web.student.base.layout import show


@require_safe
def messages(request: Request) -> HttpResponse:
    """Every message the platform sent about this family, the newest first."""
    rows = Message.objects.for_actor(request.actor, Right.RESULT_LOOKUP_SELF)
    page = page_of(request, rows, ("-recorded_at", "-event", "-subject"), 20)
    return show(
        request,
        "student/messages/messages.html",
        {"title": "消息", "page": page},
        application=newest(request.actor),
    )


@require_safe
def seen(request: Request) -> HttpResponse:
    """Who did what with this family's data, and when."""
    page = page_of(request, looks(request.actor), ("-at", "-public_id"), 30)
    values = {"title": "谁看过我的信息", "page": page, "looks": told(request.actor, page.rows)}
    return show(request, "student/audit/access_log.html", values, application=newest(request.actor))
