"""Where each condition of a run is mended: every refusal leads to the page that can do something about it. (X1.04)"""

from datetime import datetime
from urllib.parse import urlsplit

from django.urls import resolve, reverse

from yangguang.models import Plan, Round
from yangguang.queries.runs.preconditions import Check, checks
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
_ABOUT = {
    "programmes": "authority:plan",
    "computing": "authority:run",
    "scheduled": "authority:run",
    "timed": "authority:run",
}


def page_for(check: Check, round: Round) -> str:
    """The address where this condition can be made to hold."""
    if check.code in _ABOUT and check.about is not None:
        return reverse(_ABOUT[check.code], args=[check.about])
    if check.code in ("choices", "review", "exceptions"):
        return f"{reverse('authority:windows')}?season={round.season.public_id}"
    if check.code == "seed":
        return reverse("authority:round_seed", args=[round.public_id])
    return reverse(_PAGES[check.code]) if check.code in _PAGES else ""


def way_to(by: Actor, check: Check, round: Round) -> str:
    """That address where this officer may open the page, "" where it would be turned away."""
    url = page_for(check, round)
    if not url or by.may(resolve(urlsplit(url).path).func.right) is None:  # type: ignore[attr-defined]
        return ""
    plans = Plan.objects.for_actor(by, Right.PLAN_APPROVE)
    # A provincial bureau computes the schools of both programmes, and opens the plans of its own.
    if check.code == "programmes" and check.about and not plans.filter(public_id=check.about).exists():
        return ""
    return url


def fix_link_for(by: Actor, code: str, round: Round, at: datetime) -> FixLink | None:
    """The page where the condition can be mended that a run was refused for; None where this officer has none."""
    for check in checks(round, at):
        if check.code == code and not check.holds:
            url = way_to(by, check, round)
            return FixLink(check.now, url) if url else None
    return None
