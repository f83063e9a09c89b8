"""考试机构结果: upload and check, load by two people, decide the programmes that could not be carried out. (F-D12)"""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.admissions import exam_board_files, exam_board_results
from yangguang.gateways.ciphers import sm3
from yangguang.models import ImportDecision, ImportFile, Round
from yangguang.queries.admissions import exam_board_overview
from yangguang.queries.admissions.exam_board_conflicts import OTHER_NAME
from yangguang.queries.seasons.seasons import round_named, seasons
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import BadRows, NotFound, Refused
from yangguang.rules.seasons.rounds import RoundKind
from yangguang.sheets.import_profiles import empty_workbook, load_profiles, read_results
from yangguang.web.authority.base.layout import confirmation, page, refused, season_of
from yangguang.web.authority.reporting.reports import FILES
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, Effects, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import beside

two_ways = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = 200
DOES: dict[str, Effects] = {
    ImportDecision.Verdict.SAME_PERSON: [("这名学生被录取，占用名额，并收到短信。", False)],
    ImportDecision.Verdict.DISMISSED: [("这一行不办理；以后的文件再有这名学生，也不办理。", True)],
}


class FileForm(forms.Form):
    """One file and how it is laid out."""

    profile = forms.ChoiceField(label="文件格式")
    file = forms.FileField(
        label="结果文件", help_text=".xlsx 或 .csv，至多20MB、5万行；上传只核对，不办理录取。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["profile"].choices = [(one.code, one.label) for one in load_profiles().values()]  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    """What to do about one programme."""

    programme = forms.CharField(widget=forms.HiddenInput, max_length=80)
    verdict = forms.ChoiceField(
        label="决定", choices=ImportDecision.Verdict.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="理由", max_length=200, help_text="核对了什么证件、核对到什么；不要写号码。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


@require_safe
def imports(request: Request) -> HttpResponse:
    """The rounds of the season that take files."""
    season = season_of(request)
    rows = exam_board_overview.standings(season)
    return page(request, "admissions/exam_board", {"season": season, "seasons": seasons(), "rows": rows})


@two_ways
def round_imports(request: Request, import_round: UUID) -> HttpResponse:
    """One round: what is loaded, what waits, and a new file."""
    found = _round(import_round)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        try:
            kept = _kept(request, found, form)
            return HttpResponseRedirect(reverse("authority:import_file", args=[kept.public_id]))
        except BadRows as refusal:
            return _round_page(request, found, form, refusal)
        except Refused as refusal:
            beside(form, refusal)
    return _round_page(request, found, form)


@require_safe
def template(request: Request, profile: str) -> HttpResponse:
    """An empty file of one layout, to be filled in."""
    found = load_profiles().get(profile)
    if found is None:
        raise NotFound("没有这个文件格式", why="网址不完整或被改动过", now="请从批次的导入页面下载")
    headers = {"Content-Disposition": str(content_disposition_header(True, f"{found.label}.xlsx"))}
    return HttpResponse(empty_workbook(found), content_type=FILES["xlsx"][1], headers=headers)


def _kept(request: Request, round: Round, form: FileForm) -> ImportFile:
    """The file, read and kept; the bytes themselves are not."""
    sent, profile = form.cleaned_data["file"], load_profiles()[form.cleaned_data["profile"]]
    data = sent.read()
    rows = read_results(data, sent.name, profile)
    return exam_board_files.check_file(
        by=request.actor, round=round, profile=profile.code, rows=rows, digest=sm3(data).hex()
    )


def _round_page(
    request: Request, round: Round, form: FileForm, refusal: BadRows | None = None
) -> HttpResponse:
    files = ImportFile.objects.for_actor(request.actor, Right.IMPORTED_RESULT_CHECK).filter(round=round)
    waiting = exam_board_overview.conflicts(round)
    values = {
        "round": round, "form": form, "refusal": refusal, "waiting": waiting[:SHOWN], "more": len(waiting) > SHOWN,
        "files": [(one, exam_board_overview.is_loaded(one)) for one in files.order_by("-recorded_at")[:20]],
        "decided": exam_board_overview.decisions(round)[:SHOWN], "profiles": list(load_profiles().values()),
        "other_name": OTHER_NAME, "may_load": request.actor.may(Right.IMPORTED_RESULT_LOAD),
        "trail": [("考试机构结果", reverse("authority:imports")), (round.name, "")],
    }  # fmt: skip
    return page(request, "admissions/exam_board_round", values, status=422 if form.errors or refusal else 200)


@require_safe
def import_file(request: Request, import_file: UUID) -> HttpResponse:
    """What loading this file would do, judged now; nothing is written."""
    file = _file(request, import_file)
    found = exam_board_overview.preview(file, clock.now())
    values = {
        "file": file, "found": found, "faults": found.faults[:SHOWN], "loaded": exam_board_overview.is_loaded(file),
        "trail": [("考试机构结果", reverse("authority:imports")), *_crumbs(file.round), ("核对文件", "")],
    }  # fmt: skip
    return page(request, "admissions/exam_board_file", values)


@two_ways
def load(request: Request, import_file: UUID) -> HttpResponse:
    """Load exactly the file that was checked; the second person does the same."""
    file = _file(request, import_file)
    prepared = exam_board_results.load.prepare(
        by=request.actor, round=file.round, rows=exam_board_overview.rows_of(file), digest=file.digest
    )
    try:
        return confirm(
            request, prepared, lambda: _load_page(request, file), redirect_to(_round_url(file.round))
        )
    except Refused as refusal:
        return refused(request, refusal, _round_url(file.round))


def _load_page(request: Request, file: ImportFile) -> Confirmation:
    """What loading the file does. Raises Refused where nothing would come of it."""
    found = exam_board_overview.preview(file, clock.now())
    exam_board_overview.require_worth(found)
    effects = [
        (f"{found.fits} 名学生被录取，占用本年度名额，并收到短信。", False),
        (
            f"{len(found.faults)} 行不办理，连同原因列出，由两人逐行决定，或改正后另行导入。",
            bool(found.faults),
        ),
        ("两个人各看一遍、各签一次，导入的是同一份文件（摘要相同）。", False),
    ]
    title = f"导入“{file.round.name}”的结果？"
    return confirmation(request, title, "导入结果", effects, _round_url(file.round))


@two_ways
def settle(request: Request, import_round: UUID) -> HttpResponse:
    """Decide one programme."""
    found = _round(import_round)
    back = _round_url(found)
    data = submitted_data(request) if request.method == "POST" else None
    digest, row = _programme((data or request.GET).get("programme", ""))
    form = SettleForm(data, initial={"programme": f"{digest}:{row}"})
    if form.is_valid():
        said = form.cleaned_data
        verdict = ImportDecision.Verdict(said["verdict"])
        prepared = exam_board_results.settle.prepare(
            by=request.actor, round=found, digest=digest, row=row, verdict=verdict, reason=said["reason"]
        )
        shown = confirmation(request, f"第 {row} 行：{verdict.label}？", "决定", DOES[verdict], back)
        try:
            return confirm(request, prepared, lambda: shown, redirect_to(back))
        except Refused as refusal:
            beside(form, refusal)
    trail = [("考试机构结果", reverse("authority:imports")), *_crumbs(found), ("决定一行", "")]
    one = exam_board_overview.conflict(found, digest, row)
    values = {"form": form, "back": back, "trail": trail, "one": one}
    return page(request, "admissions/exam_board_decide", values, status=422 if data else 200)


def _crumbs(round: Round) -> list[tuple[str, str]]:
    return [(round.name, _round_url(round))]


def _round_url(round: Round) -> str:
    return reverse("authority:import_round", args=[round.public_id])


def _programme(text: str) -> tuple[str, int]:
    if not text:
        raise Refused("没有写明是哪一行", now="请从批次的导入页面，在待决定的行里点开一行")
    digest, _, row = text.partition(":")
    if not (len(digest) == 64 and row.isascii() and row.isdecimal() and len(row) < 9):
        raise NotFound("没有找到这一行", why="网址不完整或被改动过", now="请从导入冲突的列表重新进入")
    return digest, int(row)


def _round(public_id: UUID) -> Round:
    found = round_named(public_id)
    if found.kind != RoundKind.IMPORTED:
        raise NotFound(
            "这个批次不由考试机构录取",
            why="只有3+2、五年一贯制的批次导入结果",
            now="请从考试机构结果的列表进入",
        )
    return found


def _file(request: Request, public_id: UUID) -> ImportFile:
    rows = ImportFile.objects.for_actor(request.actor, Right.IMPORTED_RESULT_CHECK)
    found: ImportFile = rows.select_related("round__season", "uploaded_by").get_or_not_found(
        public_id=public_id
    )
    return found
