"""Nothing that comes in is cut: each slice of a text is a display, or has its reason in the table."""

import re
from pathlib import Path

import pytest

from yangguang.actions.messages import enqueue
from yangguang.rules.base.names import clean_phone
from yangguang.rules.base.numbers import clean_code
from yangguang.rules.base.refusals import Refused

ROOT = Path(__file__).parents[2] / "yangguang"
FLOORS = ("web", "actions", "sheets", "rules/base")
# Slices of ten characters or rows and more, or of a named number of them.
_SLICE = re.compile(r"\w*\[: ?(?:[A-Z_]{3,}|\d{2,})[^\]]*\]")
_LISTS = "the number of all is said beside the first ones"
_QUOTES = "quotes what was typed in a refusal"
_DIGESTS = "the first digits of a digest"
CUT = {
    "actions/accounts/accounts.py": "a name made of random digits",
    "actions/applicants/exam_results.py": _LISTS,
    "actions/messages/enqueue.py": "ends with “…”",
    "actions/organisation/directory_files.py": _LISTS,
    "actions/organisation/pinyin.py": "a key for search, made of the name",
    "actions/runs/setup.py": _DIGESTS,
    "actions/runs/verification.py": _LISTS,
    "rules/base/days.py": _QUOTES,
    "rules/base/id_number.py": "a check digit is of the 17 before it",
    "sheets/aptitude_tests.py": _LISTS,
    "sheets/cell_text.py": "a display that ends with “…”",
    "sheets/error_workbook.py": "searches the head in the first rows",
    "sheets/file_grid.py": "names the first sheets; searches the separator in the first lines",
    "sheets/header_detection.py": _QUOTES,
    "sheets/import_profiles.py": _QUOTES,
    "sheets/operator_table.py": _QUOTES,
    "sheets/upload.py": _LISTS,
    "web/auditor/audit/home.py": "a number up to a limit",
    "web/authority/admissions/exam_board.py": "the newest files; the first rows, beside their number",
    "web/authority/applicants/list_files.py": "the newest files",
    "web/authority/base/tasks.py": "a number up to a limit",
    "web/authority/reporting/target_edit.py": _QUOTES,
    "web/authority/reporting/targets.py": "the first parts of a sentence; the table below has all",
    "web/authority/runs/runs.py": "the first programmes, with a link to all",
    "web/authority/seasons/calendar.py": "the first clocks, of which the page says that there are more",
    "web/kit/actor.py": "the key of a request, which only its own page makes",
    "web/login/known_browser.py": "the phones that a browser's cookie names; one that is left out counts as a new one",
    "web/public/base/page_cache.py": _DIGESTS,
    "web/public/disclosure/disclosure.py": "a page of a list",
    "web/public/disclosure/replay.py": _DIGESTS,
    "web/school/admissions/check_in.py": _QUOTES,
    "web/student/choices/edit.py": "a page of a list",
}
"""Files with slices, and why nothing that was typed is lost."""


def test_every_slice_of_a_text_or_list_has_its_reason() -> None:
    files = (path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
    sliced = {str(path.relative_to(ROOT)) for path in files if _SLICE.search(path.read_text())}

    assert sliced == set(CUT)


def test_no_field_of_a_page_is_cut_by_the_browser() -> None:
    pages = list((ROOT / "templates").rglob("*.html"))

    assert [page.name for page in pages if "maxlength" in page.read_text()] == []
    assert len(pages) > 100


@pytest.mark.parametrize("typed", ["15400000009" + " " * 200 + "1", "15400000009" + "0" * 300])
def test_a_phone_followed_by_more_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="手机号码不对"):
        clean_phone(typed)


def test_a_code_followed_by_more_is_none() -> None:
    assert clean_code("596265" + " " * 500 + "7") == ""


def test_a_message_that_is_too_long_ends_with_a_mark() -> None:
    assert enqueue._shorten("好" * 300) == "好" * 300
    assert enqueue._shorten("好" * 301) == "好" * 299 + "…"
