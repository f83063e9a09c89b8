"""The applicants of the school's programmes after publication: names masked, phones only while a seat is held.
(R6.08, F-C3; GB/T 35273)
"""

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import Programme, Season, Unit
from yangguang.queries.admissions import school_overview
from yangguang.queries.seasons.seasons import rounds_of
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.folding import fold_number
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import format_instant
from yangguang.sheets import fill_sheet, render_csv, render_xlsx
from yangguang.sheets.applicants import APPLICANTS
from yangguang.web.kit.actor import Request
from yangguang.web.kit.forms import CleanedChar, Filters
from yangguang.web.kit.paging import SIZE, page_of_rows, read_key
from yangguang.web.school.base.layout import own_school, page, season_of

EXPORTS = {
    "xlsx": (render_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (render_csv, "text/csv; charset=utf-8"),
}
EXPORT_ROWS = 20_000
"""Rows of one exported file, at most."""
OUTCOMES = [("", "全部"), ("admitted", "被本校录取"), ("elsewhere", "被更靠前的志愿录取"), ("missed", "未录取")]


class ApplicantFilters(Filters):
    """报名号, round, programme and outcome."""

    number = CleanedChar(read=fold_number, label="报名号")
    round = forms.TypedChoiceField(label="批次", coerce=int, empty_value=None)
    programme = forms.ChoiceField(label="专业")
    outcome = forms.ChoiceField(label="结果", choices=OUTCOMES)

    def __init__(self, request: Request, school: Unit, season: Season) -> None:
        super().__init__(request.GET)
        rounds = [(str(one.number), one.name) for one in rounds_of(season)]
        self.fields["round"].choices = [("", "全部批次"), *rounds]  # type: ignore[attr-defined]
        programmes = Programme.objects.for_actor(request.actor, Right.PLAN_DRAFT)
        programmes = programmes.filter(plan__school=school, plan__season=season).order_by("code")
        names = [(one.code, f"{one.major}（{one.get_programme_type_display()}）") for one in programmes]
        self.fields["programme"].choices = [("", "全部专业"), *names]  # type: ignore[attr-defined]

    @property
    def filters(self) -> dict[str, object]:
        chosen = self.chosen
        return chosen | {"round": chosen["round"] or 0}


@require_safe
def applicants(request: Request) -> HttpResponse:
    """One page of the list."""
    school, season = own_school(request, Right.APPLICATION_READ), season_of(request)
    form = ApplicantFilters(request, school, season)
    after = read_key(request, "after", 3)
    rows = []
    if form.is_valid():
        rows = school_overview.list_applicants(school, season, form.filters, after=after, limit=SIZE + 1)
    query = request.GET.urlencode()
    exports = [
        (label, f"{reverse('school:applicants_export', args=[kind])}?{query}")
        for label, kind in (("导出 Excel（脱敏）", "xlsx"), ("导出 CSV（脱敏）", "csv"))
    ]
    listed = page_of_rows(request, rows, lambda row: [row.number, row.round_number, row.programme])
    values = {"season": season, "filter": form, "list": listed, "exports": exports}
    return page(request, "applicants/applicants", values)


@require_safe
def export(request: Request, kind: str) -> HttpResponse:
    """The filtered list as a file: names masked, no phones, with a watermark of who took it."""
    if kind not in EXPORTS:
        raise Http404
    school, season = own_school(request, Right.APPLICATION_READ), season_of(request)
    form = ApplicantFilters(request, school, season)
    rows = []
    if form.is_valid():
        rows = school_overview.list_applicants(school, season, form.filters, limit=EXPORT_ROWS + 1)
    if len(rows) > EXPORT_ROWS:
        raise Refused(f"名单超过{EXPORT_ROWS}行，没有导出", now="请先按批次或专业筛选，分几次导出")
    labelled = [row._replace(state=row.label) for row in rows]
    until = format_instant(clock.now())
    mark = f"{request.actor.unit_name} {request.actor.role.label} {until} 导出（脱敏）"
    filled = fill_sheet(APPLICANTS, labelled, unit=school.name, season=str(season), until=until, mark=mark)
    render, mime = EXPORTS[kind]
    disposition = content_disposition_header(as_attachment=True, filename=f"applicants-{school.code}.{kind}")
    headers = {"Content-Disposition": str(disposition)}
    return HttpResponse(render(filled), content_type=mime, headers=headers)
