"""The numbers of a page's pictures as CSV, at the address of the page with `csv=` and the name of the picture. (X3.03)

A view gives the same rows to the components and to the file, so a file and the table beside a picture cannot differ.
"""

from collections.abc import Iterable, Mapping, Sequence

from django import template
from django.http import Http404, HttpResponse, QueryDict
from django.template.context import Context
from django.utils.http import content_disposition_header

from yangguang.rules.seasons.windows import format_instant
from yangguang.sheets.to_csv import render_texts
from yangguang.web.kit.actor import Request
from yangguang.web.kit.charts import Span

register = template.Library()
Rows = Sequence[Mapping[str, object]]
"""Rows of one picture: head of the column → value; the first row has every head."""


def send_chart(request: Request, charts: Mapping[str, Rows]) -> HttpResponse | None:
    """The file of the picture in the address; None where the address asks for the page itself.

    Raises:
        Http404: the page has no such picture, or nothing to draw it from.
    """
    name = request.GET.get("csv", "")
    if not name:
        return None
    rows = charts.get(name)
    if not rows:
        raise Http404
    table = [list(rows[0]), *(["" if value is None else str(value) for value in row.values()] for row in rows)]
    header = content_disposition_header(as_attachment=True, filename=f"{name}.csv")
    headers = {"Content-Disposition": str(header)}
    return HttpResponse(render_texts(table), content_type="text/csv; charset=utf-8", headers=headers)


@register.inclusion_tag("components/chart_csv.html", takes_context=True)
def chart_csv(context: Context, name: str) -> dict[str, str]:
    """The link to the file of a picture, with everything else that the address of the page chooses."""
    request = getattr(context, "request", None)
    chosen = request.GET.copy() if request else QueryDict(mutable=True)
    chosen["csv"] = name
    return {"url": f"?{chosen.urlencode()}"}


def tabulate_funnel(steps: Iterable[Mapping[str, object]]) -> Rows:
    """The steps of `components/funnel.html`."""
    return [{"步骤": step["label"], "人数": step["number"], "比上一步少": step.get("lost")} for step in steps]


def tabulate_rates(rows: Iterable[Mapping[str, object]], measure: str = "完成率") -> Rows:
    """The rows of `components/ranked_bars.html`, or the tiles of a map."""
    return [{"单位": row["name"], measure: row["number"]} for row in rows]


def tabulate_steps(rows: Iterable[Mapping[str, object]]) -> Rows:
    """The rows of `components/waterfall.html`."""
    return [{"项目": row["label"], "人数": row["number"]} for row in rows]


def tabulate_windows(rows: Iterable[tuple[str, Iterable[Span]]]) -> Rows:
    """The rows of `components/gantt.html`."""
    return [
        {"事项": one.label, "开始": format_instant(one.opens_at), "截止": format_instant(one.closes_at, closing=True)}
        for _, spans in rows
        for one in spans
    ]
