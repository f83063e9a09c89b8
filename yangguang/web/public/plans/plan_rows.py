"""A programme in the words of the pages: length, whom it takes, what it costs."""

from typing import Any

from yangguang.queries.plans.plans import PlanRow
from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.plans.programme_types import ProgrammeType


def told(row: PlanRow) -> dict[str, Any]:
    """The row with its codes in Chinese."""
    return {
        "row": row,
        "programme_type": ProgrammeType(row.programme_type).label,
        "study_form": StudyForm(row.study_form).label,
        "years": f"{row.years.normalize():f} 年",
        "fee": fee(row.fee),
        "origins": "、".join(Origin(code).label for code in row.origins) or "按生源类别的规定",
        "aptitude_test": aptitude_test(row.aptitude_test_max),
        "warning": "；".join(f"{measure.label}：{says}" for measure, says in row.labels),
    }


def aptitude_test(most: int) -> str:
    """What a family must know before it chooses the programme; "" where there is no aptitude test."""
    return f"自主测试（专业测试）最高加{most}分，只在这个专业计入总分" if most else ""


def fee(yuan: int | None) -> str:
    """3,200 元/年; nothing is free, and nothing known is not a zero."""
    if yuan is None:
        return "见学校说明"
    return f"{yuan:,} 元/年" if yuan else "免学费"
