"""Check-in at the school: students are checked in as a list, and each refused number has its reason. (F-C5)"""

import re
from datetime import date
from functools import partial

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.admissions import check_ins
from yangguang.actions.admissions.check_ins import CheckInResult
from yangguang.models import Admission, Season
from yangguang.postgres.sql import Row
from yangguang.queries.admissions.check_ins import count_check_ins
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions.admission_states import ABSENT, CHECKED_IN, EXPECTED
from yangguang.rules.base.numbers import clean_application_number
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import SHANGHAI, format_day, window_status
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, submitted_data
from yangguang.web.kit.forms import add_refusal
from yangguang.web.kit.paging import page_of
from yangguang.web.school.base.layout import layout_context, own_school, page, season_of

TABS = {
    "expected": ("待报到", EXPECTED, "expected"),
    "came": ("已报到", (CHECKED_IN,), "checked_in"),
    "absent": ("未报到", (ABSENT,), "absent"),
}
"""Name in the address to label, states of the admissions listed, and the column that counts them."""
MAX_NUMBERS = 2_000
_MOST_NAMED, _LONGEST_WORD = 10, 20  # words in a refusal, and characters of each


class CheckInForm(forms.Form):
    """The day of arrival and pasted 报名号; ticked ones are sent beside the form."""

    arrived_on = forms.DateField(label="到校日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    pasted = forms.CharField(
        label="粘贴报名号",
        help_text="一行一个，或用空格、逗号隔开；也可以在下面的名单里勾选",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "inputmode": "numeric"}),
    )


@require_safe
def show(request: Request) -> HttpResponse:
    """Check-in by round, and the list of one tab."""
    return _render(request, CheckInForm(initial={"arrived_on": clock.now().astimezone(SHANGHAI).date()}))


def _render(request: Request, form: CheckInForm, ticked: tuple[str, ...] = (), status: int = 200) -> HttpResponse:
    school, season, at = own_school(request, Right.CHECK_IN_TAKE), season_of(request), clock.now()
    current = request.GET.get("tab", "") if request.GET.get("tab") in TABS else "expected"
    rounds, (_, listed, _) = count_check_ins(school, season), TABS[current]
    rows = Admission.objects.for_actor(request.actor, Right.CHECK_IN_TAKE)
    rows = rows.filter(school=school, round__season=season, state__in=listed)
    rows = rows.select_related("application", "person", "programme", "round")
    values = {
        **{"season": season, "form": form, "ticked": ticked},
        **{"tab": current, "tabs": _build_tabs(current, season, rounds)},
        "rounds": [(row, window_status(row.opens_at, row.closes_at, at)) for row in rounds],
        "list": page_of(request, rows, ("application__number", "round__number")),
    }
    return page(request, "admissions/check_in", values, status=status)


def _build_tabs(current: str, season: Season, rounds: list[Row]) -> list[tuple[str, str, bool, int]]:
    return [
        (label, f"?tab={name}&season={season.public_id}", name == current, sum(getattr(row, column) for row in rounds))
        for name, (label, _, column) in TABS.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: Request) -> HttpResponse:
    """Check in the ticked and pasted numbers; the answer lists each number with its result."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("school:check_in"))
    school, data = own_school(request, Right.CHECK_IN_TAKE), submitted_data(request)
    form, ticked = CheckInForm(data), tuple(data.getlist("numbers"))
    if not form.is_valid():
        return _render(request, form, ticked, status=422)
    day = form.cleaned_data["arrived_on"]
    try:
        numbers = merge_numbers(form.cleaned_data["pasted"], ticked)
        act = check_ins.check_in_students
        prepared = act.prepare(by=request.actor, school=school, numbers=numbers, arrived_on=day)
        done = partial(_render_result, request, day)
        return confirm(request, prepared, lambda: _confirmation(request, numbers, day), done)
    except Refused as refusal:
        add_refusal(form, refusal)
        return _render(request, form, ticked, status=422)


def merge_numbers(text: str, ticked: tuple[str, ...]) -> list[str]:
    """The ticked numbers once, then the pasted ones as they are, so that a number pasted twice is refused.

    Raises:
        Refused: there is no number, or too many, or a pasted word that can be none.
    """
    words = [word for word in re.split(r"[\s,，;；、\"“”]+", text) if word]
    read = [_read_or_none(word) for word in words]
    pasted = [number for number in read if number]
    if wrong := [word for word, number in zip(words, read, strict=True) if number is None]:
        listed = "、".join(word[:_LONGEST_WORD] for word in wrong[:_MOST_NAMED])
        what = f"有{len(wrong)}个不是报名号：{listed}" + ("等" if len(wrong) > _MOST_NAMED else "")
        why = "报名号是16位数字，最后一位是校验码；从电子表格复制的可能已被改成科学计数法或丢了末尾几位"
        raise Refused(what, why=why, now="请对照录取名单改正或删去，再提交", where="pasted")
    # No 报名号 contains NUL, and PostgreSQL accepts no text with it.
    ticked = tuple(number.replace("\x00", "") for number in ticked)
    numbers = [*(number for number in ticked if number not in pasted), *pasted]
    if len(numbers) > MAX_NUMBERS:
        what = f"名单有{len(numbers)}个报名号，一次最多{MAX_NUMBERS}个"
        raise Refused(what, why="一个也没有办理", now="请分成几次办理", where="pasted")
    if not numbers:
        raise Refused("名单是空的", now="请勾选或粘贴至少一个报名号", where="pasted")
    return numbers


def _read_or_none(word: str) -> str | None:
    try:
        return clean_application_number(word)
    except Refused:
        return None


def _confirmation(request: Request, numbers: list[str], day: date) -> Confirmation:
    effects = [
        ("每名学生会收到短信，知道自己已被办理报到；短信写明不是本人到校的怎样办。", False),
        ("不能办理的报名号逐个列出原因，其他学生不受影响。", False),
    ]
    return Confirmation(
        f"为 {len(numbers)} 个报名号办理报到（{format_day(day)}到校）？",
        "办理报到",
        effects,
        reverse("school:check_in"),
        context=layout_context(request) | {"numbers": numbers},
        template="school/admissions/confirm_check_in.html",
    )


def _render_result(request: Request, day: date, result: CheckInResult) -> HttpResponse:
    return page(request, "admissions/checked_in", {"result": result, "day": day})
