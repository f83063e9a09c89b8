"""The front page: what is open now, entrances, the season as a line, notices. (F-A5, F-A11)"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.queries.publicity.public_home import PublicHome, SeasonWindow, load_public_home
from yangguang.rules.runs.rounds import RANKING
from yangguang.rules.seasons.windows import WindowKind, WindowStatus, format_short_day
from yangguang.web.kit.actor import Request, home_of
from yangguang.web.public.base.page_cache import cache_for_guests
from yangguang.web.public.publicity.notices import build_notice_links

# What a family does, in this order. The publication is not among them: it is one of the entrances.
FAMILY_KINDS = (
    WindowKind.REGISTRATION,
    WindowKind.CHOICES,
    WindowKind.REVIEW,
    WindowKind.ANSWER,
    WindowKind.CHECK_IN,
    WindowKind.RECORD_CHECK,
)
STEP_NAMES = {WindowKind.REVIEW: "复核", WindowKind.RECORD_CHECK: "学籍"}
CHOOSE, ENROL = "填志愿", "注册"
ACTS = {
    WindowKind.REGISTRATION.label: "我要报名",
    CHOOSE: "去填志愿",
    ENROL: "去注册",
    WindowKind.ANSWER.label: "去应答",
}


class Entrance(NamedTuple):
    """A link of `components/entrances.html`."""

    icon: str
    title: str
    url: str
    note: str
    is_open: bool = False


@require_safe
@cache_for_guests
def front_page(request: Request) -> HttpResponse:
    """The front page for families, schools and the press."""
    page = load_public_home()
    home = home_of(request.actor.role)
    values = {
        "page": page,
        "todo": find_open_act(page, home),
        "coming": next((one for one in select_family_windows(page) if one.status is WindowStatus.BEFORE), None),
        "entrances": _list_entrances(page, home),
        "elder_entrances": _list_elder_entrances(page, home),
        "steps": list_season_steps(page),
        "notices": build_notice_links(page.notices),
    }
    return render(request, "public/publicity/home.html", values)


def select_family_windows(page: PublicHome) -> list[SeasonWindow]:
    """The windows in which a family does something, in the order of opening."""
    return [window for window in page.windows if window.kind in FAMILY_KINDS]


def find_open_act(page: PublicHome, home: str) -> dict[str, object] | None:
    """What families can do now, in the shape of `components/todo.html`; None when nothing with an end is open.

    Args:
        home: the reader's own page; "" for a guest.
    """
    opened = [window for window in page.open_windows if window.kind in FAMILY_KINDS]
    if not opened:
        return None
    ordered = sorted(opened, key=lambda window: FAMILY_KINDS.index(window.kind))
    names = dict.fromkeys(_name_act(window) for window in ordered)
    act = next((ACTS[name] for name in names if name in ACTS), "去我的页面")
    return {
        "title": " · ".join(names),
        "text": _explain_ends(opened),
        "closes": opened[0].closes_at,
        "act": act if home in ("", "/me/") else "进入工作台",
        "url": home or "/login/?next=/me/",
    }


def _name_act(window: SeasonWindow) -> str:
    """What a family does in a window; in a round without ranking it does not order choices, it enrols."""
    if window.kind is WindowKind.CHOICES:
        return CHOOSE if window.round_kind is None or window.round_kind in RANKING else ENROL
    return window.kind.label


def _explain_ends(opened: list[SeasonWindow]) -> str:
    """Which of the open windows ends first, and where the time of a submission matters or does not."""
    names = [_name_act(window) for window in opened]
    sentences = []
    if len({window.closes_at for window in opened}) > 1:
        sentences.append(f"最先截止的是{opened[0].round}{names[0]}。")
    if CHOOSE in names:
        sentences.append("按志愿录取的批次，提交先后不影响录取。")
    if ENROL in names:
        sentences.append("注册的批次，有名额的专业提交后当场确定。")
    return "".join(sentences)


def list_season_steps(page: PublicHome) -> list[tuple[str, str, str]]:
    """The season as a line, in the shape of `components/steps.html`: a kind is done when all its windows are closed."""
    steps = []
    for kind in FAMILY_KINDS:
        windows = [window for window in page.windows if window.kind is kind]
        if windows:
            steps.append((_name_step(windows), *_describe_step(windows)))
    return steps


def _name_step(windows: list[SeasonWindow]) -> str:
    """The acts of the open windows of a kind; when none is open, those that are still to come, else all."""
    present = [window for window in windows if window.status is WindowStatus.OPEN]
    coming = [window for window in windows if window.status is not WindowStatus.AFTER]
    names = (_name_act(window) for window in present or coming or windows)
    return "、".join(dict.fromkeys(STEP_NAMES.get(windows[0].kind, name) for name in names))


def _describe_step(windows: list[SeasonWindow]) -> tuple[str, str]:
    opened = [window for window in windows if window.status is WindowStatus.OPEN]
    if opened:
        ends = [window.closes_at for window in opened if window.closes_at]
        return "now", f"到{_last_day(max(ends))}" if len(ends) == len(opened) else ""
    starts = [window.opens_at for window in windows if window.status is WindowStatus.BEFORE and window.opens_at]
    if starts:
        return "next", f"{format_short_day(min(starts))}起"
    if any(window.status is not WindowStatus.AFTER for window in windows):
        return "next", "待定"
    return "done", f"{_last_day(max(window.closes_at for window in windows if window.closes_at))}止"


def _last_day(closes: datetime) -> str:
    """The last day of a window: that before a closing midnight."""
    return format_short_day(closes - timedelta(microseconds=1))


def _list_entrances(page: PublicHome, home: str) -> list[Entrance]:
    schools = f"{page.schools:,} 所学校，计划招 {page.seats:,} 人" if page.schools else "学费、住宿、剩余名额"
    own = Entrance("person", "我的页面", home or "/login/?next=/me/", "报名、填志愿、看进度、应答")
    return [
        own if home in ("", "/me/") else Entrance("pencil", "进入工作台", home, "您以工作人员身份登录"),
        Entrance("school", "查学校和专业", reverse("public:schools"), schools),
        Entrance("search", "查录取结果", reverse("public:result"), "报名号、姓名、证件号码，不用登录"),
    ]


def _list_elder_entrances(page: PublicHome, home: str) -> list[Entrance]:
    todo = find_open_act(page, home)
    own = home or "/login/?next=/me/"
    return [
        Entrance("pencil", str(todo["act"]) if todo else "我的页面", own, "要身份证号和手机", todo is not None),
        Entrance("search", "查录取了没有", reverse("public:result"), "要报名号、姓名和身份证号"),
        Entrance("school", "看看有哪些学校", reverse("public:schools"), "学费、住宿、还有多少名额"),
    ]


@require_safe
def favicon(request: Request) -> HttpResponse:
    """The default address of browsers for the icon, which is a static file."""
    return HttpResponseRedirect(static("mark.svg"), headers={"Cache-Control": "public, max-age=86400"})
