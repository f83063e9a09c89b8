"""Made-up values for the gallery, so that each component can be seen in all of its states."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms

from yangguang.rules.base.refusals import BadRows, Refused, WindowClosed
from yangguang.rules.seasons.windows import SHANGHAI, start_of, until
from yangguang.web.kit.gallery_rows import CHOICES, MAIN_LINKS, REASONS, ROLES, ROWS, TILES, TREE

TITLES = {
    "main_links": "三个常用入口",
    "season_clock": "招生时间",
    "notices": "公告",
    "chip": "状态",
    "note": "说明",
    "button": "按钮",
    "field": "填写项",
    "filters": "查找条",
    "error_summary": "错误汇总",
    "refusal": "拒绝",
    "steps": "步骤",
    "tabs": "分栏",
    "choices": "志愿顺序",
    "timeline": "我的进度",
    "reason": "录取理由",
    "receipt": "回执",
    "confirm": "确认页",
    "confirm_danger": "确认页（会失去什么）",
    "warning": "学校警示",
    "code": "短码",
    "stat": "点得开的数字",
    "table": "表格",
    "empty": "空白时",
    "tree_row": "任务分解",
    "progress": "进度条",
    "two_person": "双人办理",
    "tile_map": "十八格示意图",
    "roles": "演示身份",
}
NOW = datetime(2024, 8, 28, 9, 30, tzinfo=SHANGHAI)


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            verb = "选择" if hasattr(field.widget, "choices") else "填写"
            field.error_messages["required"] = f"还没有{verb}，请补上"


class FilterForm(forms.Form):
    """Two fields over a list."""

    q = forms.CharField(label="学校", required=False)
    city = forms.ChoiceField(label="所在地", choices=[("", "全省"), ("4101", "郑州市")], required=False)


def values() -> dict[str, Any]:
    """Fresh values for every sample."""
    bad = SampleForm({"bad-name": "张三", "bad-identity": "410105200802300010", "bad-origin": "1"}, prefix="bad")
    bad.add_error("identity", "身份证号里的出生日期（2008年2月30日）不存在，请对照身份证重新填写")
    rows = BadRows(
        "这张表没有写入，有 2 处需要改正",
        [
            Refused("任务数写的是文字“约两千”", now="请改成整数", where="第 7 行·招生任务（人）"),
            Refused("各行相加是 67,685，比总数少 1", now="请核对这一行", where="第 35 行·合计"),
        ],
        now="只改这两处，再上传一次",
    )
    return {
        "form": SampleForm(),
        "bad": bad,
        "filter": FilterForm(),
        "bad_rows": rows,
        "closed": WindowClosed(
            "填报志愿已经截止",
            why="开放到2024年8月27日24:00，收到您的请求是2024年8月28日00:00:03",
            now="请留意补录通知，补录同样由您自己填报。",
            clause="演示条款：招生时间安排第 2 项",
        ),
        "now": NOW,
        "since": date(2024, 7, 1),
        "windows": _windows(),
        "events": _events(),
        "two": _two(),
        "main_links": MAIN_LINKS,
        "notices": [
            {"title": "关于公布 2024 年秋季招生计划的公告（演示）", "url": "#notices", "at": NOW, "by": "演示市教育局"},
            {"title": "为什么提交先后不影响录取（演示）", "url": "#notices", "at": NOW, "by": ""},
        ],
        "steps": [("实名", "done"), ("同意", "done"), ("生源", "now"), ("志愿", "next"), ("提交", "next")],
        "tabs": [("待审核", "#tabs", True, 12), ("已通过", "#tabs", False, 1046), ("全部", "#tabs", False, None)],
        "choices": CHOICES,
        "names": [choice["name"] for choice in CHOICES],
        "facts": [("考生", "张*"), ("身份证号", "410***********0012"), ("版本", "第 2 版，前一版作废")],
        "reasons": REASONS,
        "accepting": [
            ("您在“演示职业学校 · 数控技术应用（演示）”的名额保留到报到截止。", False),
            ("您仍可以在报到前申请退录，学校不能阻拦。", False),
            ("您不再参加后面的补录。", True),
        ],
        "declining": [("您失去这个名额，它会立即让给其他考生。", True), ("您可以参加后面的补录。", False)],
        "exports": [("导出 Excel", "#table"), ("导出 CSV", "#table")],
        "rows": ROWS,
        "tree": TREE,
        "tiles": TILES,
        "roles": ROLES,
    }


def _windows() -> list[dict[str, Any]]:
    return [
        {"label": "网上报名", "opens": start_of(date(2024, 8, 20)), "closes": until(date(2024, 9, 5))},
        {"label": "填报志愿", "opens": start_of(date(2024, 8, 25)), "closes": NOW + timedelta(hours=5, minutes=12)},
        {"label": "补录", "opens": start_of(date(2024, 9, 20)), "closes": until(date(2024, 11, 10))},
        {"label": "统一录取", "opens": None, "closes": None},
        {"label": "计划公布", "opens": start_of(date(2024, 8, 1)), "closes": until(date(2024, 8, 19))},
    ]


def _events() -> list[dict[str, Any]]:
    return [
        {"state": "done", "what": "报名成功", "who": "本人", "at": NOW - timedelta(days=8)},
        {"state": "refused", "what": "照片未通过", "who": "系统检查", "at": NOW - timedelta(days=7)},
        {
            "state": "done",
            "what": "志愿已提交·生效（第 2 版）",
            "who": "本人，验证码确认",
            "at": NOW - timedelta(days=5),
        },
        {
            "state": "now",
            "what": "已录取：演示职业学校 · 数控技术应用（演示）",
            "who": "演示市教育局公布",
            "at": NOW,
            "next": "请应答：接受或放弃。",
            "until": until(date(2024, 8, 31)),
            "url": "#timeline",
            "act": "去应答",
        },
        {"state": "next", "what": "到校报到", "who": "带身份证到学校"},
        {"state": "next", "what": "本人确认学籍"},
    ]


def _two() -> list[dict[str, Any]]:
    return [
        {
            "step": "提请公布",
            "state": "done",
            "who": "演示甲",
            "unit": "演示市教育局",
            "at": NOW,
            "key": "优盾已签名，尾号 3F7A",
            "note": "核验 10 项全部通过",
        },
        {"step": "批准公布", "state": "now", "key": "等待另一位人员插入优盾", "note": "提请人不能批准自己的提请"},
    ]
