"""A phone that was quiet for long: one fact of a registered child before anything is displayed. (T2.08)"""

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yangguang.actions.accounts import quiet_phones
from yangguang.models import Account
from yangguang.rules.base.refusals import Refused
from yangguang.web.kit.actor import Request
from yangguang.web.kit.forms import add_refusal
from yangguang.web.login.known_browser import enter_family

_PENDING, _PHONE = "pending_account", "pending_phone"
"""Account (row id) whose phone has given the right code, and no fact yet, and the phone's index; it opens nothing."""


class FactForm(forms.Form):
    """One fact of a registered child."""

    fact = forms.CharField(
        label="考生姓名，或身份证号最后4位",
        max_length=60,
        help_text="这个手机号报过名的任何一名考生",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def ask_fact(request: Request, account: Account) -> HttpResponse:
    """Lead to the question; the session is not the family's yet."""
    request.session.flush()
    request.session.update({_PENDING: account.pk, _PHONE: account.phone_hash.hex()})
    return HttpResponseRedirect("/login/fact/")


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: Request) -> HttpResponse:
    """Answer the question, or begin again as a person who has no child here."""
    account = request.session.get(_PENDING)
    if account is None:
        return HttpResponseRedirect("/login/")
    phone_hash = bytes.fromhex(request.session[_PHONE])
    if request.method == "POST" and "fresh" in request.POST:
        fresh = quiet_phones.start_fresh(by=request.actor, account=account)
        return enter_family(request, fresh.pk, phone_hash, "/me/")
    form, status = FactForm(request.POST if request.method == "POST" else None), 422
    try:
        if form.is_valid():
            if quiet_phones.prove_fact(by=request.actor, account=account, fact=form.cleaned_data["fact"]):
                return enter_family(request, account, phone_hash, "/me/")
            form.add_error("fact", "和这个手机号报过名的考生对不上，请核对后再填")
    except Refused as refusal:
        add_refusal(form, refusal)
        status = refusal.status
    return render(request, "login/quiet_phone.html", {"form": form}, status=status if form.errors else 200)
