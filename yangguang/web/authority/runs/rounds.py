"""Rounds and their runs: the conditions of a run, the verifier's report, the two officers. (F-D1, F-D3, F-D5)"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import Round
from yangguang.queries.admissions.check_ins import get_check_in_span
from yangguang.queries.admissions.no_shows import count_no_shows
from yangguang.queries.runs.preconditions import RANKED
from yangguang.queries.runs.progress import get_run_status
from yangguang.queries.runs.rounds import count_dedicated_seats, find_seed, governs, list_round_states, list_schools
from yangguang.queries.runs.runs import RoundPage, get_round_page
from yangguang.queries.seasons.seasons import find_round
from yangguang.rules.accounts.rights import Right
from yangguang.rules.runs import run_states
from yangguang.rules.runs.rounds import Silence
from yangguang.rules.seasons.windows import WindowKind, WindowStatus, window_status
from yangguang.web.authority.base.layout import page, season_of
from yangguang.web.authority.runs.fix_links import fix_url
from yangguang.web.authority.runs.round_steps import list_round_steps
from yangguang.web.kit.actor import Request

_FOR_SCHEDULING = ("kind", "computing", "scheduled", "timed", "published")


@require_safe
def rounds(request: Request) -> HttpResponse:
    """Every round of the season."""
    season = season_of(request)
    return page(request, "runs/rounds", {"season": season, "rounds": list_round_states(season)})


@require_safe
def round(request: Request, round: UUID) -> HttpResponse:
    """One round with everything that can be done about it now."""
    row, at = find_round(round), clock.now()
    facts, is_governed = get_round_page(row, at), governs(request.actor, row)
    check_in, dedicated = get_check_in_span(row), count_dedicated_seats(row)
    is_over = window_status(*check_in, at) is WindowStatus.AFTER
    values = {
        "round": row,
        "season": row.season,
        "facts": facts,
        "is_governed": is_governed,
        "windows": _list_windows(facts, check_in),
        "seats_note": f"开设时剩余的，含专门编班 {dedicated:,}" if dedicated else "开设时剩余的",
        "silence": Silence(row.silence).label,
        "absent": count_no_shows(request.actor, row) if is_over else [],
        "may": _list_permissions(request, row, is_governed=is_governed),
        "trail": [("批次", reverse("authority:rounds")), (row.name, "")],
    }
    ranked = _list_ranked(request, row, facts, is_governed=is_governed) if row.kind in RANKED else {}
    return page(request, "runs/round", values | ranked | _list_runs(facts, is_governed=is_governed))


def _list_ranked(request: Request, round: Round, facts: RoundPage, *, is_governed: bool) -> dict[str, object]:
    """What only a round by rank has: steps, conditions of a run, pages to meet them, seed, schools of a trial."""
    seed = find_seed(round)
    return {
        "ranked": True,
        "steps": list_round_steps(round, facts, get_check_in_span(round), clock.now(), seed),
        "checks": [(one, fix_url(request.actor, one, round) if is_governed else "") for one in facts.checks],
        "seed": seed,
        "schools": list_schools(round) if is_governed else [],
    }


def _list_runs(facts: RoundPage, *, is_governed: bool) -> dict[str, object]:
    """The runs this officer may see, the one under way, and the newest if it failed."""
    runs = [run for run in facts.runs if is_governed or run.state == run_states.PUBLISHED]
    current = next((run for run in runs if run.state in run_states.COMPUTING), None)
    official = next((run for run in runs if not run.is_what_if), None)
    return {
        "runs": runs,
        "run": current,
        "status": None if current is None else get_run_status(current),
        "failed": official if official is not None and official.state == run_states.FAILED else None,
        "published": any(run.state == run_states.PUBLISHED for run in facts.runs),
        "ready": all(check.holds for check in facts.checks),
        "may_schedule": all(check.holds for check in facts.checks if check.code in _FOR_SCHEDULING),
    }


def _list_windows(facts: RoundPage, check_in: Any) -> list[dict[str, object]]:
    windows = [*facts.windows, (WindowKind.CHECK_IN, *check_in)]
    return [{"label": kind.label, "opens": opens, "closes": closes} for kind, opens, closes in windows]


def _list_permissions(request: Request, round: Round, *, is_governed: bool) -> dict[str, bool]:
    actor = request.actor
    return {
        "seed": is_governed,
        "trial": is_governed and actor.may(Right.RUN_TRIAL) is not None,
        "open": round.opened_at is None and actor.may(Right.ROUND_WINDOW_SET) is not None,
        "lapse": actor.may(Right.ANSWER_LAPSE) is not None and round.silence != Silence.HOLD,
        "release": actor.may(Right.CHECK_IN_RELEASE_ABSENT) is not None,
    }
