"""The form for a student's opinion of the record; sentences of refusal come from the action."""

from typing import Any

from django import forms

from yangguang.actions.records.records import FIELDS
from yangguang.models import Confirmation


class RecordForm(forms.Form):
    """一致, 有误 with its field, or 不是我."""

    opinion = forms.ChoiceField(label="您的意见", choices=Confirmation.Opinion.choices, widget=forms.RadioSelect)
    field = forms.ChoiceField(
        label="有误的栏目", choices=[("", "（选“有误”时指出哪一栏）"), *FIELDS.items()], required=False
    )
    note = forms.CharField(
        label="说明",
        help_text="写明应当是什么，最多200字；不要写完整的身份证号",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        is_wrong = cleaned.get("opinion") == Confirmation.Opinion.WRONG
        if is_wrong and not cleaned.get("field"):
            self.add_error("field", "请指出哪一栏有误")
        return cleaned | {"field": cleaned.get("field", "") if is_wrong else ""}
