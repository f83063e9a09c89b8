"""谁看过我的信息: every entry of the log about the student. (T1.09, F-B14; 个人信息保护法 第四十四条)"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.queries.applicants.student_home import newest_application
from yangguang.queries.audit.access_log import SELF, describe_entries, filter_access_log
from yangguang.web.kit.actor import Request
from yangguang.web.kit.paging import page_of
from yangguang.web.student.base.layout import render_page


@require_safe
def access_log(request: Request) -> HttpResponse:
    """Who did what with this family's data, and when."""
    page = page_of(request, filter_access_log(request.actor), ("-at", "-public_id"), 30)
    rows = describe_entries(request.actor, page.rows)
    by_others = sum(who != SELF for _, _, who in rows)
    values = {"title": "谁看过我的信息", "page": page, "rows": rows, "by_others": by_others}
    return render_page(request, "student/audit/access_log.html", values, application=newest_application(request.actor))
