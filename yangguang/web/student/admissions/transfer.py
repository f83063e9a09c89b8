"""换录: the student gives up the current seat and takes another in one step. (F-D11)"""

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.admissions import transfers
from yangguang.models import Admission, Programme
from yangguang.queries.admissions.current_admission import find_current_admission, name_seat
from yangguang.queries.applicants import student_home
from yangguang.queries.choices.programme_options import find_option, rounds_for
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import NotFound
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, displayed_or
from yangguang.web.student.base.layout import confirm_or_refuse, confirmation
from yangguang.web.student.choices.draft import select_round


@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: Request, application: UUID, number: int, programme: UUID) -> HttpResponse:
    """Transfer to this programme of round `number`."""
    row, at = student_home.application(request.actor, application), clock.now()
    here, current = select_round(rounds_for(row, at), number), find_current_admission(row)
    option = find_option(here.round, row, programme, at) if here is not None else None
    if here is None or option is None or current is None:
        why = "您没有名额，或它不在本批次的招生范围内"
        raise NotFound("没有可以换录的专业", why=why, now="请从本批次的专业中选择")
    programmes = Programme.objects.for_actor(request.actor, Right.PLAN_READ_PUBLISHED)
    chosen: Programme = programmes.get_or_not_found(pk=option.pk)
    by, round, seen = request.actor, here.round, displayed_or(request, name_seat(current))
    prepared = transfers.transfer.prepare(by=by, application=row, round=round, programme=chosen, seen=seen)
    page = _build_confirmation(request, current, number, option.name)
    return confirm_or_refuse(request, prepared, page, reverse("student:progress", args=[row.public_id]))


def _build_confirmation(request: Request, current: Admission, number: int, name: str) -> Confirmation:
    effects = [
        (f"您失去“{current.school.name} · {current.programme.major}”的名额，不能恢复。", True),
        ("您的候补、递补和退录申请（如有）一并终止。", True),
        (f"您立即被“{name}”录取，视为已接受，名额保留到报到截止。", False),
        ("两件事一起办成；如果新名额没有了，原来的名额不变。", False),
    ]
    question, application = f"换录到 {name}？", current.application
    back = reverse("student:choices", args=[application.public_id, number])
    return confirmation(
        request, "换录", question, "确认换录", effects, back, application, is_danger=True, carry=QueryDict()
    )
