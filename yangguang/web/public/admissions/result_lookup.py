"""Look up one's own result by three facts: a POST that is never cached, one answer for all unknown facts.
(T2.07, F-B7)
"""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from yangguang.actions.admissions import result_lookup
from yangguang.rules.base.refusals import Refused
from yangguang.web.kit.actor import Request
from yangguang.web.kit.forms import add_refusal
from yangguang.web.public.base.forms import FactsForm
from yangguang.web.public.base.layout import HOME

UNKNOWN = Refused(
    "没有查到结果",
    why="三项信息中至少有一项与报名时不一致，或者没有这样的报名；为保护考生，不说明是哪一项",
    now="请对照回执逐字核对；仍查不到时，请登录“我的页面”查看，或向县级招生主管部门核实",
)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: Request) -> HttpResponse:
    """The form for the three facts, or the published results of that one person with the name masked."""
    form = FactsForm(request.POST if request.method == "POST" else None)
    values, status = {"form": form, "trail": [HOME, ("查录取结果", "")]}, 422 if form.is_bound else 200
    if form.is_valid():
        try:
            results = result_lookup.look_up(by=request.actor, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
            status = refusal.status
        else:
            status, unknown = (200, None) if results else (404, UNKNOWN)
            values |= {"results": results, "refusal": unknown, "name": form.cleaned_data["name"]}
    response = render(request, "public/admissions/result.html", values, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
