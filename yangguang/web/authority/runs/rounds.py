"""Rounds and their runs: what stands against a run, the verifier's report, who signed what. (F-D1, F-D3, F-D5)"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import Round
from yangguang.postgres.sql import Row
from yangguang.queries.admissions.check_ins import get_check_in_span
from yangguang.queries.admissions.no_shows import count_no_shows
from yangguang.queries.runs.preconditions import RANKED, Check
from yangguang.queries.runs.progress import standing as run_standing
from yangguang.queries.runs.rounds import dedicated_seats, governs, schools_of, seed_of, states
from yangguang.queries.runs.runs import RoundPage, round_page
from yangguang.queries.seasons.seasons import find_round
from yangguang.rules.accounts.rights import Right
from yangguang.rules.runs import run_states
from yangguang.rules.seasons.rounds import Silence, WindowKind
from yangguang.rules.seasons.windows import WindowStatus, window_status
from yangguang.web.authority.base.layout import page, season_of
from yangguang.web.authority.runs.fix_links import way_to
from yangguang.web.kit.actor import Request


@require_safe
def rounds(request: Request) -> HttpResponse:
    """Every round of the season."""
    season = season_of(request)
    return page(request, "runs/rounds", {"season": season, "rounds": states(season)})


@require_safe
def round(request: Request, round: UUID) -> HttpResponse:
    """One round with everything that can be done about it now."""
    found, at = find_round(round), clock.now()
    facts, mine, span = round_page(found, at), governs(request.actor, found), get_check_in_span(found)
    values = {
        "windows": _windows(facts.windows, span),
        "checks": _checks(request, facts, found, mine),
        "seats_note": _seats_note(found),
        "ranked": found.kind in RANKED,
        "silence": Silence(found.silence).label,
        "seed": seed_of(found) if found.kind in RANKED else None,
        "may": _may(request, found, mine),
        "schools": schools_of(found) if mine and found.kind in RANKED else [],
        "absent": _absent(request, found, window_status(*span, at)),
        "trail": [("批次", reverse("authority:rounds")), (found.name, "")],
        **_runs(facts, mine),
    }
    about = {"round": found, "season": found.season, "facts": facts, "mine": mine}
    return page(request, "runs/round", about | values)


def _absent(request: Request, round: Round, check_in: WindowStatus) -> list[Row]:
    return count_no_shows(request.actor, round) if check_in is WindowStatus.AFTER else []


def _checks(request: Request, facts: RoundPage, round: Round, mine: bool) -> list[tuple[Check, str]]:
    """Each condition with the page where it is mended, for whoever has a part in the round and may open it."""
    return [(one, way_to(request.actor, one, round) if mine else "") for one in facts.checks]


def _seats_note(round: Round) -> str:
    dedicated = dedicated_seats(round)
    return f"开设时剩余的，含专门编班 {dedicated:,}" if dedicated else "开设时剩余的"


def _runs(facts: RoundPage, mine: bool) -> dict[str, Any]:
    """The runs this officer may see, the one under way, and the last that came to no list."""
    shown = [run for run in facts.runs if mine or run.state == run_states.PUBLISHED]
    now = next((run for run in shown if run.state in run_states.COMPUTING), None)
    official = next((run for run in shown if not run.is_what_if), None)
    return {
        "runs": shown,
        "run": now,
        "standing": run_standing(now) if now is not None else None,
        "failed": official if official is not None and official.state == run_states.FAILED else None,
        "published": any(run.state == run_states.PUBLISHED for run in facts.runs),
        "ready": all(check.holds for check in facts.checks),
        "may_schedule": all(check.holds for check in facts.checks if check.code in _FOR_SCHEDULING),
    }


_FOR_SCHEDULING = ("kind", "computing", "scheduled", "timed", "published")


def _windows(windows: Any, check_in: Any) -> list[dict[str, Any]]:
    rows = [{"label": kind.label, "opens": opens, "closes": closes} for kind, opens, closes in windows]
    return [*rows, {"label": WindowKind.CHECK_IN.label, "opens": check_in[0], "closes": check_in[1]}]


def _may(request: Request, round: Round, mine: bool) -> dict[str, bool]:
    actor = request.actor
    return {
        "seed": mine,
        "trial": mine and actor.may(Right.RUN_TRIAL) is not None,
        "open": round.opened_at is None and actor.may(Right.ROUND_WINDOW_SET) is not None,
        "lapse": actor.may(Right.ANSWER_LAPSE) is not None and round.silence != Silence.HOLD,
        "release": actor.may(Right.CHECK_IN_RELEASE_ABSENT) is not None,
    }
