"""中招成绩: a file is checked by one officer, then loaded by two. (R7.05)"""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.actions.applicants import exam_results, list_files
from yangguang.actions.applicants.exam_results import ExamRow
from yangguang.models import ListFile
from yangguang.queries.applicants.list_files import read_rows
from yangguang.rules.accounts.rights import Right
from yangguang.rules.seasons.policy_keys import Subject
from yangguang.sheets.import_profiles import load_profiles
from yangguang.sheets.operator_table import ROW
from yangguang.web.authority.applicants.list_files import ListFileForm, ListPages, check_upload, show_file
from yangguang.web.authority.base.layout import confirmation
from yangguang.web.authority.base.templates import send_template
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import confirm_or_refuse

PAGES = ListPages(
    ListFile.FileKind.EXAM_RESULTS,
    "中招成绩",
    "成绩由考试机构提供，凭证件号码对应到考生；学校和家长都不能填写。市级只能导入本市考生的成绩。",
    Right.EXAM_RESULT_CHECK,
    "score_profiles",
    "authority:scores",
    "authority:score_file",
    "authority:score_load",
    "authority:score_template",
)


@require_http_methods(["GET", "HEAD", "POST"])
def scores(request: Request) -> HttpResponse:
    """Check a file; no score changes."""

    def store(form: ListFileForm) -> ListFile:
        rows, digest = form.read()
        typed = [
            ExamRow(
                str(row["id_number"]),
                tuple(int(str(row[subject.value])) for subject in Subject),
                str(row["junior_school"] or ""),
                str(row["area"] or ""),
                int(str(row[ROW])),
            )
            for row in rows
        ]
        year = form.cleaned_data["year"]
        return list_files.check_scores(by=request.actor, year=year, rows=typed, digest=digest)

    return check_upload(request, PAGES, ListFileForm, store)


@require_safe
def template(request: Request, profile: str) -> HttpResponse:
    """An empty file of one layout."""
    return send_template(load_profiles(PAGES.profiles), profile)


@require_safe
def score_file(request: Request, score_file: UUID) -> HttpResponse:
    """What loading the file would do."""
    return show_file(request, PAGES, PAGES.get_file(request, score_file))


@require_http_methods(["GET", "HEAD", "POST"])
def load(request: Request, score_file: UUID) -> HttpResponse:
    """Load exactly the file that was checked; a second officer does the same."""
    file = PAGES.get_file(request, score_file)
    rows = [ExamRow(number, tuple(points), *more) for number, points, *more in read_rows(file)]
    prepared = exam_results.load.prepare(by=request.actor, year=file.year, rows=rows, digest=file.digest)
    effects = [
        (f"{file.summary['rows']} 名考生有了{file.year}年中招成绩；已经报名的，成绩随即写到报名上。", False),
        (f"其中 {file.summary['changed']} 人原来的成绩被这个文件替换。", file.summary["changed"] > 0),
        ("已经公布过录取结果的招生季，报名上的成绩不再变。", False),
        ("两个人各看一遍、各签一次，导入的是同一份文件（摘要相同）。", False),
    ]
    ask = confirmation(request, f"导入{file.year}年中招成绩？", "导入成绩", effects, reverse(PAGES.front))
    return confirm_or_refuse(request, prepared, lambda: ask)
