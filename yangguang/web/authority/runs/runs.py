"""A run for its officers: progress, verification, difference, programmes and their rankings. (F-D3, F-D4, F-D5)"""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.actions.runs import inspection
from yangguang.models import AdmissionRun, Programme
from yangguang.queries.runs.programme_rankings import SIZE, RankedApplicant, RankingPage, list_programmes
from yangguang.queries.runs.progress import RunStatus, get_run_status
from yangguang.queries.runs.rounds import count_already_seated, find_run, may_read_ranking
from yangguang.queries.runs.runs import compare_with_last
from yangguang.rules.accounts.rights import Right
from yangguang.rules.reporting.steps import CountKey
from yangguang.rules.runs import run_states
from yangguang.rules.runs.matching_types import ReasonCode
from yangguang.web.authority.base.layout import page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.approval_strip import ApprovalStep
from yangguang.web.kit.paging import page_of_rows, read_key

FIRST_PROGRAMMES = 12
"""Programmes on the page of the run itself."""


def get_run(request: Request, public_id: UUID) -> AdmissionRun:
    """The run in the address; raises NotFound if there is none for this officer."""
    run = find_run(request.actor, public_id)
    if run is None:
        raise inspection.OUT_OF_REACH
    return run


@require_safe
def run(request: Request, run: UUID) -> HttpResponse:
    """One run: its state and next step, the verification, the numbers, the difference, its programmes."""
    row = get_run(request, run)
    has_list = row.state not in run_states.UNFINISHED
    values = {
        "run": row,
        "status": _get_status(row),
        "round": row.round,
        "two": list_approval_steps(row) if has_list else [],
        "numbers": _list_numbers(row) if has_list else [],
        "by_choice": sorted(row.counts.get("by_choice", {}).items(), key=lambda pair: int(pair[0])),
        "changed": compare_with_last(row),
        "seated": count_already_seated(row) if row.is_what_if and has_list else 0,
        "programmes": list_programmes(row, limit=FIRST_PROGRAMMES)[:FIRST_PROGRAMMES] if has_list else [],
        "trail": list_crumbs(row, ""),
        **_list_acts(request, row),
    }
    return page(request, "runs/run", values)


@require_safe
def progress(request: Request, run: UUID) -> HttpResponse:
    """The progress alone, loaded every few seconds; at the end the browser reloads the whole page."""
    row = get_run(request, run)
    response = render(request, "authority/runs/run_progress.html", {"run": row, "status": _get_status(row)})
    if row.state not in run_states.COMPUTING:
        response["HX-Refresh"] = "true"
    return response


def _get_status(run: AdmissionRun) -> RunStatus | None:
    return get_run_status(run) if run.state in run_states.COMPUTING else None


@require_safe
def programmes(request: Request, run: UUID) -> HttpResponse:
    """Every programme of the run in numbers."""
    row, after = get_run(request, run), read_key(request, "after", 1)
    rows = list_programmes(row, str(after[0]) if after else "")
    values = {
        "run": row,
        "list": page_of_rows(request, rows, lambda row: [row.code], SIZE),
        "may_read": may_read_ranking(request.actor, row),
        "trail": list_crumbs(row, "计划行"),
    }
    return page(request, "runs/programmes", values)


@require_safe
def programme(request: Request, run: UUID, programme: UUID) -> HttpResponse:
    """The masked ranking of one programme; each access is logged."""
    row, programmes = get_run(request, run), Programme.objects.for_actor(request.actor, Right.RUN_READ_RANKING)
    one = programmes.select_related("plan__school").filter(public_id=programme).first()
    if one is None:
        raise inspection.OUT_OF_REACH
    ranking = inspection.read_programme(by=request.actor, run=row, programme=one, after=_read_place(request))
    part = page_of_rows(request, ranking.rows, lambda row: [row.place, row.number], SIZE)
    values = {
        "run": row,
        "programme": one,
        "ranking": ranking,
        "list": part,
        "rows": list(_with_cutoffs(part.rows, ranking)),
        "trail": list_crumbs(row, f"计划行 {one.code}"),
    }
    return page(request, "runs/programme_ranking", values)


def _read_place(request: Request) -> tuple[int, str] | None:
    """(place, 报名号) of the last row before the page; None for the beginning, and for a malformed address."""
    place, number = read_key(request, "after", 2) or (None, "")
    return (place, str(number)) if isinstance(place, int) and 0 <= place < 2**31 else None


def _with_cutoffs(
    rows: list[RankedApplicant], ranking: RankingPage
) -> Iterator[tuple[RankedApplicant, str, list[str]]]:
    """Each row with the label of its reason and the names of the quotas that end right behind it."""
    # The last row of a page is followed by the first one of the next page, that of the list by none.
    following = [*(row.place for row in ranking.rows[1:]), 2**31][: len(rows)]
    cutoffs = [one for one in ranking.cutoffs if one.last_place is not None]
    for row, after in zip(rows, following, strict=True):
        label = ReasonCode(row.code.partition(":")[0]).label
        yield row, label, [one.name for one in cutoffs if row.place <= one.last_place < after]


@require_safe
def changes(request: Request, run: UUID) -> HttpResponse:
    """The difference to the run before, by programme and by person; each access is logged."""
    row, key = get_run(request, run), read_key(request, "after", 1)
    changed, after = compare_with_last(row), str(key[0]) if key else ""
    rows = inspection.read_difference(by=request.actor, run=row, after=after, limit=SIZE)
    last = None if changed.before is None else changed.before.pk
    values = {
        "run": row,
        "changed": changed,
        "list": page_of_rows(request, rows, lambda row: [row.number], SIZE),
        "compared": last is not None and (row.compared_by_id, row.compared_with_id) == (request.actor.account, last),
        "trail": list_crumbs(row, "与上次运算的差异"),
    }
    return page(request, "runs/run_changes", values)


def name_run(run: AdmissionRun) -> str:
    return f"第{run.number}次{'试算' if run.is_what_if else '运算'}"


def list_crumbs(run: AdmissionRun, here: str) -> list[tuple[str, str]]:
    """Rounds, the round, the run, and the page `here` below it, if any."""
    round_url = reverse("authority:round", args=[run.round.public_id])
    crumbs = [("批次", reverse("authority:rounds")), (run.round.name, round_url)]
    if not here:
        return [*crumbs, (name_run(run), "")]
    return [*crumbs, (name_run(run), reverse("authority:run", args=[run.public_id])), (here, "")]


_NUMBERS = (
    ("persons", "参加人数", ""),
    ("choices", "志愿数", ""),
    ("seats", "名额", "投入本批次的"),
    ("placed", "拟录取", ""),
    ("admitted", "已公布录取", "正式生效的"),
    ("skipped", "已另有名额", "公布时跳过"),
)


def _list_numbers(run: AdmissionRun) -> list[tuple[str, int, str, CountKey]]:
    return [
        (label, run.counts[step], note, CountKey(str(run.public_id), step, "all", "*"))
        for step, label, note in _NUMBERS
        if step in run.counts
    ]


def list_approval_steps(run: AdmissionRun) -> list[ApprovalStep]:
    """The two officers of a publication: who proposed it, who approved it, and who is next."""
    is_proposed = run.state in run_states.OFFICIAL
    is_approved = is_proposed and run.state != run_states.PROPOSED
    note = "" if is_approved else "须由发起人、提请人以外的人批准"
    if run.state == run_states.APPROVED:
        note = "已批准，由批准人以外的人在统一公布时间执行公布，或设定到点公布"
    signed = "优盾已签名"
    first, second = str(run.proposed_by or run.started_by), str(run.approved_by or "")
    proposal = ("done", first, signed, "") if is_proposed else ("now", first, "", "运算已核验，可以提请")
    state = "done" if is_approved else "now" if is_proposed else "next"
    approval = (state, second, signed if is_approved else "", note)
    return [
        ApprovalStep(step, state, who=who, key=key, note=text)
        for step, (state, who, key, text) in (("提请公布", proposal), ("批准公布", approval))
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


def _list_acts(request: Request, run: AdmissionRun) -> dict[str, object]:
    """The next act and the one beside it as (label, address), or None."""
    name, label, right = _NEXT.get(run.state, ("", "", Right.ADMISSION_CENTRAL_RUN))
    may = bool(name) and not run.is_what_if and request.actor.may(right) is not None
    beside, beside_label = _BESIDE.get(run.state, ("", ""))
    return {
        "next": (label, reverse(f"authority:{name}", args=[run.public_id])) if may else None,
        "beside": (beside_label, reverse(f"authority:{beside}", args=[run.public_id])) if beside else None,
        "may_read": may_read_ranking(request.actor, run),
    }
