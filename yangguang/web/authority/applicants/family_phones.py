"""换手机号: a family at the counter, its papers checked, its new phone logged in with on the same day. (T2.08)"""

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang.actions.applicants import family_phones as acts
from yangguang.models import Application
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.names import clean_phone
from yangguang.rules.base.numbers import clean_application_number
from yangguang.rules.base.refusals import Refused
from yangguang.web.authority.base.layout import confirmation, page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, Effects, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import CleanedChar, add_refusal


class FamilyPhoneForm(forms.Form):
    """Whose phone, which new one, and what was checked."""

    number = CleanedChar(read=clean_application_number, label="报名号", max_length=40, help_text="16位，印在回执上")
    phone = CleanedChar(
        read=clean_phone, label="新手机号", max_length=40, help_text="家长今天已经用它登录过一次；逐位念给家长听"
    )
    reason = forms.CharField(
        label="核对了哪些证件", max_length=200, help_text="如：考生户口簿、监护人身份证原件；不要写号码"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_phone(request: Request) -> HttpResponse:
    """Name the student and the phone, read the effects, sign."""
    form = FamilyPhoneForm(submitted_data(request) if request.method == "POST" else None)
    status = 422
    try:
        if form.is_valid():
            return _confirm(request, form)
    except Refused as refusal:
        add_refusal(form, refusal)
        status = refusal.status
    return page(request, "applicants/family_phone", {"form": form}, status=status if form.errors else 200)


def _confirm(request: Request, form: FamilyPhoneForm) -> HttpResponse:
    row, data = _find(request.actor, form.cleaned_data["number"]), form.cleaned_data
    prepared = acts.change_phone.prepare(by=request.actor, application=row, phone=data["phone"], reason=data["reason"])
    back = reverse("authority:family_phone")
    return confirm(request, prepared, lambda: _describe(request, row, data["phone"], back), redirect_to(back))


def _find(by: Actor, number: str) -> Application:
    rows = Application.objects.for_actor(by, Right.FAMILY_PHONE_CHANGE, via="home").select_related("person")
    row = rows.filter(number=number).first()
    if row is None:
        raise Refused(
            "没有找到这个报名号", why="它不存在，或者户籍不在本辖区", now="请对照回执逐位核对", where="number"
        )
    return row


def _describe(request: Request, row: Application, phone: str, back: str) -> Confirmation:
    effects: Effects = [
        (f"{row.person}（报名号{row.number}）从现在起用{phone}登录办理，原来的手机号再也看不到这名考生。", True),
        ("同一手机号报名的其他孩子不变；要一起换的，请逐个办理。", False),
        ("监护人的手机号不在这里改；考生和监护人都会收到短信。", False),
    ]
    return confirmation(request, "更换考生的登录手机号？", "更换手机号", effects, back)
