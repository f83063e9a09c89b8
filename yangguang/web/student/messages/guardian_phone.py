"""Correcting the phone that gets copies of the messages. (F-B6)"""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang.actions.applicants import guardians
from yangguang.queries.accounts.guardians import find_guardian
from yangguang.queries.applicants import student_home
from yangguang.rules.base.refusals import Refused
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Effects, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import add_refusal
from yangguang.web.student.base.layout import confirmation, render_page

TITLE = "改正监护人手机号"
EFFECTS: Effects = [
    ("短信今后抄送到新的号码。", False),
    ("旧号码收到最后一条短信，说明不再抄送给它。", False),
]


class PhoneForm(forms.Form):
    """The guardian's phone, in any spelling."""

    phone = forms.CharField(
        label="监护人现在的手机号",
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_phone(request: Request, application: UUID) -> HttpResponse:
    """The form, then what follows, then the code."""
    row, back = student_home.application(request.actor, application), reverse("student:messages")
    form = PhoneForm(submitted_data(request) if request.method == "POST" else None)
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        prepared = guardians.change_phone.prepare(by=request.actor, application=row, phone=phone)
        ask = confirmation(request, TITLE, "改正监护人手机号？", "改正", EFFECTS, back, row)
        try:
            return confirm(request, prepared, lambda: ask, redirect_to(back))
        except Refused as refusal:
            add_refusal(form, refusal)
    values = {"title": TITLE, "form": form, "guardian": find_guardian(row.person_id), "back": back}
    status = 422 if form.errors else 200
    return render_page(request, "student/messages/guardian_phone.html", values, application=row, status=status)
