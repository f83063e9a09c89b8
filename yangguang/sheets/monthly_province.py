"""Form P: the monthly table of a city or provincial school (S23-5.05, S23-A1.03)."""

from collections.abc import Iterable, Sequence

from yangguang.rules.reporting.targets import NO_RATE
from yangguang.sheets.filled_sheet import Filled, fill
from yangguang.sheets.sheet import Col, Kind, Rate, Sheet

_GROUP = "中等职业教育招生数"

FORM_P = Sheet(
    code="form_p",
    annex="附  件",
    title="中等职业教育学校招生情况表（截至{year}年{month}月{day}日）",
    seal_line="单位：{unit}（盖章）",
    unit_line="单位：人",
    title_size=16,
    columns=[
        Col("中等职业教育招生任务数*", "target", Kind.INT, width=16, empty=NO_RATE),
        Col("总数", "total", Kind.INT, group=_GROUP, width=10, sum_of=("vocational", "technician")),
        Col("中职学校招生数", "vocational", Kind.INT, group=_GROUP, width=17, required=True),
        # The labour number is handed over by the HR bureau (note 2); until then it is empty, not 0.
        Col("技工学校招生数*", "technician", Kind.INT, group=_GROUP, width=19),
        Col(
            "招生任务完成率*",
            "completion",
            Kind.RATE,
            width=16,
            rate_of=Rate(("vocational", "technician"), of="target"),
        ),
    ],
    notes=[
        "备注：1.中等职业学校招生任务数、技工学校招生数、招生任务完成率由各地教育局填写；",
        "2.实际招生数包括技工学校招生数，请各地人力资源社会部门向教育行政部门汇总招生人数；",
        "3.各省属中职学校、省属技工学校、各高等学校须填写中等职业教育招生数，由各学校自行报送。",
    ],
    # S23-0.02: 中等职业教育 here includes 中级工层次技工教育, so the rate counts both lines.
    scope="总数＝中职学校招生数＋技工学校招生数；完成率＝总数÷任务数，含技工学校。",
    source="河南省 2023 年中等职业学校和技工学校招生工作通知 五、附件",
)


def form_p(
    rows: Iterable[object],
    *,
    unit: str,
    year: int,
    month: int,
    day: int,
    remarks: Sequence[str] = (),
    mark: str = "",
) -> Filled:
    """Form P of one unit.

    Args:
        rows: usually one, with target, vocational, technician (persons; target and technician may be None)
            and, if it was stated elsewhere, total.
        unit: the bureau or school that seals.
        year, month, day: "截至"; the numbers are as of the end of that day.
        remarks: correction lines of earlier sealed months.
        mark: check code of the sealed snapshot.

    Raises:
        DoesNotAddUp: when a stated total or rate is wrong.

    Source: S23-A1.03.
    """
    return fill(FORM_P, rows, unit=unit, year=year, month=month, day=day, remarks=remarks, mark=mark)
