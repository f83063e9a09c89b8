"""Filters of the public lists, and the form of a result look-up."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from yangguang.queries.organisation.school_map import Area
from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.base import id_number
from yangguang.rules.base.names import clean_name
from yangguang.rules.base.numbers import clean_application_number
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.web.kit.forms import CleanedChar, Filters

SCHOOL_KINDS = (
    *("普通中专", "成人中专", "职业高中", "职教中心", "高校中专部"),
    *("技工学校", "高级技工学校", "技师学院", "省外学校"),
)


def _search(label: str, placeholder: str) -> forms.CharField:
    attrs = {"placeholder": placeholder, "type": "search"}
    return forms.CharField(label=label, max_length=60, widget=forms.TextInput(attrs=attrs))


class AreaFilters(Filters):
    """Filters with the areas that have schools; only the fields named in `first` are visible at once."""

    area = forms.ChoiceField(label="所在地")
    first: tuple[str, ...] = ()

    def __init__(self, *args: Any, areas: list[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(area.code, area.name) for area in areas if area.schools and not area.is_province]
        self.fields["area"].choices = [("", "全省"), *named]  # type: ignore[attr-defined]

    @property
    def visible(self) -> list[BoundField]:
        return [self[name] for name in self.first]

    @property
    def further(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name not in self.first]

    @property
    def is_further(self) -> bool:
        """Whether a filter that is not in `first` is in use; then all are visible."""
        return any(self.data.get(name) for name in self.fields if name not in self.first)


class SchoolFilters(AreaFilters):
    """Filters of the school directory."""

    text = _search("学校名称", "汉字、拼音或首字母，如 zzys")
    kind = forms.ChoiceField(label="学校类别", choices=[("", "全部"), *((kind, kind) for kind in SCHOOL_KINDS)])
    sector = forms.ChoiceField(
        label="主管部门", choices=[("", "全部"), *((sector.value, f"{sector.label}部门") for sector in Sector)]
    )
    sort = forms.ChoiceField(
        label="排列",
        choices=[("", "按校名"), ("city", "按所在地"), ("seats", "计划多的在前"), ("left", "剩余多的在前")],
    )
    field_order = ("text", "area", "kind", "sector", "sort")
    first = ("text", "area")


class PlanFilters(AreaFilters):
    """Filters of the plans."""

    text = _search("专业或学校", "如 护理、幼儿保育、zzys")
    programme_type = forms.ChoiceField(label="培养类型")
    study_form = forms.ChoiceField(label="办学形式", choices=[("", "全部"), *StudyForm.choices()])
    origin = forms.ChoiceField(label="我是", choices=[("", "不限"), *Origin.choices()])
    fee = forms.TypedChoiceField(
        label="学费不超过",
        coerce=int,
        empty_value=None,
        choices=[("", "不限"), ("0", "免学费"), *((str(n), f"{n:,} 元/年") for n in (2000, 3000, 4000, 6000))],
    )
    sort = forms.ChoiceField(
        label="排列", choices=[("", "按学校"), ("major", "按专业"), ("fee", "学费低的在前"), ("left", "剩余多的在前")]
    )
    left = forms.BooleanField(label="只看还有名额的")

    def __init__(self, data: QueryDict, *, areas: list[Area], types: Sequence[ProgrammeType]) -> None:
        super().__init__(data, areas=areas)
        named = [(one.value, one.label) for one in types]
        self.fields["programme_type"].choices = [("", "全部"), *named]  # type: ignore[attr-defined]

    field_order = ("text", "area", "programme_type", "study_form", "origin", "fee", "sort", "left")
    first = ("text", "area", "programme_type")


def _fact(label: str, read: Callable[[str], str], help_text: str, max_length: int = 40, **attrs: str) -> CleanedChar:
    return CleanedChar(
        read=read,
        label=label,
        help_text=help_text,
        max_length=max_length,
        error_messages={"required": f"还没有填写{label}"},
        widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
    )


class FactsForm(forms.Form):
    """Application number, name and ID number in full, because classmates may know the last digits of a number."""

    number = _fact(
        "报名号",
        clean_application_number,
        "16 位数字，印在回执上，也可登录后在“我的页面”看到",
        inputmode="numeric",
    )
    name = _fact("姓名", clean_name, "与报名时填写的一致", max_length=80)
    id_number = _fact(
        "证件号码",
        lambda text: id_number.read(text).number,
        "报名时使用的身份证件号码，须填写完整",
        autocapitalize="characters",
    )
