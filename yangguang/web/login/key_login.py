"""Log-in of officers by name and the signature of their key. (S23-4.12, F-C1)"""

import json

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yangguang.actions.accounts import sign_in
from yangguang.queries.accounts.actors import list_role_assignments, load_actor
from yangguang.rules.base.refusals import Refused, StepUpRequired
from yangguang.web.kit.actor import ACCOUNT, KEY, Request, home_of, open_session
from yangguang.web.kit.confirmation import ACT
from yangguang.web.login.forms import NameForm
from yangguang.web.login.redirects import next_url


@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: Request) -> HttpResponse:
    """The name first, then the key signs this log-in."""
    form = NameForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "login/key_login.html", {"form": form}, status=422 if form.errors else 200)
    name = form.cleaned_data["username"]
    if request.POST.get("_step") != ACT:
        return _challenge_key(request, name)
    try:
        return _enter(request, name, request.POST.get("_assertion", ""))
    except Refused as refusal:
        return _challenge_key(request, name, refusal)


def _enter(request: Request, name: str, assertion: str) -> HttpResponse:
    signed_in = sign_in.sign_in(by=request.actor.with_step_up(assertion=assertion), username=name)
    target, seats = next_url(request), list_role_assignments(signed_in.account)
    open_session(request, signed_in.account, seats[0].pk, signed_in.key)
    if len(seats) > 1:
        return HttpResponseRedirect("/login/seat/")
    return HttpResponseRedirect(target or home_of(load_actor(signed_in.account, seats[0].pk).role) or "/")


def _challenge_key(request: Request, name: str, refusal: Refused | None = None) -> HttpResponse:
    options = json.dumps(sign_in.ask(by=request.actor, username=name))
    values = {"name": name, "options": options, "refusal": refusal, "next": next_url(request)}
    return render(request, "login/key_touch_login.html", values, status=refusal.status if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def choose_seat(request: Request) -> HttpResponse:
    """An officer with several posts chooses one to work in; the key stays the same."""
    account, key = request.session.get(ACCOUNT), request.session.get(KEY, "")
    seats = list_role_assignments(account) if account else []
    if account is None or not seats:
        return HttpResponseRedirect("/login/staff/")
    if request.method == "POST":
        chosen = next((seat for seat in seats if str(seat.public_id) == request.POST.get("seat")), None)
        if chosen is None:
            raise StepUpRequired("没有这个岗位", why="它已卸任，或不是您的岗位", now="请从列表中选择")
        open_session(request, account, chosen.pk, key)
        return HttpResponseRedirect(home_of(load_actor(account, chosen.pk, key).role) or "/")
    roles = [
        {"value": seat.public_id, "label": seat.get_role_display(), "note": seat.unit.name if seat.unit else "全省"}
        for seat in seats
    ]
    return render(request, "login/role_assignment.html", {"roles": roles})
