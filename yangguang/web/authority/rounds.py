"""Rounds and their runs: what stands against a run, the verifier's report, who signed what. (D2–D5)"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import AdmissionRun, Round
from yangguang.queries.check_ins import absent_preview, check_in_span
from yangguang.queries.desk_rounds import governs, run_named, seed_of, states
from yangguang.queries.desk_seasons import round_named, seasons
from yangguang.queries.run_checks import RANKED
from yangguang.queries.runs import difference, round_page
from yangguang.rules.refusals import NotHere
from yangguang.rules.rights import Right
from yangguang.rules.rounds import Silence, WindowKind
from yangguang.rules.windows import Standing, standing
from yangguang.web.authority.frame import page, season_of
from yangguang.web.kit.actor import Request

FIXES = {"plans": "authority:plans", "cases": "authority:cases", "choices": "authority:windows"}
LINES_SHOWN = 60


@require_safe
def rounds(request: Request) -> HttpResponse:
    """Every round of the season."""
    season = season_of(request)
    return page(request, "rounds", {"season": season, "seasons": seasons(), "rounds": states(season)})


@require_safe
def round(request: Request, round: UUID) -> HttpResponse:
    """One round with everything that can be done about it now."""
    found, at = round_named(round), clock.now()
    facts, mine, span = round_page(found, at), governs(request.actor, found), check_in_span(found)
    values = {
        "round": found,
        "season": found.season,
        "facts": facts,
        "windows": _windows(facts.windows, span),
        "checks": [(one, reverse(FIXES[one.code]) if one.code in FIXES else "") for one in facts.checks],
        "published": any(run.state == "PUBLISHED" for run in facts.runs),
        "ready": all(check.holds for check in facts.checks),
        "runs": [run for run in facts.runs if mine or run.state == "PUBLISHED"],
        "mine": mine,
        "ranked": found.kind in RANKED,
        "silence": Silence(found.silence).label,
        "seed": seed_of(found) if found.kind in RANKED else None,
        "may": _may(request, found),
        "absent": absent_preview(request.actor, found) if standing(*span, at) is Standing.AFTER else [],
        "trail": [("批次", reverse("authority:rounds")), (found.name, "")],
    }
    return page(request, "round", values)


def _windows(windows: Any, check_in: Any) -> list[dict[str, Any]]:
    rows = [{"label": kind.label, "opens": opens, "closes": closes} for kind, opens, closes in windows]
    return [*rows, {"label": WindowKind.CHECK_IN.label, "opens": check_in[0], "closes": check_in[1]}]


def _may(request: Request, round: Round) -> dict[str, bool]:
    actor = request.actor
    return {
        "open": round.opened_at is None and actor.may(Right.ROUND_WINDOW_SET) is not None,
        "lapse": actor.may(Right.ANSWER_LAPSE) is not None and round.silence != Silence.HOLD,
        "release": actor.may(Right.CHECK_IN_RELEASE_ABSENT) is not None,
    }


@require_safe
def run(request: Request, run: UUID) -> HttpResponse:
    """One run: the two-person strip, the ten promises, the numbers, what changes against the run before."""
    found = run_named(request.actor, run)
    if found is None:
        raise NotHere("没有找到这条信息", why="它不存在，或者不在您的岗位范围内", now="请从批次页面重新进入")
    changed = difference(found)
    values = {
        "run": found,
        "round": found.round,
        "two": strip(found),
        "numbers": _numbers(found),
        "by_choice": sorted(found.counts.get("by_choice", {}).items(), key=lambda pair: int(pair[0])),
        "verdicts": found.report.get("verdicts", []),
        "violations": found.report.get("violations", []),
        "changed": changed,
        "changed_lines": changed.lines[:LINES_SHOWN],
        "next": next_act(request, found),
        "trail": _trail(found.round, f"第{found.number}次运算"),
    }
    return page(request, "run", values)


def _trail(round: Round, here: str) -> list[tuple[str, str]]:
    name, url = round.name, reverse("authority:round", args=[round.public_id])
    return [("批次", reverse("authority:rounds")), (name, url), (here, "")]


_NUMBERS = (
    ("persons", "参加人数", ""), ("choices", "志愿数", ""), ("seats", "名额", "投入本批次的"), ("placed", "拟录取", ""),
    ("admitted", "已公布录取", "正式生效的"), ("skipped", "已另有学位", "公布时跳过"),
)  # fmt: skip


def _numbers(run: AdmissionRun) -> list[tuple[str, int, str]]:
    return [(label, run.counts[key], note) for key, label, note in _NUMBERS if key in run.counts]


def strip(run: AdmissionRun) -> list[dict[str, Any]]:
    """The two people of a publication: who asked for it, who approved it, and whose turn it is."""
    asked, approved = (
        run.state in ("PROPOSED", "APPROVED", "PUBLISHED"),
        run.state in ("APPROVED", "PUBLISHED"),
    )
    signed = "优盾已签名"
    first = {"step": "提请公布", "state": "done" if asked else "now", "key": signed if asked else ""}
    second = {"step": "批准公布", "state": "done" if approved else "now" if asked else "next"}
    first["who"] = str(run.proposed_by or run.started_by)
    first["says"] = "" if asked else "运算已核验，可以提请"
    second["who"], second["key"] = str(run.approved_by or ""), signed if approved else ""
    if not approved:
        second["says"] = "须由发起人、提请人以外的人批准"
    elif run.state == "APPROVED":
        second["says"] = "已批准，由批准人以外的人在统一公布时间执行公布"
    return [first, second]


def next_act(request: Request, run: AdmissionRun) -> tuple[str, str] | None:
    """The one thing that can be done with the run next: (label, address)."""
    name, label, right = {
        "CHECKED": ("run_propose", "提请公布", Right.ADMISSION_CENTRAL_RUN),
        "PROPOSED": ("run_approve", "批准公布", Right.ADMISSION_PUBLISH),
        "APPROVED": ("run_publish", "公布录取", Right.ADMISSION_PUBLISH),
    }.get(run.state, ("", "", Right.ADMISSION_CENTRAL_RUN))
    if not name or run.is_what_if or not request.actor.may(right):
        return None
    return label, reverse(f"authority:{name}", args=[run.public_id])
