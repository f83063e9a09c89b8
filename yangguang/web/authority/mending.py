"""Where each condition of a run is mended: every refusal leads to the page that can do something about it. (D1)"""

from datetime import datetime

from django.urls import reverse

from yangguang.models import Round
from yangguang.queries.run_checks import Check, checks

_PAGES = {
    "plans": "authority:plans", "cases": "authority:cases", "contests": "authority:contests",
    "kind": "authority:rounds", "published": "authority:rounds", "strays": "authority:plans",
}  # fmt: skip
_ABOUT = {
    "lines": "authority:plan", "computing": "authority:run", "scheduled": "authority:run", "timed": "authority:run",
}  # fmt: skip


def page_for(check: Check, round: Round) -> str:
    """The address where this condition can be made to hold."""
    if check.code in _ABOUT and check.about is not None:
        return reverse(_ABOUT[check.code], args=[check.about])
    if check.code in ("choices", "review", "exceptions"):
        return f"{reverse('authority:windows')}?season={round.season.public_id}"
    if check.code == "seed":
        return reverse("authority:round_seed", args=[round.public_id])
    return reverse(_PAGES[check.code]) if check.code in _PAGES else ""


def way_out(code: str, round: Round, at: datetime) -> tuple[str, str]:
    """(what to do, address) for the condition a run was refused for; ("", "") for another refusal."""
    for check in checks(round, at):
        if check.code == code and not check.holds:
            return check.now, page_for(check, round)
    return "", ""
