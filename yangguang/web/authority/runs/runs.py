"""A run as its officers see it: progress, promises, what changed, its programmes, and one programme's ranking.
(F-D3, F-D4, F-D5)
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.actions.runs import inspection
from yangguang.models import AdmissionRun, Programme, Round
from yangguang.queries.runs.programme_rankings import SIZE, programme_numbers
from yangguang.queries.runs.progress import standing
from yangguang.queries.runs.rounds import left_out_as_seated, may_read_ranking, run_named
from yangguang.queries.runs.runs import difference
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import NotFound
from yangguang.rules.runs import run_states
from yangguang.rules.runs.matching_types import ReasonCode
from yangguang.web.authority.base.layout import page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.approval_strip import ApprovalStep
from yangguang.web.kit.paging import page_of_rows, read_key

PROGRAMMES_SHOWN = 12
NOT_HERE = NotFound("没有找到这条信息", why="它不存在，或者不在您的岗位范围内", now="请从批次页面重新进入")


def found_run(request: Request, public_id: UUID) -> AdmissionRun:
    """The run in the address.

    Raises:
        NotFound: there is none for this officer.
    """
    found = run_named(request.actor, public_id)
    if found is None:
        raise NOT_HERE
    return found


@require_safe
def run(request: Request, run: UUID) -> HttpResponse:
    """One run: where it stands, whose turn it is, the ten promises, the numbers, what changes, its programmes."""
    found = found_run(request, run)
    listed = found.state not in run_states.UNFINISHED
    values = {
        "run": found,
        "round": found.round,
        "two": strip(found) if listed else [],
        "numbers": numbers(found) if listed else [],
        "by_choice": sorted(found.counts.get("by_choice", {}).items(), key=lambda pair: int(pair[0])),
        "verdicts": found.report.get("verdicts", []),
        "violations": found.report.get("violations", []),
        "changed": difference(found),
        "seated": left_out_as_seated(found) if found.is_what_if and listed else 0,
        "programmes": programme_numbers(found, limit=PROGRAMMES_SHOWN)[:PROGRAMMES_SHOWN] if listed else [],
        "trail": trail(found, ""),
        **acts(request, found),
        **_standing(found),
    }
    return page(request, "runs/run", values)


@require_safe
def progress(request: Request, run: UUID) -> HttpResponse:
    """The progress alone, asked for again every few seconds; at the end the whole page is asked for."""
    found = found_run(request, run)
    answer = render(request, "authority/runs/run_progress.html", {"run": found, **_standing(found)})
    if found.state not in run_states.COMPUTING:
        answer["HX-Refresh"] = "true"
    return answer


def _standing(run: AdmissionRun) -> dict[str, Any]:
    return {"standing": standing(run) if run.state in run_states.COMPUTING else None}


@require_safe
def programmes(request: Request, run: UUID) -> HttpResponse:
    """Every programme of the run in numbers."""
    found = found_run(request, run)
    after = read_key(request, "after", 1)
    rows = programme_numbers(found, str(after[0]) if after else "")
    values = {
        "run": found,
        "list": page_of_rows(request, rows, lambda row: [row.code], SIZE),
        "may_read": may_read_ranking(request.actor, found),
        "trail": trail(found, "计划行"),
    }
    return page(request, "runs/programmes", values)


@require_safe
def programme(request: Request, run: UUID, programme: UUID) -> HttpResponse:
    """The ranking of one programme, masked; every look is kept in the log."""
    found, programmes = (found_run(request, run), Programme.objects.for_actor(request.actor, Right.RUN_READ_RANKING))
    one = programmes.select_related("plan__school").filter(public_id=programme).first()
    if one is None:
        raise NOT_HERE
    seen = inspection.read_programme(by=request.actor, run=found, programme=one, after=_after(request))
    listed = page_of_rows(request, seen.rows, lambda row: [row.place, row.number], SIZE)
    values = {
        "run": found,
        "programme": one,
        "seen": seen,
        "list": listed,
        "rows": _with_cuts(listed.rows, seen),
        "trail": trail(found, f"计划行 {one.code}"),
    }
    return page(request, "runs/programme_ranking", values)


def _after(request: Request) -> tuple[int, str] | None:
    """(place, 报名号) that the page begins behind; None for the beginning, also when somebody typed nonsense."""
    place, number = read_key(request, "after", 2) or (None, "")
    return (place, str(number)) if isinstance(place, int) and 0 <= place < 2**31 else None


def _with_cuts(rows: list[Any], seen: Any) -> list[tuple[Any, str, list[str]]]:
    """Each row with the words of its reason and the cuts that lie right behind it."""
    # Behind the last row of the list lies nothing; behind the last of a page, the first of the next.
    following = [*(row.place for row in seen.rows[1:]), 2**31][: len(rows)]
    out = []
    for row, after in zip(rows, following, strict=True):
        cuts = [cut.name for cut in seen.cuts if cut.last_place is not None and row.place <= cut.last_place < after]
        code = row.code.partition(":")[0]
        out.append((row, ReasonCode(code).label, cuts))
    return out


@require_safe
def changes(request: Request, run: UUID) -> HttpResponse:
    """What the run changes against the one before, by programme and by person; every look is kept in the log."""
    found = found_run(request, run)
    changed, key = difference(found), read_key(request, "after", 1)
    rows = inspection.read_difference(by=request.actor, run=found, after=str(key[0]) if key else "", limit=SIZE)
    mine = found.compared_by_id is not None and found.compared_by_id == request.actor.account
    values = {
        "run": found,
        "changed": changed,
        "list": page_of_rows(request, rows, lambda row: [row.number], SIZE),
        "compared": mine and changed.before is not None and found.compared_with_id == changed.before.pk,
        "trail": trail(found, "与上次运算的差异"),
    }
    return page(request, "runs/run_changes", values)


def trail(run: AdmissionRun, here: str) -> list[tuple[str, str]]:
    """Rounds, the round, the run, and the page below it."""
    round: Round = run.round
    own = f"第{run.number}次{'试算' if run.is_what_if else '运算'}"
    ways = [("批次", reverse("authority:rounds")), (round.name, reverse("authority:round", args=[round.public_id]))]
    if not here:
        return [*ways, (own, "")]
    return [*ways, (own, reverse("authority:run", args=[run.public_id])), (here, "")]


_NUMBERS = (
    ("persons", "参加人数", ""),
    ("choices", "志愿数", ""),
    ("seats", "名额", "投入本批次的"),
    ("placed", "拟录取", ""),
    ("admitted", "已公布录取", "正式生效的"),
    ("skipped", "已另有名额", "公布时跳过"),
)


def numbers(run: AdmissionRun) -> list[tuple[str, int, str]]:
    """The counts of a run with their labels."""
    return [(label, run.counts[key], note) for key, label, note in _NUMBERS if key in run.counts]


def strip(run: AdmissionRun) -> list[ApprovalStep]:
    """The two persons of a publication: who proposed it, who approved it, and whose turn it is."""
    is_proposed = run.state in run_states.OFFICIAL
    is_approved = is_proposed and run.state != run_states.PROPOSED
    note = "" if is_approved else "须由发起人、提请人以外的人批准"
    if run.state == run_states.APPROVED:
        note = "已批准，由批准人以外的人在统一公布时间执行公布，或设定到点公布"
    return [
        ApprovalStep(
            "提请公布",
            "done" if is_proposed else "now",
            who=str(run.proposed_by or run.started_by),
            key="优盾已签名" if is_proposed else "",
            note="" if is_proposed else "运算已核验，可以提请",
        ),
        ApprovalStep(
            "批准公布",
            "done" if is_approved else "now" if is_proposed else "next",
            who=str(run.approved_by or ""),
            key="优盾已签名" if is_approved else "",
            note=note,
        ),
    ]


_NEXT = {
    run_states.CHECKED: ("run_propose", "提请公布", Right.ADMISSION_CENTRAL_RUN),
    run_states.PROPOSED: ("run_approve", "批准公布", Right.ADMISSION_PUBLISH),
    run_states.APPROVED: ("run_publish", "现在公布", Right.ADMISSION_PUBLISH),
}
_BESIDE = {
    **dict.fromkeys((run_states.SCHEDULED, *run_states.COMPUTING), ("run_cancel", "取消运算")),
    run_states.APPROVED: ("run_time", "设定到点公布"),
    run_states.TIMED: ("run_call_off", "撤销到点公布"),
}


def acts(request: Request, run: AdmissionRun) -> dict[str, Any]:
    """What can be done with the run next, and beside it: (label, address), or None."""
    name, label, right = _NEXT.get(run.state, ("", "", Right.ADMISSION_CENTRAL_RUN))
    may = bool(name) and not run.is_what_if and request.actor.may(right) is not None
    beside, says = _BESIDE.get(run.state, ("", ""))
    return {
        "next": (label, reverse(f"authority:{name}", args=[run.public_id])) if may else None,
        "beside": (says, reverse(f"authority:{beside}", args=[run.public_id])) if beside else None,
        "may_read": may_read_ranking(request.actor, run),
    }
