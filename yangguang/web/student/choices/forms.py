"""The search for a programme to choose."""

from typing import Any

from django import forms

from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.web.kit.forms import Filters


class ProgrammeFilter(Filters):
    """Filters of the programmes of a round."""

    q = forms.CharField(label="学校或专业", max_length=40, help_text="可用拼音或首字母")
    area = forms.ChoiceField(label="地区")
    programme_type = forms.ChoiceField(label="培养类型", choices=[("", "不限"), *ProgrammeType.choices()])

    def __init__(self, areas: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", "不限"), *areas]  # type: ignore[attr-defined]
