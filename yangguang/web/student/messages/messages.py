"""消息: the messages sent to the family. (F-B14)"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.models import Message
from yangguang.queries.accounts.guardians import list_copies
from yangguang.queries.applicants.student_home import newest_application
from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.actor import Request
from yangguang.web.kit.paging import page_of
from yangguang.web.student.base.layout import render_page


@require_safe
def messages(request: Request) -> HttpResponse:
    """Every message about this family, the newest first."""
    rows = Message.objects.for_actor(request.actor, Right.RESULT_LOOKUP_SELF)
    page = page_of(request, rows, ("-recorded_at", "-event", "-subject"), 20)
    values = {"title": "消息", "page": page, "copies": list_copies(request.actor)}
    return render_page(request, "student/messages/messages.html", values, application=newest_application(request.actor))
