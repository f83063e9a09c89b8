"""招生学校名录: what was published when, and publishing a list by two people. (S23-2.09, S23-5.07)"""

from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.organisation import directory
from yangguang.models import Unit
from yangguang.queries.organisation.school_lists import (
    compare_list,
    find_list_day,
    find_schools,
    list_publications,
)
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.seasons.windows import SHANGHAI
from yangguang.sheets.school_list import SCHOOL_LIST, read_file, read_typed
from yangguang.web.authority.base.layout import confirmation, page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to, submitted_data
from yangguang.web.kit.error_workbooks import send_error_workbook, store_error_workbook
from yangguang.web.kit.forms import FileOrTextForm, add_refusal


class SchoolListForm(FileOrTextForm):
    """The year, the document, and the schools from a file or typed."""

    year = forms.TypedChoiceField(label="招生年度", coerce=int)
    basis = forms.CharField(label="依据文件", max_length=200, help_text="文件名和文号；随名录一起公布")

    def __init__(self, this_year: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [(year, f"{year}年") for year in (this_year, this_year + 1)]
        self.fields["year"].choices = years  # type: ignore[attr-defined]
        self.fields["file"].label = "名录文件"
        self.fields["file"].help_text = "xlsx 或 csv，两列：学校代码、学校名称；重名的学校必须有代码"
        self.fields["pasted"].help_text = "每行一所：学校代码，或者学校名称"
        self.order_fields(["year", "basis", "file", "pasted"])


@require_safe
def school_lists(request: Request) -> HttpResponse:
    """Every publication of the actor's sector, the newest first."""
    rows = list_publications(sector=request.actor.sector)
    return page(request, "organisation/school_lists", {"rows": rows, "newest": rows[0] if rows else None})


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: Request) -> HttpResponse:
    """The form, then what it would publish, to be signed; the second person submits the same list."""
    this_year = clock.now().astimezone(SHANGHAI).year
    if request.method != "POST":
        return send_error_workbook(request) or _render(request, SchoolListForm(this_year))
    form, refusal = SchoolListForm(this_year, submitted_data(request), request.FILES), None
    try:
        if form.is_valid():
            file = form.cleaned_data["file"]
            rows = read_file(file.read(), file.name) if file else read_typed(form.cleaned_data["pasted"])
            return _confirm(request, form.cleaned_data, find_schools(rows, request.actor.sector))
    except BadRows as error:
        refusal = error
    except Refused as error:
        add_refusal(form, error)
    return _render(request, form, refusal)


def _confirm(request: Request, data: dict[str, Any], schools: list[Unit]) -> HttpResponse:
    year, basis, back = data["year"], data["basis"].strip(), reverse("authority:school_lists")
    prepared = directory.publish_list.prepare(by=request.actor, year=year, basis=basis, schools=schools)
    return confirm(request, prepared, lambda: _build_page(request, year, basis, schools, back), redirect_to(back))


def _build_page(request: Request, year: int, basis: str, schools: list[Unit], back: str) -> Confirmation:
    day = find_list_day(year, clock.now())
    comparison = compare_list(schools, year, request.actor.sector, day)
    effects = [
        (f"{len(comparison.added)} 所学校从这一刻起列入{year}年名录，可以编报招生计划。", False),
        (f"名录随即在公开网站上显示，写明以{day.year}年{day.month}月{day.day}日具有招生资格的学校为准。", False),
        ("公布以后不能在平台上收回；不能再招生的学校，用处理措施停止招生。", True),
        ("两个人提交的年度、依据文件和名单必须完全相同，先后不限。", False),
    ]
    carry = QueryDict(mutable=True)
    carry.update({"year": str(year), "basis": basis, "pasted": "\n".join(school.code for school in schools)})
    title = f"公布{year}年招生学校名录（{len(schools)} 所）？"
    page = confirmation(request, title, "公布名录", effects, back, comparison=comparison, basis=basis, year=year)
    return replace(page, template="authority/organisation/school_list_confirm.html", carry=carry)


def _render(request: Request, form: SchoolListForm, refusal: BadRows | None = None) -> HttpResponse:
    trail = [("招生学校名录", reverse("authority:school_lists")), ("公布名录", "")]
    workbook = store_error_workbook(request, form.cleaned_data["file"], refusal, SCHOOL_LIST) if refusal else ""
    values = {"form": form, "refusal": refusal, "workbook": workbook, "trail": trail}
    status = 422 if refusal or form.errors else 200
    return page(request, "organisation/school_list_publish", values, status=status)
