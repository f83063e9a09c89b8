"""The longer made-up lists of the gallery; every school, person and number here is 演示."""

from typing import Any

CLAUSE = "演示条款：录取规则第 3 条（按位次和志愿顺序）"
MAJOR = "数控技术应用（演示）"
MAIN_LINKS = [
    {"icon": "pencil", "title": "我要报名", "note": "正在开放，自己填，不收费", "url": "#main_links", "open": True},
    {"icon": "school", "title": "查学校查计划", "note": "按学校、专业、地区查剩余名额", "url": "#main_links"},
    {"icon": "letter", "title": "查录取结果", "note": "凭三项信息查结果和理由", "url": "#main_links"},
]
CHOICES = [
    {"id": "c1", "name": f"演示职业学校 · {MAJOR}", "note": "三年制 · 全日制 · 剩余 12 个名额"},
    {"id": "c2", "name": "演示技工学校 · 汽车维修（演示）", "note": "五年一贯制", "warning": "限制招生"},
    {"id": "c3", "name": "演示职教中心 · 学前教育（演示）", "note": "3+2 · 全日制"},
]
ROWS = [
    ("演示职业学校", MAJOR, "三年制", 120, 118, "PUBLISHED", "已公布"),
    ("演示技工学校", "汽车维修（演示）", "五年一贯制", 1200, 964, "CITY_PASSED", "市级已审"),
    ("演示职教中心", "学前教育（演示）", "3+2", 60, 0, "DRAFTED", "编报中"),
]
ROLES = [
    {"value": "S", "label": "考生", "note": "报名、填志愿、看结果和理由"},
    {"value": "V", "label": "中职学校", "note": "名单、拟录取、报到"},
    {"value": "ME", "label": "市教育局", "note": "审计划、任务分解、月报"},
    {"value": "AU", "label": "审计员", "note": "日志与证明，只读"},
]
REASONS: list[dict[str, Any]] = [
    {
        "rank": 1,
        "school": "演示技师学院",
        "major": "机电一体化（演示）",
        "state": "closed",
        "says": "未录取",
        "why": "这个专业计划 40 人，最后一名录取的位次是 3,120，您的位次是 3,506，排在后面。",
        "own": 3506,
        "seats": 40,
        "last": 3120,
        "clause": CLAUSE,
    },
    {
        "rank": 2,
        "school": "演示职业学校",
        "major": MAJOR,
        "state": "done",
        "says": "已录取",
        "admitted": True,
        "why": "您的位次在计划人数之内，这是您能录取的最靠前的志愿。",
        "own": 3506,
        "seats": 120,
        "last": 4077,
        "clause": CLAUSE,
    },
]
TREE: list[dict[str, Any]] = [
    {"level": 0, "name": "演示市", "number": 67686, "sum": 67686, "done": 51442, "url": "#tree_row"},
    {"level": 1, "name": "演示一区", "number": 5200, "sum": 5188, "done": 4103, "url": "#tree_row"},
    {"level": 2, "name": "演示职业学校", "number": 2600, "sum": None, "done": 2100, "edit": "t1"},
    {"level": 2, "name": "演示技工学校", "number": 2588, "sum": None, "done": 2650, "edit": "t2"},
    {"level": 1, "name": "演示县", "number": 0, "sum": None, "done": 12, "edit": "t3"},
]
_UNITS = (
    "410500 安阳 71,410600 鹤壁 93,410900 濮阳 66,419001 济源 102,410800 焦作 58,410700 新乡 81,"
    "411200 三门峡 47,410300 洛阳 88,410100 郑州 76,410200 开封 39,411400 商丘 62,410400 平顶山 -,"
    "411000 许昌 90,411100 漯河 84,411600 周口 21,411300 南阳 55,411700 驻马店 33,411500 信阳 79"
)


def _tile(text: str) -> dict[str, Any]:
    code, name, percent = text.split()
    if percent == "-":
        return {"code": code, "name": name, "rate": None, "target": None, "done": None, "url": "#tile_map"}
    done = int(percent) * 10
    return {"code": code, "name": name, "rate": done / 1000, "target": 1000, "done": done, "url": "#tile_map"}


TILES = [_tile(text) for text in _UNITS.split(",")]
