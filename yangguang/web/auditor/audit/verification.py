"""Proving the log on the spot: some chains recomputed piece by piece, a day's root against the chains.
(T1.04, T3.13)
"""

from datetime import date
from random import SystemRandom

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.models import AuditRoot
from yangguang.models.audit.audit import SHARDS
from yangguang.queries.audit.log_view import check_chain, check_root, log_length
from yangguang.rules.accounts.rights import Right
from yangguang.web.auditor.base.layout import page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.forms import Filters
from yangguang.web.kit.paging import page_of

AT_ONCE, PIECE = 8, 2000


class ChainFilters(Filters):
    """One chain, or some drawn by lot."""

    chain = forms.IntegerField(label="链号（0–255）", min_value=0, max_value=SHARDS - 1)


@require_safe
def proofs(request: Request) -> HttpResponse:
    """What was asked for is recomputed now; never more than a few chains at once."""
    form, day = ChainFilters(request.GET), _day(request.GET.get("day", ""))
    shards = [form.chosen["chain"]] if form.chosen["chain"] is not None else []
    if "draw" in request.GET:
        shards = sorted(SystemRandom().sample(range(SHARDS), AT_ONCE))
    root, faults = check_root(day) if day else (None, [])
    rows = AuditRoot.objects.for_actor(request.actor, Right.AUDIT_ROOT_PUBLISH_VERIFY)
    values = {
        "filter": form,
        "checks": [check_chain(shard, PIECE) for shard in shards],
        "piece": PIECE,
        "at_once": AT_ONCE,
        "length": log_length(),
        "day": day,
        "root": root,
        "faults": faults,
        "list": page_of(request, rows.defer("heads"), ("-day",)),
    }
    return page(request, "audit/verification", values)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
