"""自主测试加分: points from a file or typed, checked, then reported by two people of the school. (R3.10)"""

from typing import Any

from django import forms
from django.db.models import Count, Max
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.applicants import aptitude_tests
from yangguang.gateways.ciphers import sm3
from yangguang.models import Programme
from yangguang.queries.applicants.aptitude_tests import find_applications, require_loadable
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.aptitude_tests import APTITUDE_TESTS, format_typed, read_file, read_typed
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to, submitted_data
from yangguang.web.kit.error_workbooks import send_error_workbook, store_error_workbook
from yangguang.web.kit.forms import FileOrTextForm, add_refusal
from yangguang.web.school.base.layout import layout_context, page, season_of


class PointsForm(FileOrTextForm):
    """The points of one programme, from a file or typed."""

    programme = forms.ChoiceField(label="专业")

    def __init__(self, programmes: list[Programme], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(one.public_id), f"{one.major}（最高加{one.aptitude_test_max}分）") for one in programmes]
        self.fields["programme"].choices = names  # type: ignore[attr-defined]
        self.fields["file"].label = "加分文件"
        self.fields["file"].help_text = "xlsx 或 csv，两列：报名号、加分；列的先后不限"
        self.fields["pasted"].help_text = "每行一个：报名号 加分；填 0 是取消已报送的加分"


@require_http_methods(["GET", "HEAD", "POST"])
def points(request: Request) -> HttpResponse:
    """The school's programmes with an aptitude test, what was reported for each, and the form for a report."""
    season = season_of(request)
    rows = Programme.objects.for_actor(request.actor, Right.APTITUDE_TEST_LOAD).select_related("plan__season")
    rows = rows.filter(plan__season=season, plan__state="PUBLISHED", aptitude_test_max__gt=0)
    loaded = {"people": Count("aptitude_tests"), "newest": Max("aptitude_tests__recorded_at")}
    programmes = list(rows.annotate(**loaded).order_by("code"))
    if request.method != "POST":
        return send_error_workbook(request) or _render_points(request, programmes, PointsForm(programmes))
    form = PointsForm(programmes, submitted_data(request), request.FILES)
    try:
        if form.is_valid():
            chosen = form.cleaned_data["programme"]
            return _confirm_points(request, next(x for x in programmes if str(x.public_id) == chosen), form)
    except BadRows as refusal:
        return _render_points(request, programmes, form, refusal)
    except Refused as refusal:
        add_refusal(form, refusal)
    return _render_points(request, programmes, form)


def _confirm_points(request: Request, programme: Programme, form: PointsForm) -> HttpResponse:
    """Check everything the action will check, then show the points to be signed."""
    file = form.cleaned_data["file"]
    rows = read_file(file.read(), file.name) if file else read_typed(form.cleaned_data["pasted"])
    require_loadable(programme, clock.now())
    find_applications(programme, rows)
    # Both people sign the rows that are displayed here, independent of the file format.
    text, back = format_typed(rows), reverse("school:aptitude_tests")
    rows, digest = read_typed(text), sm3(text.encode()).hex()
    prepared = aptitude_tests.load.prepare(by=request.actor, programme=programme, rows=rows, digest=digest)
    carry = QueryDict(mutable=True)
    carry.update({"programme": str(programme.public_id), "pasted": text})
    effects = [
        (f"{len(rows)} 名考生的加分计入{programme.major}的总分，只在这一个专业有效。", False),
        ("考生登录后能看到自己的加分和报送的学校。", False),
        ("志愿填报截止后不能再报送或更正。", True),
    ]
    context = layout_context(request) | {"rows": rows}
    title = f"报送{programme.major} {len(rows)} 人的自主测试加分？"
    template = "school/applicants/aptitude_test_confirm.html"
    page = Confirmation(title, "报送加分", effects, back, context=context, template=template, carry=carry)
    return confirm(request, prepared, lambda: page, redirect_to(back))


def _render_points(
    request: Request, programmes: list[Programme], form: PointsForm, refusal: BadRows | None = None
) -> HttpResponse:
    workbook = store_error_workbook(request, form.cleaned_data["file"], refusal, APTITUDE_TESTS) if refusal else ""
    values = {"season": season_of(request), "programmes": programmes, "form": form, "refusal": refusal}
    values |= {"workbook": workbook}
    return page(request, "applicants/aptitude_tests", values, status=422 if refusal or form.errors else 200)
