"""A programme in the words of the public pages: length, whom it admits, what it costs."""

from yangguang.queries.plans.plans import PlanRow


def describe(row: PlanRow) -> dict[str, object]:
    """The row, and its codes and numbers in Chinese."""
    return {
        "row": row,
        "programme_type": row.programme_type.label,
        "study_form": row.study_form.label,
        "years": f"{row.years.normalize():f} 年",
        "fee": format_fee(row.fee),
        "origins": "、".join(origin.label for origin in row.origins) or "按生源类别的规定",
        "aptitude_test": describe_aptitude_test(row.aptitude_test_max),
        "warning": "；".join(f"{measure.label}：{reason}" for measure, reason in row.labels),
    }


def describe_aptitude_test(most: int) -> str:
    """What a family must know of the aptitude test before it chooses the programme; "" without a test."""
    return f"自主测试（专业测试）最高加{most}分，只在这个专业计入总分" if most else ""


def format_fee(yuan: int | None) -> str:
    """3,200 元/年; 0 is 免学费, and None refers to the school."""
    if yuan is None:
        return "见学校说明"
    return f"{yuan:,} 元/年" if yuan else "免学费"
