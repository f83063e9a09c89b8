"""The applicants list of a school or bureau: names masked unless an approval reveals them (GB/T 35273)."""

from yangguang.rules.base.names import mask_name
from yangguang.sheets.sheet import Col, ColKind, Sheet

APPLICANTS = Sheet(
    code="applicants",
    title="{unit}报名名单",
    subtitle="（{season}，截至{until}）",
    seal_label="仅供招生工作使用，不得外传",
    columns=[
        Col("报名号", "number", ColKind.ID, width=20, required=True, unique=True),
        Col("姓名", "name", masking=mask_name, width=12, required=True),
        Col("性别", "sex", width=7, choices=("男", "女")),
        Col("生源类别", "origin", width=18),
        Col("毕业学校", "school", width=28),
        Col("志愿序", "rank", ColKind.INT, width=8, at_least=1),
        Col("专业", "major", width=24),
        Col("状态", "state", width=12),
    ],
    title_size=18,
    body_size=11,
    landscape=True,
    source="河南省 2023 年中等职业学校和技工学校招生工作通知 四（学校后台查看报名和录取）",
)
"""Rows: number, name, sex, origin, school, rank (1 is the first choice), major, state. Blanks: unit, season, until. The
mark says who exported the list and under which approval."""
