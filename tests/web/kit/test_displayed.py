"""What a page showed travels with its form: every form that changes a stored row carries it. (F-I6)"""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import RequestFactory

from yangguang.rules.accounts.actors import GUEST
from yangguang.web.kit.both_sides import Difference, list_differences
from yangguang.web.kit.displayed import DisplayedForm, read_displayed, seal_displayed

TEMPLATES = Path(__file__).parents[3] / "yangguang" / "templates"
CARRIES = re.compile(r'\{% displayed |name="_displayed"|name="_typed"')
CHANGES_NOTHING_STORED = {
    "components/desk_header.html": "log-out and choice of a post",
    "components/roles.html": "choice of a post",
    "gallery": "samples",
    "errors/503.html": "the fields of the page that could not be processed, with what it carried",
    "login": "log-in and binding of a key: one use each, bound to the name",
    "public/admissions/result.html": "a look-up",
    "public/choices/receipts.html": "a look-up",
    "school/admissions/check_in.html": "adds persons by number; a person checked in before is listed as such",
    "school/applicants/aptitude_tests.html": "adds a report, which replaces earlier points by the rule of the notice",
    "authority/applicants/family_phone.html": "names a student; the confirmation carries the version",
    "authority/applicants/list_files.html": "adds a file; the same file is taken once",
    "authority/supervision/sanction_new.html": "adds a proposal",
    "authority/plans/plans.html": "publishes the plans that are approved at this instant",
    "authority/reporting/reports.html": "computes a form from persons; nothing is typed",
    "authority/organisation/school_list_publish.html": "publishes the file of a year, after its effects were read",
    "authority/publicity/notice_new.html": "adds a notice",
    "authority/seasons/calendar.html": "loads the file of a year, after its effects were read",
    "authority/admissions/exam_board_round.html": "adds a file",
    "authority/admissions/exam_board_decide.html": "adds a decision; a row is decided once",
    "authority/admissions/waiting_list.html": "does now what is done by the hour; nothing is typed",
    "student/applicants/out.html": "log-out",
    "student/choices/choice_history.html": "adds a dispute; a version is disputed once at a time",
}
"""Templates (or folders) with POST forms that replace no stored row, and why."""


def list_forms() -> list[tuple[str, str]]:
    """(template, form) for every form that posts."""
    forms = []
    for file in sorted(TEMPLATES.rglob("*.html")):
        for form in re.findall(r'<form[^>]*method="post".*?</form>', file.read_text(), re.S):
            forms.append((str(file.relative_to(TEMPLATES)), form))
    return forms


def is_excepted(template: str) -> bool:
    return any(template == name or template.startswith(f"{name}/") for name in CHANGES_NOTHING_STORED)


def test_every_form_that_changes_a_stored_row_carries_what_its_page_showed() -> None:
    forms = list_forms()

    assert len(forms) > 45
    assert [name for name, form in forms if not CARRIES.search(form) and not is_excepted(name)] == []


def test_no_exception_is_left_without_its_form() -> None:
    bare = {name for name, form in list_forms() if not CARRIES.search(form)}

    assert [
        name for name in CHANGES_NOTHING_STORED if not any(one == name or one.startswith(f"{name}/") for one in bare)
    ] == []


@pytest.mark.parametrize("typed", ["", "x", "1", ":", "W10:1:x"])
def test_a_page_that_does_not_say_what_it_showed_has_no_version(typed: str, rf: RequestFactory) -> None:
    request = rf.post("/", {"_displayed": typed})
    request.actor = GUEST  # type: ignore[attr-defined]

    assert read_displayed(request, request.POST) == DisplayedForm()  # type: ignore[arg-type]


def test_what_was_sealed_is_read_again_and_only_from_the_same_account(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.actor = GUEST  # type: ignore[attr-defined]
    sealed = seal_displayed(request, 3, {"护理": "40"})  # type: ignore[arg-type]
    sent = rf.post("/", {"_displayed": sealed})
    sent.actor = GUEST  # type: ignore[attr-defined]

    assert read_displayed(sent, sent.POST) == DisplayedForm("3", {"护理": "40"})  # type: ignore[arg-type]
    sent.actor = replace(GUEST, account=7)  # type: ignore[attr-defined]

    assert read_displayed(sent, sent.POST) == DisplayedForm()  # type: ignore[arg-type]


def test_only_lines_on_which_the_sides_differ_are_listed_and_a_clash_is_marked() -> None:
    lines = list_differences(
        {"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "c": "2", "d": "4"}, {"a": "1", "b": "1", "c": "3"}
    )

    assert lines == [
        Difference("b", "1", "2", "1"),
        Difference("c", "1", "2", "3"),
        Difference("d", "没有", "4", "没有"),
    ]
    assert [line.is_clash for line in lines] == [False, True, False]
