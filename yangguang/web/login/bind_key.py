"""An officer's first log-in: the key that was handed over is bound to the account, with its code. (S23-4.12, F-C1)"""

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

# One sentence for an unknown name, a wrong code and one whose time or tries are over.
UNKNOWN = StepUpRequired(
    "登录名和绑定码对不上，或绑定码已失效", why="绑定码只能用一次", now="请核对；仍不行的，请向发放单位要新的绑定码"
)


@require_http_methods(["GET", "HEAD", "POST"])
def bind(request: Request) -> HttpResponse:
    """Name and code first; then the browser asks the key, and its answer binds it."""
    if request.method == "POST" and request.POST.get("_step") == ACT:
        return _bind_key(request, request.POST.get("username", ""))
    form = BindForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        name = form.cleaned_data["username"]
        options = keys.ask_binding(by=request.actor, username=name, code=form.cleaned_data["code"])
        if options is not None:
            return render(request, "login/key_touch.html", {"name": name, "options": json.dumps(options)})
        form.add_error("code", str(UNKNOWN))
    return render(request, "login/bind_key.html", {"form": form}, status=422 if form.errors else 200)


def _bind_key(request: Request, name: str) -> HttpResponse:
    try:
        keys.bind(by=request.actor, username=name, answer=_read_answer(request.POST.get("_attestation", "")))
    except Refused as refusal:
        values = {"form": BindForm(initial={"username": name}), "refusal": refusal}
        return render(request, "login/bind_key.html", values, status=refusal.status)
    return render(request, "login/key_bound.html", {"name": name})


def _read_answer(text: str) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise StepUpRequired("没有收到优盾的应答", now="请插入优盾后重新填写登录名和绑定码")
    return answer
