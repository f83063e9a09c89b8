"""The gallery: every component in every state on one page, with the lines that call it. (X3.03)

Its made-up values are in `templates/gallery/samples.json`, and here where they are forms, refusals or instants. Every
school, person and number is 演示.
"""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template, render_to_string
from django.views.decorators.http import require_safe

from yangguang.rules.base.refusals import BadRows, Refused, WindowClosed
from yangguang.rules.seasons.windows import SHANGHAI, start_of, until, window_status
from yangguang.web.kit.approval_strip import ApprovalStep
from yangguang.web.kit.charts import Span

SAMPLES: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "templates" / "gallery" / "samples.json").read_text(encoding="utf-8")
)
TITLES: dict[str, str] = SAMPLES["titles"]
NOW = datetime(2024, 8, 28, 9, 30, tzinfo=SHANGHAI)
CLOSED = WindowClosed(
    "填报志愿已经截止",
    why="开放到2024年8月27日24:00，收到您的请求是2024年8月28日00:00:03",
    now="请留意补录通知，补录同样由您自己填报。",
    clause="演示条款：招生时间安排第 2 项",
)
BAD_ROWS = BadRows(
    "这张表没有写入，有 2 处需要改正",
    [
        Refused("任务数写的是文字“约两千”", now="请改成整数", where="第 7 行·招生任务（人）"),
        Refused("各行相加是 67,685，比总数少 1", now="请核对这一行", where="第 35 行·合计"),
    ],
    now="只改这两处，再上传一次",
)


class SampleForm(forms.Form):
    """Every kind of control once."""

    name = forms.CharField(label="姓名", help_text="与身份证一致；姓名中间的点写作“·”", max_length=40)
    identity = forms.CharField(label="身份证号", max_length=18)
    born = forms.DateField(label="出生日期", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    origin = forms.ChoiceField(label="生源类别", choices=[("1", "应届初中"), ("2", "往届初中")])
    form = forms.ChoiceField(
        label="办学形式",
        choices=[("F", "全日制"), ("P", "非全日制")],
        widget=forms.RadioSelect,
        help_text="在校学习选全日制",
    )
    need = forms.MultipleChoiceField(
        label="需要的帮助",
        choices=[("1", "住校"), ("2", "资助"), ("3", "随班就读")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label="补充说明", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    code = forms.CharField(label="短信验证码", help_text="6 位数字，5 分钟内有效")
    agree = forms.BooleanField(label="我已阅读并同意《个人信息处理告知》")


class FilterForm(forms.Form):
    """Two fields over a list."""

    q = forms.CharField(label="学校", required=False)
    city = forms.ChoiceField(label="所在地", choices=[("", "全省"), ("4101", "郑州市")], required=False)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Render all samples of `templates/gallery/`; needs no database."""
    values, samples = sample_values(), []
    for name, title in TITLES.items():
        path = f"gallery/{name}.html"
        usage = get_template(path).template.source  # type: ignore[attr-defined]
        html = render_to_string(path, values, request)
        samples.append({"name": name, "title": title, "usage": usage, "html": html})
    return render(request, "gallery.html", {"samples": samples, "trail": [("首页", "/"), ("组件一览", "")]})


def sample_values() -> dict[str, Any]:
    """The values of all samples."""
    bad = SampleForm({"bad-name": "张三", "bad-identity": "410105200802300010", "bad-origin": "1"}, prefix="bad")
    bad.add_error("identity", "身份证号里的出生日期（2008年2月30日）不存在，请对照身份证重新填写")
    return SAMPLES | {
        "form": SampleForm(),
        "bad": bad,
        "filter": FilterForm(),
        "bad_rows": BAD_ROWS,
        "closed": CLOSED,
        "now": NOW,
        "since": date(2024, 7, 1),
        "windows": _windows(),
        "gantt": _gantt(),
        "events": _events(),
        "two": [
            ApprovalStep("提请公布", "done", who="演示甲", unit="演示市教育局", at=NOW, key="优盾已签名"),
            ApprovalStep("批准公布", "now", note="提请人不能批准自己的提请"),
        ],
        "notices": [{"title": "为什么提交先后不影响录取（演示）", "url": "#notices", "at": NOW, "by": "演示市教育局"}],
        "tiles": [_tile(unit, percent) for unit, percent in SAMPLES["tiles"].items()],
    }


def _windows() -> list[dict[str, Any]]:
    windows = [
        ("网上报名", start_of(date(2024, 8, 20)), until(date(2024, 9, 5))),
        ("填报志愿", start_of(date(2024, 8, 25)), NOW + timedelta(hours=5, minutes=12)),
        ("补录", start_of(date(2024, 9, 20)), until(date(2024, 11, 10))),
        ("统一录取", None, None),
        ("计划公布", start_of(date(2024, 8, 1)), until(date(2024, 8, 19))),
    ]
    return [{"label": label, "opens": opens, "closes": closes} for label, opens, closes in windows]


def _gantt() -> dict[str, Any]:
    spans = [
        Span(one["label"], one["opens"], one["closes"], window_status(one["opens"], one["closes"], NOW))
        for one in _windows()
        if one["opens"]
    ]
    rows = [(span.label, [span]) for span in spans]
    return {"rows": rows, "begins": start_of(date(2024, 8, 1)), "ends": until(date(2024, 12, 31))}


def _events() -> list[dict[str, Any]]:
    answer = {"next": "请应答：接受或放弃。", "until": until(date(2024, 8, 31)), "url": "#timeline", "act": "去应答"}
    events = [
        ("done", "报名成功", "本人", NOW - timedelta(days=8)),
        ("refused", "照片未通过", "系统检查", NOW - timedelta(days=7)),
        ("now", "已录取：演示职业学校 · 数控技术应用（演示）", "演示市教育局公布", NOW),
        ("next", "到校报到", "带身份证到学校", None),
    ]
    rows = [{"state": state, "what": what, "who": who, "at": at} for state, what, who, at in events]
    return [row | answer if row["state"] == "now" else row for row in rows]


def _tile(unit: str, percent: int | None) -> dict[str, Any]:
    code, name = unit.split()
    rate, target, done = (None, None, None) if percent is None else (percent / 100, 1000, percent * 10)
    return {"code": code, "name": name, "rate": rate, "target": target, "done": done, "url": "#tile_map"}
