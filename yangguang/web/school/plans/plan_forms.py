"""The plan as it is typed: one row a programme, with the seats kept for a dedicated class or an order. (F-C2)"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import formset_factory

from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.programmes import ProgrammeDraft, QuotaDraft, QuotaKind
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


class ProgrammeForm(forms.Form):
    """One programme; a row left wholly empty is not a programme, a row without a major drops it."""

    major = forms.CharField(label="专业", max_length=60, required=False)
    programme_type = forms.ChoiceField(label="培养类型", choices=ProgrammeType.choices())
    study_form = forms.ChoiceField(label="办学形式", choices=StudyForm.choices())
    years = forms.DecimalField(
        label="学制（年）", min_value=1, max_value=7, max_digits=3, decimal_places=1, initial=3
    )
    seats = forms.IntegerField(label="计划数", min_value=0, max_value=9_999, required=False)
    dedicated = forms.IntegerField(label="其中专门编班", min_value=0, max_value=9_999, required=False)
    fee = forms.IntegerField(label="学费（元/年）", min_value=0, max_value=999_999, required=False)
    partner = forms.CharField(label="衔接院校", max_length=60, required=False)
    aptitude_test_max = forms.IntegerField(
        label="自主测试最高加分", min_value=0, max_value=999, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _said(field.widget, str(field.label))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("major") and not said.get("seats"):
            self.add_error("seats", "请填写大于 0 的计划数")
        return said


ProgrammeForms = formset_factory(ProgrammeForm, extra=3, max_num=120, absolute_max=150)


def initial_of(programmes: Sequence[ProgrammeDraft]) -> list[dict[str, Any]]:
    """The rows of a plan that is there already."""
    return [
        {
            "major": programme.major,
            "programme_type": programme.programme_type.value,
            "study_form": programme.study_form.value,
            "years": programme.years,
            "seats": programme.seats,
            "fee": programme.fee,
            "partner": programme.partner,
            "aptitude_test_max": programme.aptitude_test_max or None,
            "dedicated": next(
                (b.seats for b in programme.quotas if b.code is QuotaKind.DEDICATED_CLASS), None
            ),
        }
        for programme in programmes
    ]


def drafts_from(forms: Iterable[ProgrammeForm], held: Sequence[ProgrammeDraft]) -> list[ProgrammeDraft]:
    """The programmes as they were typed; what the form does not ask about stays as it was.

    Args:
        held: the programmes of the plan as it stands.
    """
    known = {programme.key: programme for programme in held}
    found = []
    for row in (form.cleaned_data for form in forms if form.cleaned_data.get("major")):
        old = known.get((row["major"], row["programme_type"], row["study_form"]))
        found.append(
            ProgrammeDraft(
                major=row["major"].strip(),
                programme_type=ProgrammeType(row["programme_type"]),
                study_form=StudyForm(row["study_form"]),
                years=Decimal(row["years"]),
                seats=row["seats"] or 0,
                fee=row["fee"],
                origins=_origins(old),
                partner=row["partner"].strip(),
                note=old.note if old else "",
                quotas=tuple(_quotas(row)),
                is_demo=old.is_demo if old else False,
                aptitude_test_max=row["aptitude_test_max"] or 0,
            )
        )
    return found


def _origins(old: ProgrammeDraft | None) -> tuple[Origin, ...]:
    return old.origins if old else ()


def _quotas(row: dict[str, Any]) -> list[QuotaDraft]:
    """A dedicated class takes its own pupils only."""
    found = []
    if row["dedicated"]:
        found.append(QuotaDraft(QuotaKind.DEDICATED_CLASS, row["dedicated"], Mode.EXACTLY, 1))
    return found
