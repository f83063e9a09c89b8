"""Refusals beside their fields, and filters of lists."""

import pytest
from django import forms

from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.web.kit.forms import Filters, add_refusal

pytestmark = pytest.mark.usefixtures("kit_routes")


def test_a_refusal_stands_beside_its_field_and_rows_are_listed() -> None:
    class Sample(forms.Form):
        name = forms.CharField()

    form = Sample({"name": "张三"})
    add_refusal(form, Refused("姓名里有数字", where="name"))
    add_refusal(form, BadRows("没有写入", [Refused("不是整数", where="第 7 行")]))

    assert form.errors == {"name": ["姓名里有数字。"], "__all__": ["没有写入。", "第 7 行：不是整数。"]}


def test_an_invalid_filter_counts_as_not_given() -> None:
    class Sample(Filters):
        q = forms.CharField(max_length=5)
        size = forms.IntegerField()
        kind = forms.ChoiceField(choices=[("a", "A")])

    assert Sample({"q": "太长太长太长", "size": "x", "kind": "z"}).chosen == {"q": "", "size": None, "kind": ""}
    assert Sample({"q": "郑州", "size": "3", "kind": "a"}).chosen == {"q": "郑州", "size": 3, "kind": "a"}


def test_no_browser_cuts_what_is_pasted_into_a_field() -> None:
    class Form(forms.Form):
        text = forms.CharField(max_length=6)
        note = forms.CharField(max_length=200, widget=forms.Textarea)

    assert "maxlength" not in Form().as_p()
    assert "最多6个字，现在有8个字" in str(Form({"text": "12345678", "note": "甲"}).errors)
