"""撤回报名 and 恢复报名, each with a code. (S23-2.05)"""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang.actions.applicants import application_withdrawal as acts
from yangguang.queries.applicants import student_home
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Effects
from yangguang.web.student.base.layout import confirm_or_refuse, confirmation

LOSSES: Effects = [
    ("各批次都不再录取您；已经提交的志愿不再算数。", True),
    ("报名号和每一版志愿仍然保留，可以查到。", False),
    ("报名截止以前，可以在“我的进度”恢复报名，志愿要重新提交。", False),
    ("您和监护人会收到短信。", False),
]
GAINS: Effects = [
    ("报名恢复，报名号不变；报名时填的信息不变。", False),
    ("志愿要重新提交，以前的版本不再算数。", True),
]


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, application: UUID) -> HttpResponse:
    """Withdraw the application; what stands against it is said before a code is sent."""
    row, back = student_home.application(request.actor, application), reverse("student:progress", args=[application])
    prepared = acts.withdraw.prepare(by=request.actor, application=row, season=row.season)
    page = confirmation(request, "撤回报名", "撤回报名？", "撤回报名", LOSSES, back, row, is_danger=True)
    return confirm_or_refuse(request, prepared, page, back)


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: Request, application: UUID) -> HttpResponse:
    """Take a withdrawn application back."""
    row, back = student_home.application(request.actor, application), reverse("student:progress", args=[application])
    prepared = acts.restore.prepare(by=request.actor, application=row, season=row.season)
    page = confirmation(request, "恢复报名", "恢复报名？", "恢复报名", GAINS, back, row)
    return confirm_or_refuse(request, prepared, page, back)
