"""考试机构结果: upload and check a file, load it by two officers, decide the rows in conflict. (F-D12)"""

import re
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.admissions import exam_board_results
from yangguang.gateways.ciphers import sm3
from yangguang.models import ImportDecision, ImportedResult, ImportFile, Round
from yangguang.queries.admissions import exam_board_overview
from yangguang.queries.admissions.exam_board_conflicts import OTHER_NAME
from yangguang.queries.plans.programme_types import imported_types_of_year
from yangguang.queries.seasons.seasons import find_round
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import BadRows, NotFound, Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.rounds import RoundKind
from yangguang.sheets.import_profiles import Profile, limit_types, load_profiles, read_results
from yangguang.web.authority.base.layout import confirmation, page, refused, season_of, uuid_in
from yangguang.web.authority.base.templates import send_template
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, Effects, confirm, redirect_to, submitted_data
from yangguang.web.kit.error_workbooks import send_error_workbook, store_error_workbook
from yangguang.web.kit.forms import add_refusal

MAX_ROWS = 200
MAX_FILES = 20
Verdict = ImportDecision.Verdict
EFFECTS: dict[str, Effects] = {
    Verdict.SAME_PERSON: [("这名学生被录取，占用名额，并收到短信。", False)],
    Verdict.DISMISSED: [("这一行不办理；以后的文件再有这名学生，也不办理。", True)],
}


class FileForm(forms.Form):
    """One file and its layout."""

    profile = forms.ChoiceField(
        label="文件格式", choices=lambda: [(profile.code, profile.label) for profile in load_profiles().values()]
    )
    file = forms.FileField(label="结果文件", help_text=".xlsx 或 .csv，至多20MB、5万行；上传只核对，不办理录取。")


class DecisionForm(forms.Form):
    """The decision on one row; `row` names the row as "<file digest>:<row>"."""

    row = forms.CharField(widget=forms.HiddenInput, max_length=80)
    verdict = forms.ChoiceField(label="决定", choices=Verdict.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="理由",
        max_length=200,
        help_text="核对了什么证件、核对到什么；不要写号码。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@require_safe
def list_rounds(request: Request) -> HttpResponse:
    """The rounds of the season that take files."""
    season = season_of(request)
    rounds = exam_board_overview.list_rounds(season)
    types = "、".join(one.label for one in imported_types_of_year(season.year, clock.now()))
    return page(request, "admissions/exam_board", {"season": season, "rounds": rounds, "types": types})


@require_http_methods(["GET", "HEAD", "POST"])
def show_round(request: Request, import_round: UUID) -> HttpResponse:
    """One round: files, rows in conflict, decisions, and the form for a new file."""
    round = _get_round(import_round)
    if workbook := send_error_workbook(request):
        return workbook
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        try:
            file = _store_file(request, round, form)
            return HttpResponseRedirect(reverse("authority:import_file", args=[file.public_id]))
        except BadRows as refusal:
            return _render_round(request, round, form, refusal)
        except Refused as refusal:
            add_refusal(form, refusal)
    return _render_round(request, round, form)


@require_safe
def download_template(request: Request, profile: str) -> HttpResponse:
    """An empty file of one layout, with the programme types of the round in the address."""
    text = request.GET.get("round", "")
    return send_template(_read_profiles(_get_round(uuid_in(text))) if text else load_profiles(), profile)


def _read_profiles(round: Round) -> dict[str, Profile]:
    """The layouts with the programme types of the round."""
    types = [ProgrammeType(one).label for one in round.programme_types]
    return {code: limit_types(profile, types) for code, profile in load_profiles().items()}


def _store_file(request: Request, round: Round, form: FileForm) -> ImportFile:
    """The file, read and stored as rows; its bytes are not stored."""
    upload, profile = form.cleaned_data["file"], _read_profiles(round)[form.cleaned_data["profile"]]
    data = upload.read()
    rows = read_results(data, upload.name, profile, round.season.year)
    return exam_board_results.check_file(
        by=request.actor, round=round, profile=profile.code, rows=rows, digest=sm3(data).hex()
    )


def _render_round(request: Request, round: Round, form: FileForm, refusal: BadRows | None = None) -> HttpResponse:
    files = ImportFile.objects.for_actor(request.actor, Right.IMPORTED_RESULT_CHECK).filter(round=round)
    conflicts = list(exam_board_overview.list_conflicts(round)[: MAX_ROWS + 1])
    newest = list(files.order_by("-recorded_at")[:MAX_FILES])
    loaded = exam_board_overview.find_loaded(newest)
    values = {
        "round": round,
        "form": form,
        "refusal": refusal,
        "workbook": _mark_faults(request, form, refusal) if refusal else "",
        "conflicts": conflicts[:MAX_ROWS],
        "has_more": len(conflicts) > MAX_ROWS,
        "files": [(file, file.pk in loaded) for file in newest],
        "decided": exam_board_overview.list_decided(round)[:MAX_ROWS],
        "profiles": _read_profiles(round).values(),
        "other_name": OTHER_NAME,
        "may_load": request.actor.may(Right.IMPORTED_RESULT_LOAD),
        "trail": [("考试机构结果", reverse("authority:imports")), (round.name, "")],
    }
    return page(request, "admissions/exam_board_round", values, status=422 if form.errors or refusal else 200)


def _mark_faults(request: Request, form: FileForm, refusal: BadRows) -> str:
    sheet = load_profiles()[form.cleaned_data["profile"]].sheet
    return store_error_workbook(request, form.cleaned_data["file"], refusal, sheet)


@require_safe
def show_file(request: Request, import_file: UUID) -> HttpResponse:
    """What loading this file would do now; nothing is written."""
    file = _get_file(request, import_file)
    preview = exam_board_overview.preview_file(file, clock.now())
    values = {
        "file": file,
        "preview": preview,
        "conflicts": preview.conflicts[:MAX_ROWS],
        "is_loaded": file.pk in exam_board_overview.find_loaded([file]),
        "trail": _build_trail(file.round, "核对文件"),
    }
    return page(request, "admissions/exam_board_file", values)


@require_http_methods(["GET", "HEAD", "POST"])
def load_file(request: Request, import_file: UUID) -> HttpResponse:
    """Load exactly the file that was checked; a second officer does the same."""
    file = _get_file(request, import_file)
    back, rows = _get_address(file.round), exam_board_overview.read_rows(file)
    prepared = exam_board_results.load.prepare(by=request.actor, round=file.round, rows=rows, digest=file.digest)
    try:
        return confirm(request, prepared, lambda: _confirm_load(request, file), redirect_to(back))
    except Refused as refusal:
        return refused(request, refusal, back)


def _confirm_load(request: Request, file: ImportFile) -> Confirmation:
    """Raises Refused when loading would have no effect."""
    preview = exam_board_overview.preview_file(file, clock.now())
    if preview.refusal:
        raise preview.refusal
    conflicts = len(preview.conflicts)
    not_admitted = f"{conflicts} 行不办理，连同原因列出，由两人逐行决定，或改正后另行导入。"
    effects = [
        (f"{preview.admitted} 名学生被录取，占用本年度名额，并收到短信。", False),
        (not_admitted, conflicts > 0),
        ("两个人各看一遍、各签一次，导入的是同一份文件（摘要相同）。", False),
    ]
    title = f"导入“{file.round.name}”的结果？"
    return confirmation(request, title, "导入结果", effects, _get_address(file.round))


@require_http_methods(["GET", "HEAD", "POST"])
def decide_row(request: Request, import_round: UUID) -> HttpResponse:
    """Decide one row in conflict."""
    round = _get_round(import_round)
    data = submitted_data(request) if request.method == "POST" else None
    digest, row = _parse_row((data or request.GET).get("row", ""))
    form = DecisionForm(data, initial={"row": f"{digest}:{row}"})
    if form.is_valid():
        verdict, reason = Verdict(form.cleaned_data["verdict"]), form.cleaned_data["reason"]
        act = exam_board_results.decide
        prepared = act.prepare(by=request.actor, round=round, digest=digest, row=row, verdict=verdict, reason=reason)
        ask = confirmation(request, f"第 {row} 行：{verdict.label}？", "决定", EFFECTS[verdict], _get_address(round))
        try:
            return confirm(request, prepared, lambda: ask, redirect_to(ask.back))
        except Refused as refusal:
            add_refusal(form, refusal)
    return _render_decision(request, exam_board_overview.get_conflict(round, digest, row), form)


def _render_decision(request: Request, result: ImportedResult, form: DecisionForm) -> HttpResponse:
    round = result.round
    values = {"form": form, "back": _get_address(round), "trail": _build_trail(round, "决定一行"), "result": result}
    return page(request, "admissions/exam_board_decide", values, status=422 if form.data else 200)


def _build_trail(round: Round, title: str) -> list[tuple[str, str]]:
    rounds = ("考试机构结果", reverse("authority:imports"))
    return [rounds, (round.name, _get_address(round)), (title, "")]


def _get_address(round: Round) -> str:
    return reverse("authority:import_round", args=[round.public_id])


def _parse_row(text: str) -> tuple[str, int]:
    """File digest and row number; raises Refused without text, NotFound for anything else."""
    if not text:
        raise Refused("没有写明是哪一行", now="请从批次的导入页面，在待决定的行里点开一行")
    parts = re.fullmatch(r"([0-9a-f]{64}):([0-9]{1,8})", text)
    if parts is None:
        raise NotFound("没有找到这一行", why="网址不完整或被改动过", now="请从导入冲突的列表重新进入")
    return parts[1], int(parts[2])


def _get_round(public_id: UUID) -> Round:
    round = find_round(public_id)
    if round.kind != RoundKind.IMPORTED:
        raise NotFound(
            "这个批次不由考试机构录取", why="只有由考试机构录取的批次导入结果", now="请从考试机构结果的列表进入"
        )
    return round


def _get_file(request: Request, public_id: UUID) -> ImportFile:
    files = ImportFile.objects.for_actor(request.actor, Right.IMPORTED_RESULT_CHECK)
    file: ImportFile = files.select_related("round__season", "uploaded_by").get_or_not_found(public_id=public_id)
    return file
