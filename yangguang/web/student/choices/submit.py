"""核对 and 验证码提交: exactly the list that was displayed is put in force. (S23-2.05, F-B4, F-B5)"""

from functools import partial
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.admissions import direct_enrolment
from yangguang.actions.choices import choices
from yangguang.models import Application, Programme, Round
from yangguang.queries.applicants import student_home
from yangguang.queries.choices.programme_options import find_option, open_round, options_of, round_of
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import NotFound, Refused, VersionConflict
from yangguang.rules.runs.rounds import Silence
from yangguang.rules.seasons.windows import format_closing
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, submitted_data
from yangguang.web.kit.displayed import FIELD, read_displayed, seal_displayed
from yangguang.web.student.base.layout import (
    NOTHING_SUBMITTED,
    confirm_or_refuse,
    confirmation,
    layout_context,
    refused,
)
from yangguang.web.student.choices.both_lists import render_both_lists
from yangguang.web.student.choices.draft import load_draft


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: Request, application: UUID, number: int) -> HttpResponse:
    """Read the list again, then submit exactly it."""
    row = student_home.application(request.actor, application)
    round = _require_round(row, number)
    programmes, seen = _read_list(request, row, round)
    submit = choices.submit
    prepared = submit.prepare(by=request.actor, application=row, round=round, programmes=programmes, seen=seen)
    page = partial(_page, request, row, round, programmes, seen)
    try:
        return confirm(request, prepared, page, lambda version: redirect("student:receipt", version.public_id))
    except VersionConflict:
        return render_both_lists(request, row, round, programmes)
    except Refused as refusal:
        return _render_refusal(request, row, round, refusal)


def _render_refusal(request: Request, application: Application, round: Round, refusal: Refused) -> HttpResponse:
    draft = load_draft(request.actor, application, round, clock.now())
    has_draft = draft.is_draft and bool(draft.programmes)
    note = "什么都没有提交，您填好的草稿还在。" if has_draft else NOTHING_SUBMITTED
    label, context = "返回修改" if has_draft else "返回", layout_context(request, "核对", application)
    return refused(request, refusal, _back(application, round), context, note=note, back_label=label)


def _read_list(request: Request, application: Application, round: Round) -> tuple[list[int], str]:
    """The programmes (row ids) that the page shows and submits, and the version of the draft it showed."""
    if request.method == "POST":
        data = submitted_data(request)
        return [_programme_id(one) for one in data.getlist("programme")], read_displayed(request, data).version
    draft = load_draft(request.actor, application, round, clock.now())
    return draft.programmes, draft.version


def _programme_id(programme: str) -> int:
    """Row id of a programme as the page sent it; 0, which no programme has, for any other text."""
    return int(programme) if programme.isascii() and programme.isdecimal() and len(programme) < 19 else 0


def _require_round(application: Application, number: int) -> Round:
    round = round_of(application, number)
    if round is None:
        raise NotFound("没有这个批次", now="请从“志愿填报”重新进入")
    return round


def _back(application: Application, round: Round) -> str:
    return reverse("student:choices", args=[application.public_id, round.number])


def _page(request: Request, application: Application, round: Round, programmes: list[int], seen: str) -> Confirmation:
    here, options = open_round(application, round, clock.now()), options_of(round, application, programmes, clock.now())
    last = student_home.versions(request.actor, application).filter(round=round).first()
    effects = [
        *([(f"第 {last.number} 版志愿作废，以这一次为准。", True)] if last else []),
        (f"这 {len(options)} 个志愿按现在的顺序生效，系统给您回执。", False),
        (f"截止前（{format_closing(here.closes)}）可以随时再改，次数不限；提交先后不影响录取。", False),
        (f"录取后逾期不应答的，{Silence(round.silence).label}。", False),
    ]
    carry = _carried(request, programmes, seen)
    context = layout_context(request, "核对", application) | {"choices": options, "here": here}
    return Confirmation(
        f"提交这 {len(options)} 个志愿？",
        "提交志愿",
        effects,
        _back(application, round),
        context=context,
        template="student/choices/check.html",
        carry=carry,
    )


def _carried(request: Request, programmes: list[int], seen: str) -> QueryDict:
    """The list that the page shows, with its version, for the next step."""
    carry = QueryDict(mutable=True)
    carry.setlist("programme", [str(programme) for programme in programmes])
    carry[FIELD] = seal_displayed(request, seen)
    return carry


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: Request, application: UUID, number: int, programme: UUID) -> HttpResponse:
    """免试注册: show the effects of the consent, then claim the seat."""
    row = student_home.application(request.actor, application)
    round = _require_round(row, number)
    option = find_option(round, row, programme, clock.now())
    if option is None:
        raise NotFound("没有找到这个专业", why="它不在本批次的招生范围内", now="请从本批次的专业中选择")
    programmes = Programme.objects.for_actor(request.actor, Right.PLAN_READ_PUBLISHED)
    chosen: Programme = programmes.get_or_not_found(pk=option.pk)
    prepared = direct_enrolment.enrol.prepare(by=request.actor, application=row, round=round, programme=chosen)
    effects = [
        ("您占用本年度唯一的名额，不能再填报或注册其他学校，除非先放弃。", True),
        (f"您立即被“{option.name}”录取，视为已接受，名额保留到报到截止。", False),
    ]
    texts = ("免试注册", f"注册到 {option.name}？", "确认注册", effects)
    page = confirmation(request, *texts, _back(row, round), row, carry=QueryDict())
    return confirm_or_refuse(request, prepared, page, reverse("student:home"), note=NOTHING_SUBMITTED)
