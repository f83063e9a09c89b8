"""Form P: the monthly table of a city or provincial school (S23-5.05, S23-A1.03)."""

from yangguang.rules.reporting.targets import NO_RATE
from yangguang.sheets.sheet import Col, ColKind, Rate, Sheet

_GROUP = "中等职业教育招生数"
_PARTS = ("vocational", "technician")

MONTHLY_PROVINCE = Sheet(
    code="form_p",
    annex="附  件",
    title="中等职业教育学校招生情况表（截至{year}年{month}月{day}日）",
    seal_label="单位：{unit}（盖章）",
    unit_label="单位：人",
    title_size=16,
    columns=[
        Col("中等职业教育招生任务数*", "target", ColKind.INT, width=16, empty=NO_RATE),
        Col("总数", "total", ColKind.INT, group=_GROUP, width=10, sum_of=_PARTS),
        Col("中职学校招生数", "vocational", ColKind.INT, group=_GROUP, width=17, required=True),
        # The labour number is handed over by the HR bureau (note 2); until then it is empty, not 0.
        Col("技工学校招生数*", "technician", ColKind.INT, group=_GROUP, width=19),
        Col(
            "招生任务完成率*",
            "completion",
            ColKind.RATE,
            width=16,
            rate_of=Rate(_PARTS, of="target", counted="counted"),
        ),
    ],
    notes=[
        "备注：1.中等职业学校招生任务数、技工学校招生数、招生任务完成率由各地教育局填写；",
        "2.实际招生数包括技工学校招生数，请各地人力资源社会部门向教育行政部门汇总招生人数；",
        "3.各省属中职学校、省属技工学校、各高等学校须填写中等职业教育招生数，由各学校自行报送。",
    ],
    # S23-0.02: 中等职业教育 here includes 中级工层次技工教育; the rate counts it where it has a target.
    scope="总数口径：{total_scope}。完成率口径（与任务数相同）：{rate_scope}。",
    source="河南省 2023 年中等职业学校和技工学校招生工作通知 五、附件",
)
"""Usually one row, in persons; `target` and `technician` may be None. Blanks: unit (the bureau or school that seals),
year, month, day; the numbers are as of the end of that day."""
