"""What a student types; sentences of refusal come from the rules."""

from typing import Any

from django import forms

from yangguang.actions.records.records import FIELDS
from yangguang.models import Confirmation
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.web.kit.forms import Filters
from yangguang.web.student.admissions.answer_effects import Answer


class AnswerForm(forms.Form):
    """One of the answers that are open."""

    answer = forms.ChoiceField(label="您的应答", widget=forms.RadioSelect)

    def __init__(self, offered: list[Answer], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["answer"]
        field.choices = [(one.value, one.label) for one in offered]


class RecordForm(forms.Form):
    """一致, 有误 with its field, or 不是我."""

    says = forms.ChoiceField(label="您的意见", choices=Confirmation.Says.choices, widget=forms.RadioSelect)
    field = forms.ChoiceField(
        label="有误的栏目",
        choices=[("", "（选“有误”时指出哪一栏）"), *FIELDS.items()],
        required=False,
    )
    note = forms.CharField(
        label="说明",
        help_text="写明应当是什么，最多200字；不要写完整的身份证号",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("says") == Confirmation.Says.WRONG and not said.get("field"):
            self.add_error("field", "请指出哪一栏有误")
        return said

    @property
    def chosen(self) -> dict[str, str]:
        """What the action is told; a field is only named where one is wrong."""
        said = self.cleaned_data
        wrong = said["says"] == Confirmation.Says.WRONG
        return {"says": said["says"], "field": said["field"] if wrong else "", "note": said["note"]}


class OfferFilter(Filters):
    """What programmes of a round are looked for."""

    q = forms.CharField(label="学校或专业", max_length=40, help_text="可用拼音或首字母")
    area = forms.ChoiceField(label="地区")
    programme_type = forms.ChoiceField(label="培养类型", choices=[("", "不限"), *ProgrammeType.choices()])

    def __init__(self, areas: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["area"]
        field.choices = [("", "不限"), *areas]
