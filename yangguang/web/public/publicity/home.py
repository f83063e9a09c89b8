"""The front page: main links, open windows, notices, warnings. (F-A5, F-A11)"""

from typing import NamedTuple

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.queries.publicity.public_home import PublicHome, SeasonWindow, load_public_home
from yangguang.rules.seasons.windows import WindowKind, WindowStatus
from yangguang.web.kit.actor import Request, home_of
from yangguang.web.public.base.page_cache import cache_for_guests
from yangguang.web.public.publicity.notices import build_notice_links

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


class MainLink(NamedTuple):
    """A link of `components/main_links.html`; `open`: this is what can be done now."""

    icon: str
    title: str
    url: str
    note: str
    open: bool = False


@require_safe
@cache_for_guests
def front_page(request: Request) -> HttpResponse:
    """The front page for families, schools and the press."""
    page = load_public_home()
    values = {
        "page": page,
        "links": _list_main_links(page, home_of(request.actor.role)),
        "windows": [
            {"label": f"{one.round}·{one.kind.label}".strip("·"), "opens": one.opens_at, "closes": one.closes_at}
            for one in select_nearest_windows(page)
        ],
        "notices": build_notice_links(page.notices),
    }
    return render(request, "public/publicity/home.html", values)


def select_nearest_windows(page: PublicHome) -> list[SeasonWindow]:
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


def _list_main_links(page: PublicHome, home: str) -> list[MainLink]:
    schools = f"{page.schools:,} 所学校，计划招 {page.seats:,} 人" if page.schools else "学校、专业、学费、名额"
    return [
        _first_link(page, home),
        MainLink("school", "查学校查计划", reverse("public:schools"), schools),
        MainLink("search", "查录取结果", reverse("public:result"), "凭报名号、姓名、证件号码，不用登录"),
    ]


def _first_link(page: PublicHome, home: str) -> MainLink:
    if home not in ("", "/me/"):
        return MainLink("pencil", "进入工作台", home, "您以工作人员身份登录")
    kinds = (WindowKind.REGISTRATION, WindowKind.CHOICES)
    window = next((window for window in page.open_windows if window.kind in kinds), None)
    note = f"正在{window.kind.label}，{window.left}" if window else "报名、填志愿、看进度、应答"
    return MainLink("pencil", "我要报名", home or "/login/?next=/me/", note, window is not None)


@require_safe
def favicon(request: Request) -> HttpResponse:
    """The default address of browsers for the icon, which is a static file."""
    return HttpResponseRedirect(static("mark.svg"), headers={"Cache-Control": "public, max-age=86400"})
