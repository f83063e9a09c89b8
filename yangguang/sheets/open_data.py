"""The tables anyone may take and compute with: schools, programmes, published results. (F-A1, F-G7)"""

from yangguang.sheets.sheet import Col, Kind, Sheet

SCHOOLS = Sheet(
    code="schools",
    title="{year}年招生学校名录",
    columns=[
        Col("学校代码", "code", Kind.ID, width=12),
        Col("学校名称", "name", width=30),
        Col("类别", "kind", width=12),
        Col("举办性质", "owner", width=10),
        Col("主管部门", "sector", width=10),
        Col("所在市", "city", width=14),
        Col("所在县（市、区）", "county", width=14),
        Col("资质公布日期", "listed_on", width=14),
        Col("依据文件", "basis", width=40),
        Col("专业数（个）", "programmes", Kind.INT, width=10),
        Col("计划数（人）", "seats", Kind.INT, width=10),
        Col("剩余名额（人）", "left", Kind.INT, width=10),
        Col("警示", "warning", width=40),
        Col("演示", "is_demo", width=8),
    ],
    source="S23-2.09（招生学校名录向社会公布）",
)
PLANS = Sheet(
    code="plans",
    title="{year}年招生计划",
    columns=[
        Col("计划行代码", "code", Kind.ID, width=16),
        Col("学校名称", "school", width=30),
        Col("所在市", "city", width=14),
        Col("专业", "major", width=24),
        Col("培养类型", "programme_type", width=12),
        Col("办学形式", "study_form", width=10),
        Col("学制（年）", "years", width=10),
        Col("计划数（人）", "seats", Kind.INT, width=10),
        Col("剩余名额（人）", "left", Kind.INT, width=10),
        Col("学费（元/年）", "fee", Kind.INT, width=10),
        Col("招收对象", "origins", width=40),
        Col("衔接院校", "partner", width=24),
        Col("演示", "is_demo", width=8),
    ],
    source="S23-2.10（招生计划向社会公布）",
)
RESULTS = Sheet(
    code="results",
    title="{round}录取公示",
    columns=[
        Col("计划行代码", "code", Kind.ID, width=16),
        Col("学校名称", "school", width=30),
        Col("专业", "major", width=24),
        Col("名额（人）", "seats", Kind.INT, width=10),
        Col("报考人数（过少时为空）", "applicants", Kind.INT, width=12),
        Col("录取人数（过少时为空）", "admitted", Kind.INT, width=12),
        Col("末位位次", "last_place", Kind.INT, width=10),
        Col("末位总分", "last_score", Kind.INT, width=10),
    ],
    source="S24-4.01（录取结果向社会公布）",
)
