"""Links from each condition of a run to the page where an officer can meet it. (X1.04)"""

from datetime import datetime
from urllib.parse import urlsplit

from django.urls import resolve, reverse

from yangguang.models import Plan, Round
from yangguang.queries.runs.preconditions import Check, list_checks
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.refusals import FixLink

_PAGES = {
    "plans": "authority:plans",
    "cases": "authority:cases",
    "disputes": "authority:disputes",
    "kind": "authority:rounds",
    "published": "authority:rounds",
    "strays": "authority:plans",
}
_SUBJECT_PAGES = {
    "programmes": "authority:plan",
    "computing": "authority:run",
    "scheduled": "authority:run",
    "timed": "authority:run",
}


def _get_url(check: Check, round: Round) -> str:
    if check.code in _SUBJECT_PAGES and check.subject is not None:
        return reverse(_SUBJECT_PAGES[check.code], args=[check.subject])
    if check.code in ("choices", "review", "exceptions"):
        return f"{reverse('authority:windows')}?season={round.season.public_id}"
    if check.code == "seed":
        return reverse("authority:round_seed", args=[round.public_id])
    return reverse(_PAGES[check.code]) if check.code in _PAGES else ""


def fix_url(by: Actor, check: Check, round: Round) -> str:
    """The address where the condition can be met; "" where this officer may not open it."""
    url = _get_url(check, round)
    if not url or by.may(resolve(urlsplit(url).path).func.right) is None:  # type: ignore[attr-defined]
        return ""
    plans = Plan.objects.for_actor(by, Right.PLAN_APPROVE)
    # A provincial bureau computes the schools of both sectors, but opens only the plans of one.
    if check.code == "programmes" and check.subject and not plans.filter(public_id=check.subject).exists():
        return ""
    return url


def fix_link_for(by: Actor, code: str, round: Round, at: datetime) -> FixLink | None:
    """The link for the condition that a run was refused for; None where this officer has none."""
    for check in list_checks(round, at):
        if check.code == code and not check.holds and (url := fix_url(by, check, round)):
            return FixLink(check.now, url)
    return None
