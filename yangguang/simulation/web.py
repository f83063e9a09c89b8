"""What the demonstration adds to the site: personas to enter as, the newest text message, signatures of soft keys."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods

from yangguang.actions.runs import runs
from yangguang.gateways.sms import FakeSms
from yangguang.models import Account, AdmissionRun, RoleAssignment, Round
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import Refused
from yangguang.simulation.clients import OfficerClient
from yangguang.simulation.personas import find_persona, group_personas, soft_key_for
from yangguang.web.kit.actor import Request, home_of, open_session

Context = Mapping[str, Any]
SIGN = "_demo_sign"
"""The button that asks for a signature; its value is the challenge as JSON options."""
PERSONAS_CACHED_FOR = 20
"""Seconds for which the front page shows the same list of personas."""


class SimulatedSite:
    """The implementation of `yangguang.web.kit.demonstration.Demonstration`."""

    def fragment(self, place: str, context: Context) -> SafeString:
        values: Context = {}
        if place == "newest_text":
            values = newest_text(context)
        elif place == "personas":
            values = cache.get_or_set("demonstration-personas", group_personas, PERSONAS_CACHED_FOR) or {}
        # The rendered template is escaped already, but `strip` forgets it.
        return mark_safe(render_to_string(f"simulation/{place}.html", {**context, **values}).strip())

    def start_run(self, round: Round, username: str) -> AdmissionRun:
        seats = RoleAssignment.objects.filter(role=Role.PROVINCE_EDUCATION).order_by("pk")
        officer = username or seats.values_list("account__username", flat=True).first()
        if not officer:
            raise Refused("还没有省教育厅的账号", now="请先运行 make demo")
        started: AdmissionRun = OfficerClient(officer).sign(runs.start, round=round)
        return started


def newest_text(context: Context) -> Mapping[str, object]:
    """The newest message in the fake outbox to `phone`, or to the reader's own phone."""
    if not settings.GATEWAYS["sms"].endswith(".FakeSms"):
        return {}
    account = Account.objects.filter(pk=context["actor"].account).first()
    sealed = account and account.phone
    phone = context["phone"] or (sealed.reveal() if sealed else "")
    messages = FakeSms().messages(phone) if phone else []
    return {"text": messages[-1].text if messages else ""}


@require_http_methods(["GET", "HEAD", "POST"])
def personas_page(request: Request) -> HttpResponse:
    """Show the personas; a POST enters as one of them.

    Raises:
        NotFound: there is no such persona (any more).
    """
    if request.method == "POST":
        persona = find_persona(request.POST.get("seat", ""))
        open_session(request, persona.account, persona.seat)
        return HttpResponseRedirect(home_of(persona.role) or "/")
    return render(request, "simulation/personas_page.html", group_personas())


class SignatureMiddleware:
    """Answers a page's challenge with the officer's soft key, in place of the browser and its hardware key.

    The view gets what it would get from the browser and verifies it in the same way.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> None:
        """Runs after the check against forged posts. Without a soft key the signature is left empty."""
        if request.method == "POST" and SIGN in request.POST:
            post = request.POST.copy()
            post["_step"], post["_assertion"] = "act", _sign(str(post[SIGN]))
            request.POST = post  # type: ignore[assignment]


def _sign(options_text: str) -> str:
    try:
        options = json.loads(options_text)
        key = soft_key_for([one["id"] for one in options["allowCredentials"]])
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    return json.dumps(key.sign(options)) if key else ""
