"""The front page: main links, open windows, notices, warnings; and the calendar of the season. (F-A5, F-A11, F-H1)"""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.queries.publicity.public_home import PublicHome, SeasonWindow, load_public_home
from yangguang.rules.seasons.rounds import WindowKind
from yangguang.rules.seasons.windows import WindowStatus
from yangguang.web.kit.actor import Request, home_of
from yangguang.web.public.base.page_cache import cache_for_guests
from yangguang.web.public.publicity.notices import notice_links

STAFF_KINDS = frozenset({WindowKind.PLAN_ENTRY, WindowKind.BROCHURE_REVIEW, WindowKind.ADMISSION, WindowKind.REPORTING})
# What a family does, in this order. The publication is not among them: it is one of the main links.
FAMILY_KINDS = (
    WindowKind.REGISTRATION,
    WindowKind.CHOICES,
    WindowKind.REVIEW,
    WindowKind.ANSWER,
    WindowKind.CHECK_IN,
    WindowKind.RECORD_CHECK,
)
MAX_WINDOWS = 6


@require_safe
@cache_for_guests
def front_page(request: Request) -> HttpResponse:
    """The front page for families, schools and the press."""
    page = load_public_home()
    values = {
        "page": page,
        "links": _main_links(page, home_of(request.actor.role)),
        "windows": [window_row(window) for window in nearest_windows(page)],
        "notices": notice_links(page.notices),
    }
    return render(request, "public/publicity/home.html", values)


@require_safe
@cache_for_guests
def calendar(request: Request) -> HttpResponse:
    """Every window of the season with its source, those of schools and bureaus included."""
    page = load_public_home(notices=0)
    windows = [window_row(window) for window in page.windows]
    return render(request, "public/base/calendar.html", {"page": page, "windows": windows})


def window_row(window: SeasonWindow) -> dict[str, Any]:
    """A window as the season clock and the calendar show it."""
    return {
        "label": f"{window.round}·{window.kind.label}" if window.round else window.kind.label,
        "opens": window.opens_at,
        "closes": window.closes_at,
        "status": window.status.value,
        "source": window.source,
        "of_staff": window.kind in STAFF_KINDS,
        "left": window.left,
    }


def nearest_windows(page: PublicHome) -> list[SeasonWindow]:
    """The windows a family needs: all open ones, then the next ones, then those that closed last."""
    opened = [window for window in page.open_windows if window.kind in FAMILY_KINDS]
    opened.sort(key=lambda window: FAMILY_KINDS.index(window.kind))
    others = [window for window in page.windows if window.kind in FAMILY_KINDS]
    coming = [window for window in others if window.status in (WindowStatus.BEFORE, WindowStatus.UNDATED)]
    coming = coming[: max(MAX_WINDOWS - len(opened), 2)]
    closed = [window for window in others if window.status is WindowStatus.AFTER]
    closed.sort(key=lambda window: window.closes_at or page.at)
    room = max(MAX_WINDOWS - len(opened) - len(coming), 0)
    return opened + coming + (closed[-room:] if room else [])


def _main_links(page: PublicHome, home: str) -> list[dict[str, Any]]:
    schools = f"{page.schools:,} 所学校，计划招 {page.seats:,} 人" if page.schools else "学校、专业、学费、名额"
    links = [
        _first_link(page, home),
        ("school", "查学校查计划", reverse("public:schools"), schools, False),
        ("search", "查录取结果", reverse("public:result"), "凭报名号、姓名、证件号码，不用登录", False),
    ]
    return [dict(zip(("icon", "title", "url", "note", "open"), link, strict=True)) for link in links]


def _first_link(page: PublicHome, home: str) -> tuple[str, str, str, str, bool]:
    if home not in ("", "/me/"):
        return "pencil", "进入工作台", home, "您以工作人员身份登录", False
    kinds = (WindowKind.REGISTRATION, WindowKind.CHOICES)
    opened = next((window for window in page.open_windows if window.kind in kinds), None)
    note = f"正在{opened.kind.label}，{opened.left}" if opened else "报名、填志愿、看进度、应答"
    return "pencil", "我要报名", home or "/login/?next=/me/", note, opened is not None


@require_safe
def favicon(request: Request) -> HttpResponse:
    """The default address of browsers for the icon, which is a static file."""
    return HttpResponseRedirect(static("mark.svg"), headers={"Cache-Control": "public, max-age=86400"})
