"""The values of rule rows in Chinese words and units."""

import re
from typing import Any

from yangguang.rules.applicants.origins import Origin
from yangguang.rules.plans.quotas import Tie
from yangguang.rules.seasons.rounds import Silence
from yangguang.rules.supervision.sanctions import Measure

GROUPS = {
    "round": "批次与志愿",
    "aptitude_test": "自主测试加分",
    "answer": "应答",
    "release": "退录",
    "seat": "一人一席",
    "imported": "考试机构录取",
    "person": "考生与监护人",
    "account": "账号安全",
    "school": "招生学校",
    "permission": "一年制、非全日制与跨省招生",
    "record": "学籍",
    "sanction": "违规处理",
    "disclosure": "公示",
    "report": "月报与统计",
    "count": "月报与统计",
}
WORDS = {
    "checked_in": "已报到",
    "target_2024": "任务数口径",
    **{str(one.value): one.label for kind in (Silence, Tie, Origin, Measure) for one in kind},
}
# In the tie order "lottery" is the drawn number; as a value of `Tie`, how ties at the last seat are broken.
COMPARED = {"total": "总分", "chinese": "语文", "maths": "数学", "english": "英语", "lottery": "抽签号"}
# Unit → ends of the names of rules; the first one that fits counts.
# The ending of a key gives the unit of its number.
UNITS = {
    " 个工作日": ("working_days",),
    " 小时": ("hours",),
    " 天": ("days",),
    " 日": ("day",),
    " 人": ("cap", "cap_per_major", "students_per_phone", "small_cell"),
    " 分": ("score_floor", "max_points"),
    " 年": ("years",),
    " 周岁": ("child_under", "adult_from"),
    " 个": ("max_choices", "max_majors_per_school"),
    " 条": ("entries_to_proposal",),
}


def format_value(key: str, value: Any) -> str:
    """The value of the rule `key` in words; "见说明" when only the sentence of the row explains it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        name = key.rpartition(".")[2]
        return f"{value:,}" + next((unit for unit, ends in UNITS.items() if name.endswith(ends)), "")
    if isinstance(value, str):
        return _word(value)
    if isinstance(value, list) and all(isinstance(one, int) for one in value):
        return "、".join(map(str, value)) + (" 月" if key.endswith("months") else "")
    if isinstance(value, list):
        words = COMPARED if key.endswith("tie_order") else {}
        labels = [words.get(one) or _word(str(one)) for one in value]
        return "见说明" if "见说明" in labels else "、".join(labels)
    return "见说明"


def format_scope(note: str) -> str:
    """Where a rule applies, in words; "" is everywhere."""
    return {"city": "报市级", "province": "报省级"}.get(note, note)


def _word(text: str) -> str:
    if day := re.fullmatch(r"(?:(\d{4})-)?(\d\d)-(\d\d)", text):
        return f"{day[1] + '年' if day[1] else ''}{int(day[2])}月{int(day[3])}日"
    return WORDS.get(text, text if re.search(r"[\u4e00-\u9fff]", text) else "见说明")
