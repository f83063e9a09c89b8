"""外部名单: a list of another register is checked, then loaded by the province. (R5.07)"""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.actions.applicants import duplicates, list_files
from yangguang.actions.applicants.duplicates import OutsideRow
from yangguang.models import ListFile
from yangguang.queries.applicants.list_files import read_rows
from yangguang.queries.seasons.seasons import running_seasons
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.organisation.external_registers import TAKES_A_SEAT, Register
from yangguang.sheets.import_profiles import load_profiles
from yangguang.sheets.operator_table import ROW
from yangguang.web.authority.applicants.list_files import ListFileForm, ListPages, check_upload, show_file
from yangguang.web.authority.base.layout import confirmation, refused
from yangguang.web.authority.base.templates import send_template
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Effects, confirm_or_refuse

PAGES = ListPages(
    ListFile.FileKind.OUTSIDE,
    "外部名单",
    "普通高中、义务教育、技工院校、高等学校的名单，用来查一人是否在两处；只保存证件号码的索引，不保存号码。",
    Right.OUTSIDE_LIST_CHECK,
    "outside_profiles",
    "authority:outside_lists",
    "authority:outside_file",
    "authority:outside_load",
    "authority:outside_template",
)


class OutsideListForm(ListFileForm):
    """One file of one register."""

    register = forms.ChoiceField(label="名单", choices=Register.choices)
    field_order = ("year", "register", "profile", "file")


@require_http_methods(["GET", "HEAD", "POST"])
def outside_lists(request: Request) -> HttpResponse:
    """Check a file; no seat is claimed."""

    def store(form: ListFileForm) -> ListFile:
        rows, digest = form.read()
        typed = [
            OutsideRow(str(row["id_number"]), str(row["name"]), str(row["school"]), int(str(row[ROW]))) for row in rows
        ]
        year, register = form.cleaned_data["year"], Register(form.cleaned_data["register"])
        return list_files.check_outside(by=request.actor, year=year, register=register, rows=typed, digest=digest)

    return check_upload(request, PAGES, OutsideListForm, store)


@require_safe
def template(request: Request, profile: str) -> HttpResponse:
    """An empty file of one layout."""
    return send_template(load_profiles(PAGES.profiles), profile)


@require_safe
def outside_file(request: Request, outside_file: UUID) -> HttpResponse:
    """What loading the file would do."""
    return show_file(request, PAGES, PAGES.get_file(request, outside_file))


@require_http_methods(["GET", "HEAD", "POST"])
def load(request: Request, outside_file: UUID) -> HttpResponse:
    """Load exactly the file that was checked."""
    file, back = PAGES.get_file(request, outside_file), reverse(PAGES.front)
    season = next(iter(running_seasons(file.year)), None)
    if season is None:
        return refused(request, Refused(f"还没有{file.year}年的招生季", now="请先载入招生季"), back)
    rows, register = [OutsideRow(*row) for row in read_rows(file)], Register(file.register)
    prepared = duplicates.load_outside.prepare(
        by=request.actor, season=season, register=register, rows=rows, digest=file.digest
    )
    title = f"导入{file.year}年{register.label}？"
    ask = confirmation(request, title, "导入名单", _describe_effects(file, register), back)
    return confirm_or_refuse(request, prepared, lambda: ask)


def _describe_effects(file: ListFile, register: Register) -> Effects:
    seat = (f"没有占用本平台名额的人，{file.year}年不能再在本平台占用名额。", True)
    return [
        (f"{file.summary['new']} 人记入{register.label}；其中在本平台登记过的，查重时立为事项，由人裁定。", False),
        *([seat] if register in TAKES_A_SEAT else []),
        ("导入以后不能收回。", True),
    ]
