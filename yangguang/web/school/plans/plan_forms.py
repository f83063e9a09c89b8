"""The plan as the school types it: one row for each programme, with the seats of a dedicated class. (F-C2)"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.programmes import PROGRAMME_FIELDS, ProgrammeDraft, QuotaDraft, QuotaKind
from yangguang.rules.plans.quotas import Mode


class CapacityForm(forms.Form):
    """How many new students the school can admit in all."""

    capacity = forms.IntegerField(
        label="办学容量（人）",
        min_value=0,
        max_value=99_999,
        help_text="本季最多能接收的新生数，各行计划合计不能超过它",
    )


class ProgrammeForm(forms.Form):
    """One programme; a row without a major is no programme and removes the one it showed.

    A form field named as in `ProgrammeFields` fills that field of the draft; the other fields keep their values.
    """

    major = forms.CharField(label="专业", max_length=60, required=False)
    programme_type = forms.TypedChoiceField(label="培养类型", coerce=ProgrammeType)
    study_form = forms.TypedChoiceField(label="办学形式", choices=StudyForm.choices(), coerce=StudyForm)
    years = forms.DecimalField(label="学制（年）", min_value=1, max_value=7, max_digits=3, decimal_places=1, initial=3)
    seats = forms.IntegerField(label="计划数", min_value=0, max_value=9_999, required=False)
    dedicated = forms.IntegerField(label="其中专门编班", min_value=0, max_value=9_999, required=False)
    fee = forms.IntegerField(label="学费（元/年）", min_value=0, max_value=999_999, required=False)
    partner = forms.CharField(label="衔接院校", max_length=60, required=False)
    aptitude_test_max = forms.IntegerField(label="自主测试最高加分", min_value=0, max_value=999, required=False)

    def __init__(self, *args: Any, types: Sequence[ProgrammeType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme_type"].choices = [(one.value, one.label) for one in types]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = str(field.label)

    def clean(self) -> dict[str, Any]:
        """A major needs seats, and a number left empty is 0 where the programme needs one."""
        values = self.cleaned_data
        if values.get("major") and not values.get("seats"):
            self.add_error("seats", "请填写大于 0 的计划数")
        if not values.get("major") and not self.initial.get("major") and values.get("seats"):
            self.add_error("major", "写了计划数，没有写专业；不要这一行的，请清空计划数")
        return values | {name: values.get(name) or 0 for name in ("seats", "aptitude_test_max")}

    def draft(self, stored: dict[tuple[str, str, str], ProgrammeDraft]) -> ProgrammeDraft:
        """The programme as it was typed; fields outside the form keep the values of the stored programme."""
        values = {name: self.cleaned_data[name] for name in PROGRAMME_FIELDS if name in self.fields}
        if seats := self.cleaned_data["dedicated"]:
            # Only its own pupils have a place in a dedicated class.
            values["quotas"] = (QuotaDraft(QuotaKind.DEDICATED_CLASS, seats, Mode.EXACTLY, 1),)
        typed = ProgrammeDraft(**values)
        before = stored.get(typed.key)
        return replace(before, **{"quotas": ()} | values) if before else typed


_Forms = formset_factory(ProgrammeForm, extra=3, max_num=120, absolute_max=150)


def programme_forms(
    types: Sequence[ProgrammeType], data: QueryDict | None = None, initial: Sequence[dict[str, object]] = ()
) -> "BaseFormSet[ProgrammeForm]":
    """The rows of the plan, which offer the programme types of its intake year."""
    return _Forms(data, prefix="programme", initial=initial, form_kwargs={"types": types})


def initial_of(programmes: Sequence[ProgrammeDraft]) -> list[dict[str, Any]]:
    """The stored programmes as initial values of the forms; a form shows 0 points as an empty cell."""
    names = [name for name in PROGRAMME_FIELDS if name in ProgrammeForm.base_fields]
    initial = []
    for programme in programmes:
        dedicated = next((one.seats for one in programme.quotas if one.code is QuotaKind.DEDICATED_CLASS), None)
        values = {name: getattr(programme, name) for name in names}
        initial.append(values | {"aptitude_test_max": programme.aptitude_test_max or None, "dedicated": dedicated})
    return initial


def drafts_from(forms: Iterable[ProgrammeForm], stored: Sequence[ProgrammeDraft]) -> list[ProgrammeDraft]:
    """The drafts of all rows with a major; `stored` are the programmes of the plan before the change."""
    by_key = {programme.key: programme for programme in stored}
    return [form.draft(by_key) for form in forms if form.cleaned_data.get("major")]


def _plain(value: object) -> object:
    """A number of years without the zeros that the database adds."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def describe_plan(capacity: int, programmes: Sequence[ProgrammeDraft]) -> dict[str, str]:
    """The plan by line, to be laid beside another one: the cells of the form that are filled in."""
    lines = {"办学容量": f"{capacity} 人"}
    for programme, cells in zip(programmes, initial_of(programmes), strict=True):
        name = f"{programme.major}（{programme.programme_type.label}、{programme.study_form.label}）"
        filled = {name: _plain(value) for name, value in cells.items() if value not in (None, "")}
        named = filled.keys() - {"major", "programme_type", "study_form"}
        cells_by_label = (f"{ProgrammeForm.base_fields[one].label} {filled[one]}" for one in filled if one in named)
        lines[name] = "，".join(cells_by_label)
    return lines
