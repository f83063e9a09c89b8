"""Forms that show a refusal beside the field it is about, filters of lists, and fields with Chinese errors."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
    ProhibitNullCharactersValidator,
)
from django.http import QueryDict

from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.seasons.windows import start_of


def add_refusal(form: forms.BaseForm, refusal: Refused) -> None:
    """Put the refusal's sentence beside the field named by its `where`, or at the top of the form."""
    field = refusal.where if refusal.where in form.fields else None
    sentences = [str(refusal)]
    if isinstance(refusal, BadRows):
        sentences += [f"{row.where}：{row}" for row in refusal.rows]
    for sentence in sentences:
        form.add_error(field, sentence)


class Filters(forms.Form):
    """Filters of a list, read from the query string; an invalid value counts as not given."""

    use_required_attribute = False

    def __init__(self, data: QueryDict | dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for field in self.fields.values():
            field.required = False

    @property
    def chosen(self) -> dict[str, Any]:
        """Every filter's value by name; an invalid or missing one is "", or None where it is no text; 0 is a value."""
        self.is_valid()
        empty = {
            name: getattr(field, "empty_value", "" if isinstance(field, forms.ChoiceField) else None)
            for name, field in self.fields.items()
        }
        return empty | {name: value for name, value in self.cleaned_data.items() if value is not None}


# Django's own Chinese sentences mention fields, variables and an empty text.
# A browser cuts a pasted text at `maxlength` without a word; the server says how long it may be.
forms.CharField.widget_attrs = forms.Field.widget_attrs  # type: ignore[method-assign]
forms.Field.default_error_messages = {"required": "这一项必填，请填写或选择"}
MaxLengthValidator.message = "太长：最多%(limit_value)d个字，现在有%(show_value)d个字，请删短"
ProhibitNullCharactersValidator.message = "里面有看不见的控制字符，请删除后手工重新输入"
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
_THIS_CENTURY = "请填写2000年至2099年之间的日期"


class DayField(forms.DateField):
    """A day of this century; beyond it, the day after may not exist."""

    default_validators = [MinValueValidator(_FIRST, _THIS_CENTURY), MaxValueValidator(_LAST, _THIS_CENTURY)]


class InstantField(forms.DateTimeField):
    """An instant of this century, typed in Beijing time."""

    default_validators = [
        MinValueValidator(start_of(_FIRST), _THIS_CENTURY),
        MaxValueValidator(start_of(_LAST), _THIS_CENTURY),
    ]


class CleanedChar(forms.CharField):
    """A text that a rule reads; the rule's refusal becomes the field's error.

    Args:
        read: from the typed text to the canonical one; raises Refused.
    """

    def __init__(self, *, read: Callable[[str], str], **kwargs: Any) -> None:
        self.read = read
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return text
        try:
            return self.read(text)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class FileOrTextForm(forms.Form):
    """Rows from a file or typed, exactly one of the two; what is displayed for confirmation travels as text."""

    file = forms.FileField(label="文件", required=False)
    pasted = forms.CharField(label="或者直接填写", required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("file")) == bool(data.get("pasted")) and "file" not in self.errors:
            self.add_error("file", "请上传一个文件，或者在下面填写，二者选一")
        return data
