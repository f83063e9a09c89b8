"""After the results: who would be released as 未报到, offers started by hand, and why students left which school."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.admissions import waiting_list_actions
from yangguang.models import Round
from yangguang.queries.admissions.check_ins import check_in_span
from yangguang.queries.admissions.no_shows import absent_people, freed_programmes
from yangguang.queries.admissions.waiting_list import list_state
from yangguang.queries.admissions.withdrawals import counts
from yangguang.queries.seasons.seasons import round_named, seasons
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions.withdrawals import Why
from yangguang.rules.seasons.windows import WindowStatus, window_status
from yangguang.web.authority.base.layout import confirmation, page, season_of
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import confirm_or_refuse
from yangguang.web.kit.paging import page_of


@require_safe
def no_shows(request: Request, round: UUID) -> HttpResponse:
    """Who has not come, and what releasing them frees, programme by programme; nothing is changed here."""
    found, at = round_named(round), clock.now()
    opens, closes = check_in_span(found)
    values = {
        "round": found, "closes": closes, "over": window_status(opens, closes, at) is WindowStatus.AFTER,
        "programmes": freed_programmes(request.actor, found),
        "list": page_of(request, absent_people(request.actor, found), ("application__number",)),
        "may": request.actor.may(Right.CHECK_IN_RELEASE_ABSENT) is not None,
        "trail": _trail(found, "未报到预览"),
    }  # fmt: skip
    return page(request, "admissions/no_shows", values)


@require_safe
def waiting_list(request: Request, round: UUID) -> HttpResponse:
    """How the round's list stands, programme by programme, and the button that works through it now."""
    found, at = round_named(round), clock.now()
    values = {
        "round": found, "at": at, "state": list_state(found), "trail": _trail(found, "候补"),
        "may": request.actor.may(Right.WAITING_OFFER) is not None,
    }  # fmt: skip
    return page(request, "admissions/waiting_list", values)


@require_http_methods(["GET", "HEAD", "POST"])
def offer_due(request: Request, round: UUID) -> HttpResponse:
    """Work through the list now, as the hourly job does."""
    found = round_named(round)
    effects = [
        ("逾期没有应答的递补作废，名额让给下一名。", True),
        ("空出的名额按公布的录取排名递补，学生收到短信，72 小时内应答。", False),
        ("与每小时自动进行的递补完全相同，提前进行不改变任何人的次序。", False),
    ]
    back = reverse("authority:waiting", args=[found.public_id])
    shown = confirmation(request, f"现在递补“{found.name}”？", "现在递补", effects, back)
    prepared = waiting_list_actions.offer_due.prepare(by=request.actor, round=found)
    return confirm_or_refuse(request, prepared, lambda: shown)


@require_safe
def release_counts(request: Request) -> HttpResponse:
    """Why students asked to leave which school: what supervision looks at. (F-N5)"""
    season = season_of(request)
    values = {
        "season": season,
        "seasons": seasons(),
        "schools": counts(request.actor, season),
        "reasons": list(Why),
    }
    return page(request, "admissions/withdrawal_counts", values)


def _trail(round: Round, here: str) -> list[tuple[str, str]]:
    url = reverse("authority:round", args=[round.public_id])
    return [("批次", reverse("authority:rounds")), (round.name, url), (here, "")]
