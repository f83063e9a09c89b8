"""The plan as it is typed: one row a line, with the seats kept for a dedicated class or an order. (C3)"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import formset_factory

from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.plans.programme_types import Pattern
from yangguang.rules.plans.programmes import BucketDraft, BucketKind, LineDraft
from yangguang.rules.plans.quotas import Mode

_FEE = "不按年收费的不填"


def _said(widget: forms.Widget, label: str) -> forms.Widget:
    widget.attrs["aria-label"] = label
    return widget


class CapacityForm(forms.Form):
    """What the school can take in all."""

    capacity = forms.IntegerField(
        label="办学容量（人）",
        min_value=0,
        max_value=99_999,
        help_text="本季最多能接收的新生数，各行计划合计不能超过它",
    )


class LineForm(forms.Form):
    """One line; a row left wholly empty is not a line, a row without a major drops it."""

    major = forms.CharField(label="专业", max_length=60, required=False)
    pattern = forms.ChoiceField(label="培养类型", choices=Pattern.choices())
    study_form = forms.ChoiceField(label="学习形式", choices=StudyForm.choices())
    years = forms.DecimalField(
        label="学制（年）", min_value=1, max_value=7, max_digits=3, decimal_places=1, initial=3
    )
    seats = forms.IntegerField(label="计划数", min_value=0, max_value=9_999, required=False)
    dedicated = forms.IntegerField(label="其中专门编班", min_value=0, max_value=9_999, required=False)
    fee = forms.IntegerField(label="学费（元/年）", min_value=0, max_value=999_999, required=False)
    partner = forms.CharField(label="衔接院校", max_length=60, required=False)
    own_test_max = forms.IntegerField(label="自主测试最高加分", min_value=0, max_value=999, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _said(field.widget, str(field.label))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("major") and not said.get("seats"):
            self.add_error("seats", "请填写大于 0 的计划数")
        return said


LineForms = formset_factory(LineForm, extra=3, max_num=120, absolute_max=150)


def initial_of(lines: Sequence[LineDraft]) -> list[dict[str, Any]]:
    """The rows of a plan that is there already."""
    return [
        {
            "major": line.major,
            "pattern": line.pattern.value,
            "study_form": line.study_form.value,
            "years": line.years,
            "seats": line.seats,
            "fee": line.fee,
            "partner": line.partner,
            "own_test_max": line.own_test_max or None,
            "dedicated": next((b.seats for b in line.buckets if b.code is BucketKind.DEDICATED_CLASS), None),
        }
        for line in lines
    ]


def drafts_from(forms: Iterable[LineForm], held: Sequence[LineDraft]) -> list[LineDraft]:
    """The lines as they were typed; what the form does not ask about stays as it was.

    Args:
        held: the lines of the plan as it stands.
    """
    known = {line.key: line for line in held}
    found = []
    for row in (form.cleaned_data for form in forms if form.cleaned_data.get("major")):
        old = known.get((row["major"], row["pattern"], row["study_form"]))
        found.append(
            LineDraft(
                major=row["major"].strip(),
                pattern=Pattern(row["pattern"]),
                study_form=StudyForm(row["study_form"]),
                years=Decimal(row["years"]),
                seats=row["seats"] or 0,
                fee=row["fee"],
                origins=_origins(old),
                partner=row["partner"].strip(),
                note=old.note if old else "",
                buckets=tuple(_buckets(row)),
                is_demo=old.is_demo if old else False,
                own_test_max=row["own_test_max"] or 0,
            )
        )
    return found


def _origins(old: LineDraft | None) -> tuple[Origin, ...]:
    return old.origins if old else ()


def _buckets(row: dict[str, Any]) -> list[BucketDraft]:
    """A dedicated class takes its own pupils only."""
    found = []
    if row["dedicated"]:
        found.append(BucketDraft(BucketKind.DEDICATED_CLASS, row["dedicated"], Mode.EXACTLY, 1))
    return found
