"""The tables anyone may take and compute with: schools, programmes, published results. (F-A1, F-G7)"""

from django.db import models

from yangguang.models import Programme
from yangguang.rules.plans.programmes import PROGRAMME_FIELDS
from yangguang.sheets.sheet import Col, ColKind, Sheet


def _column(name: str) -> Col:
    """The column of a brochure field, with the label it has in the model; the public plan has no dedicated classes."""
    field = {field.name: field for field in Programme._meta.fields}[name]
    is_number = isinstance(field, models.IntegerField)
    header = "计划数（人，不含专门编班）" if name == "seats" else str(field.verbose_name)
    return Col(header, name, ColKind.INT if is_number else ColKind.TEXT)


SCHOOLS = Sheet(
    code="schools",
    title="{year}年招生学校名录",
    columns=[
        Col("学校代码", "code", ColKind.ID, width=12),
        Col("学校名称", "name", width=30),
        Col("类别", "kind", width=12),
        Col("举办性质", "owner", width=10),
        Col("主管部门", "sector", width=10),
        Col("所在市", "city", width=14),
        Col("所在县（市、区）", "county", width=14),
        Col("资质公布日期", "listed_on", width=14),
        Col("依据文件", "basis", width=40),
        Col("专业数（个）", "programmes", ColKind.INT, width=10),
        Col("计划数（人，不含专门编班）", "seats", ColKind.INT, width=14),
        Col("剩余名额（人，不含专门编班）", "left", ColKind.INT, width=14),
        Col("警示", "warning", width=40),
        Col("演示", "is_demo", width=8),
    ],
    source="S23-2.09（招生学校名录向社会公布）",
)
PLANS = Sheet(
    code="plans",
    title="{year}年招生计划",
    columns=[
        Col("计划行代码", "code", ColKind.ID, width=16),
        Col("学校名称", "school", width=30),
        Col("所在市", "city", width=14),
        *(_column(name) for name in PROGRAMME_FIELDS if name != "is_demo"),
        Col("剩余名额（人，不含专门编班）", "left", ColKind.INT, width=14),
        Col("演示", "is_demo", width=8),
    ],
    source="S23-2.10（招生计划向社会公布）",
)
RESULTS = Sheet(
    code="results",
    title="{round}录取公示",
    columns=[
        Col("计划行代码", "code", ColKind.ID, width=16),
        Col("学校名称", "school", width=30),
        Col("专业", "major", width=24),
        Col("名额（人）", "seats", ColKind.INT, width=10),
        Col("报考人数（过少时为空）", "applicants", ColKind.INT, width=12),
        Col("录取人数（过少时为空）", "admitted", ColKind.INT, width=12),
        Col("末位位次", "last_place", ColKind.INT, width=10),
        Col("末位总分", "last_score", ColKind.INT, width=10),
    ],
    source="S24-4.01（录取结果向社会公布）",
)
