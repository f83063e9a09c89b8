"""What is printed on a form, by year, and which persons each of its columns counts. (S23-A1.03, S24-A1.02, S24-A2.04)

Texts and columns of a form are a rule row; code names only what a column may count.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from itertools import product
from typing import NamedTuple

from yangguang.rules.base.labels import Labelled
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.seasons import policy_values as kinds

Kind = tuple[Labelled, ...]
"""What an admission is, by which a column counts it: the sector of the school, the programme type."""
REST = "secondary"
TECHNICIAN = "technician"
_MEMBERS: dict[str, Labelled] = {
    "vocational": Sector.EDUCATION,
    TECHNICIAN: Sector.LABOUR,
    **{one.value: one for one in ProgrammeType},
}
_PARTS = {
    REST: "中专人数",
    "vocational": "中职学校招生数",
    TECHNICIAN: "技工学校招生数",
    **{one.value: f"{one.label}人数" for one in ProgrammeType},
}
NUMBERS = {"target": "招生任务数", "total": "总数", **_PARTS, "counted": "任务口径人数", "completion": "招生任务完成率"}
"""Key of a column of a monthly form → what is in it. `secondary` counts whom no other column of the form counts:
Form C names neither 3+4 nor 高中起点, and a new programme type is in no form before the form is replaced."""
_TARGET_COLUMNS = {"number": "序号", "unit": "单位名称", "target": "任务数"}


class Column(NamedTuple):
    """A column: what is in it, its heading, and the heading that it shares with its neighbours."""

    key: str
    heading: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class FormShape:
    """The printed texts of a form, with blanks such as `{year}`, and its columns from left to right.

    Args:
        seal_label: who seals it.
    """

    title: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    annex: str = ""
    subtitle: str = ""
    seal_label: str = ""
    unit_label: str = ""

    def __str__(self) -> str:
        """《…年…表》，各列依次是“序号”“单位名称”."""
        headings = "".join(f"“{column.heading}”" for column in self.columns)
        return f"《{re.sub(r'{.*?}', '…', self.title)}》，各列依次是{headings}"

    @property
    def parts(self) -> tuple[str, ...]:
        """The columns that add up to the total."""
        return tuple(column.key for column in self.columns if column.key in _PARTS)

    def parts_of(self, kind: Kind) -> list[str]:
        """The columns that count such an admission; exactly one in a form that was taken."""
        named = [key for key in self.parts if _MEMBERS.get(key) in kind]
        return named or [key for key in self.parts if key == REST]

    @property
    def headings(self) -> dict[str, str]:
        """The heading of each number in sentences; one without a column is called what it counts."""
        return NUMBERS | {column.key: column.heading.rstrip("*") for column in self.columns}


def read_report_form(value: object) -> FormShape:
    """The shape of a monthly form.

    Raises:
        ValueError: a text or column that cannot be printed, or columns that do not count every person exactly once.
    """
    shape = _read_shape(value, NUMBERS, ["unit", "year", "month", "day"])
    keys = {column.key for column in shape.columns}
    if "completion" in keys and "target" not in keys:
        raise ValueError("有完成率（completion），没有任务数（target）")
    for kind in product(Sector, ProgrammeType):
        counting = shape.parts_of(kind)
        person = f"{kind[0].label}线{kind[1].label}的学生"
        if not counting:
            raise ValueError(f"没有一列数到{person}，各列加起来不等于总数")
        if len(counting) > 1:
            raise ValueError(f"{'、'.join(shape.headings[key] for key in counting)}都数{person}，各列加起来不等于总数")
    return shape


def read_target_form(value: object) -> FormShape:
    """The shape of the target table.

    Raises:
        ValueError: a text or column that cannot be printed, or a missing column.
    """
    shape = _read_shape(value, _TARGET_COLUMNS, ["parent", "year", "year_before"])
    keys = {column.key for column in shape.columns}
    if missing := [f"{key}（{name}）" for key, name in _TARGET_COLUMNS.items() if key not in keys]:
        raise ValueError(f"缺少{'、'.join(missing)}这一列")
    return shape


def _read_shape(value: object, known: Mapping[str, str], blanks: Collection[str]) -> FormShape:
    names = [field.name for field in fields(FormShape)]
    if not isinstance(value, dict) or not {"title", "columns"} <= set(value) <= set(names):
        raise ValueError(f"应是写明 title、columns 的对象，还可以写{'、'.join(names[2:])}，现在是{value!r}")
    written = [name for name in names if name not in ("columns", "notes") and value.get(name)]
    columns, notes = value["columns"], value.get("notes", [])
    if not isinstance(columns, list | tuple) or not isinstance(notes, list | tuple) or not columns:
        raise ValueError(f"columns、notes 应是列表，columns 至少有一列，现在是{columns!r}、{notes!r}")
    shape = FormShape(
        columns=tuple(_read_column(column, known) for column in columns),
        notes=tuple(_read_text(note, blanks) for note in notes),
        **{name: _read_text(value[name], blanks) for name in written},
    )
    for name in ("key", "heading"):
        texts = [getattr(column, name) for column in shape.columns]
        if double := sorted({text for text in texts if texts.count(text) > 1}):
            raise ValueError(f"列“{'、'.join(double)}”写了两次")
    return shape


def _read_column(value: object, known: Mapping[str, str]) -> Column:
    if not isinstance(value, list | tuple) or not 2 <= len(value) <= 3:
        raise ValueError(f'列应写成 ["total", "总数"] 或 ["total", "总数", "上一层表头"]，现在是{value!r}')
    column = Column(*map(kinds.text, [*value[:2], *filter(None, value[2:])]))
    if column.key not in known:
        keys = "、".join(f"{key}（{name}）" for key, name in known.items())
        raise ValueError(f"没有“{column.key}”这一列，应是{keys}之一")
    return column


def _read_text(value: object, blanks: Collection[str]) -> str:
    text = kinds.text(value)
    if {"{", "}"} & set(re.sub("|".join(f"{{{blank}}}" for blank in blanks), "", text)):
        raise ValueError(f"“{text}”里的空格只能是{'、'.join(f'{{{blank}}}' for blank in blanks)}")
    return text
