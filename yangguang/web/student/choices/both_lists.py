"""An older page with choices beside the stored draft: the student chooses which list to go on with. (F-B3)"""

from django.http import HttpResponse
from django.urls import reverse

from yangguang import clock
from yangguang.models import Application, Round
from yangguang.queries.applicants import student_home
from yangguang.queries.choices.programme_options import options_of
from yangguang.rules.base.refusals import VersionConflict
from yangguang.rules.seasons.windows import format_spoken
from yangguang.web.kit.actor import Request
from yangguang.web.kit.displayed import seal_displayed
from yangguang.web.student.base.layout import render_page
from yangguang.web.student.choices.draft import Draft, load_draft


def seal_draft(request: Request, draft: Draft, programmes: list[int] | None = None) -> str:
    """The hidden field of a page about this draft.

    Args:
        programmes: what the page shows (row ids, in order of choice); by default the draft.
    """
    listed = ",".join(str(programme) for programme in programmes or draft.programmes)
    return seal_displayed(request, draft.version, {"programmes": listed})


def render_both_lists(request: Request, application: Application, round: Round, programmes: list[int]) -> HttpResponse:
    """The stored draft, and the list of an older page (row ids, in order of choice)."""
    at, row = clock.now(), student_home.application(request.actor, application.public_id)
    draft = load_draft(request.actor, row, round, at)
    when = f"在{format_spoken(row.drafted_at)}" if row.drafted_at else ""
    refusal = VersionConflict(
        f"志愿已{when}从另一个页面改过，这一页的没有保存",
        why="两个页面填的是同一份志愿",
        now="请对照两边，选定用哪一边的",
    )
    values = {
        "title": "两个页面的志愿不一样",
        "refusal": refusal,
        "draft": draft,
        "options": options_of(round, row, programmes, at),
        "displayed": seal_draft(request, draft, programmes),
        "edit": reverse("student:edit", args=[row.public_id, round.number]),
        "back": reverse("student:choices", args=[row.public_id, round.number]),
    }
    return render_page(request, "student/choices/both_lists.html", values, application=row, status=refusal.status)
