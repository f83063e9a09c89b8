"""Log-in of families by phone and one-time code, without a password. (F-B1)"""

from dataclasses import replace

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yangguang.actions.accounts import accounts, step_up_requests
from yangguang.models.base.fields import blind
from yangguang.queries.accounts.quiet_phones import is_quiet
from yangguang.rules.base.refusals import Refused
from yangguang.web.kit.actor import Request, home_of
from yangguang.web.kit.confirmation import SEND
from yangguang.web.kit.forms import add_refusal
from yangguang.web.login.forms import CodeForm, PhoneForm
from yangguang.web.login.known_browser import enter_family, read_known_browser
from yangguang.web.login.quiet_phone import ask_fact
from yangguang.web.login.redirects import next_url


@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: Request) -> HttpResponse:
    """The phone first, then the code that was sent to it."""
    if request.method != "POST":
        home = home_of(request.actor.role)
        return HttpResponseRedirect(next_url(request) or home) if home else _render(request, PhoneForm())
    if "code" in request.POST and request.POST.get("_step") != SEND:
        return _enter(request, CodeForm(request.POST))
    form = PhoneForm(request.POST)
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        try:
            by = replace(request.actor, known=read_known_browser(request))
            content = accounts.enter_content(phone, by.browser)
            step_up_requests.send_code(by=by, act="account.enter", content=content, phone=phone)
            return _render(request, CodeForm(initial={"phone": phone}), phone)
        except Refused as refusal:
            add_refusal(form, refusal)
    return _render(request, form, status=422)


def _enter(request: Request, form: CodeForm) -> HttpResponse:
    if form.is_valid():
        phone, code = form.cleaned_data["phone"], form.cleaned_data["code"]
        try:
            by = request.actor.with_step_up(code=code, phone_hash=blind(phone))
            account = accounts.enter(by=by, phone=phone, browser=by.browser)
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            if is_quiet(account.pk):
                return ask_fact(request, account)
            return enter_family(request, account.pk, account.phone_hash, next_url(request) or "/me/")
    phone = form.cleaned_data.get("phone", "")
    return _render(request, form if phone else PhoneForm(request.POST), phone, status=422)


def _render(request: Request, form: PhoneForm, phone: str = "", status: int = 200) -> HttpResponse:
    values = {"form": form, "phone": phone, "next": next_url(request)}
    return render(request, "login/login.html", values, status=status)
