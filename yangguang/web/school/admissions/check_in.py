"""The door: a list taken in one act, with a reason for everyone who is not; late ones and no-shows. (F-C5)"""

import re
from datetime import date

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.admissions import check_ins
from yangguang.actions.admissions.check_ins import CheckedIn
from yangguang.models import Admission
from yangguang.queries.admissions.school_overview import doors
from yangguang.queries.seasons.seasons import seasons
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import SHANGHAI, window_status
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, submitted_data
from yangguang.web.kit.forms import beside
from yangguang.web.kit.paging import page_of
from yangguang.web.school.base.layout import framed, own_school, page, season_of

TABS = {
    "expected": ("待报到", ("OFFERED", "ACCEPTED", "WAITING")),
    "came": ("已报到", ("CHECKED_IN",)),
    "absent": ("未报到", ("ABSENT",)),
}
MOST = 2_000


class DoorForm(forms.Form):
    """The day, and the 报名号 pasted out of a table; ticked ones come beside."""

    at_door = forms.DateField(
        label="到校日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    pasted = forms.CharField(
        label="粘贴报名号",
        help_text="一行一个，或用空格、逗号隔开；也可以在下面的名单里勾选",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "inputmode": "numeric"}),
    )


@require_safe
def door(request: Request) -> HttpResponse:
    """Check-in by round, and the list of one tab."""
    return _shown(request)


def _shown(
    request: Request, form: DoorForm | None = None, ticked: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    school, season, at = own_school(request, Right.CHECK_IN_TAKE), season_of(request), clock.now()
    tab = request.GET.get("tab", "expected") if request.GET.get("tab") in TABS else "expected"
    found = doors(school, season)
    rows = Admission.objects.for_actor(request.actor, Right.CHECK_IN_TAKE)
    rows = rows.filter(school=school, round__season=season, state__in=TABS[tab][1])
    rows = rows.select_related("application", "person", "programme", "round")
    counts = {name: sum(getattr(one, column) for one in found) for name, column in _COLUMNS.items()}
    values = {
        "season": season, "seasons": seasons(), "tab": tab, "ticked": ticked,
        "doors": [(one, window_status(one.opens_at, one.closes_at, at)) for one in found],
        "tabs": [(says, f"?tab={name}&season={season.public_id}", name == tab, counts[name])
                 for name, (says, _) in TABS.items()],
        "form": form or DoorForm(initial={"at_door": at.astimezone(SHANGHAI).date()}),
        "list": page_of(request, rows, ("application__number", "round__number")),
    }  # fmt: skip
    return page(request, "admissions/check_in", values, status=status)


_COLUMNS = {"expected": "expected", "came": "checked_in", "absent": "absent"}


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: Request) -> HttpResponse:
    """Check in what was ticked and pasted; the answer says for every number what became of it."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("school:check_in"))
    school, sent = own_school(request, Right.CHECK_IN_TAKE), submitted_data(request)
    form, ticked = DoorForm(sent), tuple(sent.getlist("numbers"))
    if not form.is_valid():
        return _shown(request, form, ticked, status=422)
    numbers = numbers_in(form.cleaned_data["pasted"], ticked)
    day: date = form.cleaned_data["at_door"]
    prepared = check_ins.take.prepare(by=request.actor, school=school, numbers=numbers, at_door=day)
    try:
        if not numbers:
            raise Refused("名单是空的", now="请勾选或粘贴至少一个报名号", where="numbers")
        return confirm(
            request, prepared, lambda: _page(request, numbers, day), lambda done: _told(request, done, day)
        )
    except Refused as refusal:
        refusal.where = {"numbers": "pasted"}.get(refusal.where, refusal.where)
        beside(form, refusal)
        return _shown(request, form, ticked, status=422)


def numbers_in(text: str, ticked: tuple[str, ...]) -> list[str]:
    """Every number once as ticked, then the pasted ones as they stand: a number pasted twice is told to be so."""
    pasted = [word for word in re.split(r"[\s,，;；、]+", text) if word]
    ticked = tuple(
        number.replace("\x00", "") for number in ticked
    )  # No number has it, and no query takes it.
    return [*(number for number in ticked if number not in pasted), *pasted][:MOST]


def _page(request: Request, numbers: list[str], day: date) -> Confirmation:
    effects = [
        ("每名学生会收到短信，知道自己已被办理报到；不是本人的可以当场申明。", False),
        ("不能办理的报名号逐个列出原因，其他学生不受影响。", False),
    ]
    title = f"为 {len(numbers)} 个报名号办理报到（{day.year}年{day.month}月{day.day}日到校）？"
    context = framed(request) | {"numbers": numbers}
    back = reverse("school:check_in")
    return Confirmation(
        title, "办理报到", effects, back, context=context, template="school/admissions/take.html"
    )


def _told(request: Request, done: CheckedIn, day: date) -> HttpResponse:
    return page(request, "admissions/taken", {"done": done, "day": day})
