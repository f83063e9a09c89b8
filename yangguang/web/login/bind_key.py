"""The first way in for an officer: the key that was handed over is bound to the account, with its code.
(S23-4.12, F-C1)
"""

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yangguang.actions.accounts import keys
from yangguang.rules.base.refusals import Refused, StepUpRequired
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import ACT
from yangguang.web.login.forms import BindForm


@require_http_methods(["GET", "HEAD", "POST"])
def bind(request: Request) -> HttpResponse:
    """Name and code first; then the browser asks the key, and its answer binds it."""
    if request.method == "POST" and request.POST.get("_step") == ACT:
        return _bound(request, request.POST.get("username", ""))
    form = BindForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        name = form.cleaned_data["username"]
        options = keys.ask_binding(by=request.actor, username=name, code=form.cleaned_data["code"])
        if options is not None:
            values = {"name": name, "options": json.dumps(options)}
            return render(request, "login/key_touch.html", values)
        form.add_error("code", str(_not_proved()))
    return _asks(request, form, 422 if form.errors else 200)


def _bound(request: Request, name: str) -> HttpResponse:
    try:
        keys.bind(by=request.actor, username=name, answer=_answer(request.POST.get("_attestation", "")))
    except Refused as refusal:
        return _asks(request, BindForm(initial={"username": name}), refusal.status, refusal)
    return render(request, "login/key_bound.html", {"name": name})


def _answer(text: str) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise StepUpRequired("没有收到优盾的应答", now="请插入优盾后重新填写登录名和绑定码")
    return answer


def _asks(request: Request, form: BindForm, status: int, refusal: Refused | None = None) -> HttpResponse:
    return render(request, "login/bind_key.html", {"form": form, "refusal": refusal}, status=status)


def _not_proved() -> StepUpRequired:
    """One sentence for an unknown name, a wrong code and one whose time or tries are over."""
    return StepUpRequired(
        "登录名和绑定码对不上，或绑定码已失效", why="绑定码只能用一次", now="请核对；仍不行的，请向发放单位要新的绑定码"
    )
