"""Form C: the monthly table of a county or school for the city (S24-5.07, S24-A2.04)."""

from yangguang.rules.reporting.targets import NO_RATE
from yangguang.sheets.sheet import Col, ColKind, Rate, Sheet

_GROUP = "中等职业教育招生数"
_PARTS = ("secondary", "three_plus_two", "five_year", "one_year")
_RATE = Rate(_PARTS[:3], of="target", counted="counted")
_TARGET_ALIASES = ("中等职业教育招生任务数*", "任务数*")

MONTHLY_CITY = Sheet(
    code="form_c",
    annex="附件 2",
    title="中等职业教育县市（学校）招生情况统计表",
    subtitle="（截止 {year} 年 {month} 月 {day} 号）",
    seal_label="区县（市）教育局、学校：{unit}（盖章）",
    unit_label="单位：人",
    columns=[
        # The printed header 招生数* is a slip for 任务数*: note 1 explains the star as 任务数, and the rate needs
        # it. The print is kept word for word; an upload may have the corrected header.
        Col("中等职业教育招生数*", "target", ColKind.INT, width=13, aliases=_TARGET_ALIASES, empty=NO_RATE),
        Col("总数", "total", ColKind.INT, group=_GROUP, width=8, sum_of=_PARTS),
        Col("中专人数", "secondary", ColKind.INT, group=_GROUP, width=11, required=True),
        Col("3+2 人数", "three_plus_two", ColKind.INT, group=_GROUP, width=11, required=True),
        Col("五年一贯制人数", "five_year", ColKind.INT, group=_GROUP, width=12, required=True),
        Col("一年制人数", "one_year", ColKind.INT, group=_GROUP, width=13, required=True),
        # The text of the notice does not show whether this cell spans both header rows. It does in the
        # provincial table, and it is no 招生数, so it does here.
        Col("招生任务完成率", "completion", ColKind.RATE, width=11, rate_of=_RATE),
    ],
    notes=[
        "备注：1.各区县（市）中等职业学校招生任务数、招生任务完成率由各区县（市）教育局汇总后填写；",
        "2.各市直属中职学校须填写中等职业教育招生数，由各学校直接报送市教育局；",
        "3.实际招生数包括技普通中专、中职、3+2 和五年一贯制贯通培养和一年制。",
    ],
    # S24-A1.06: the target counts neither one-year nor technician students, but note 3 of this
    # form counts one-year students in the total. The difference is printed, not hidden.
    scope="总数口径：{total_scope}。完成率口径（与任务数相同）：{rate_scope}。",
    source="郑教职成函〔2024〕432 号 五、附件 2",
)
"""Usually one row, in persons. Blanks: unit (the bureau or school that seals), year, month, day; the numbers are as of
the end of that day. A row's `counted`: the persons whom the target counts (queries.reporting.enrolment.TargetScopes),
since 中专人数 is wider; without it the three columns are taken. `target` may be None."""
