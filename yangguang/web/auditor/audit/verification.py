"""Verification of the log on request: some chains, and the root of a day against the chains. (T1.04, T3.13)"""

from datetime import date
from random import SystemRandom

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.models import AuditRoot
from yangguang.models.audit.audit import SHARDS
from yangguang.queries.audit.log_chain import check_chain, find_root_faults
from yangguang.queries.audit.log_view import count_log_entries
from yangguang.rules.accounts.rights import Right
from yangguang.web.auditor.base.layout import page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.forms import Filters
from yangguang.web.kit.paging import page_of

CHAINS_DRAWN, NEWEST_ENTRIES = 8, 2000


class ChainFilters(Filters):
    """The number of one chain."""

    chain = forms.IntegerField(label="链号（0–255）", min_value=0, max_value=SHARDS - 1)


@require_safe
def verification(request: Request) -> HttpResponse:
    """Recompute the chosen chain, or `CHAINS_DRAWN` random ones, and the root of the chosen day."""
    form, day = ChainFilters(request.GET), _parse_day(request.GET.get("day", ""))
    shards = [form.chosen["chain"]] if form.chosen["chain"] is not None else []
    if "draw" in request.GET:
        shards = sorted(SystemRandom().sample(range(SHARDS), CHAINS_DRAWN))
    rows = AuditRoot.objects.for_actor(request.actor, Right.AUDIT_ROOT_PUBLISH_VERIFY)
    root = rows.filter(day=day).first() if day else None
    values = {
        "filter": form,
        "checks": [check_chain(shard, NEWEST_ENTRIES) for shard in shards],
        "piece": NEWEST_ENTRIES,
        "at_once": CHAINS_DRAWN,
        "length": count_log_entries(),
        "day": day,
        "root": root,
        "faults": list(find_root_faults(root)) if root else [],
        "list": page_of(request, rows.defer("heads"), ("-day",)),
    }
    return page(request, "audit/verification", values)


def _parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
