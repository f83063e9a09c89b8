"""The first page: three doors, what is open now, notices, warnings. (F-A5, F-A11, F-H1)"""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.queries.publicity.public_home import Front, Tick, front, season_clock
from yangguang.rules.seasons.rounds import WindowKind
from yangguang.rules.seasons.windows import WindowStatus
from yangguang.web.kit.actor import Request, home_of
from yangguang.web.public.base.page_cache import shared

OF_STAFF = frozenset(
    {WindowKind.PLAN_ENTRY, WindowKind.BROCHURE_REVIEW, WindowKind.ADMISSION, WindowKind.REPORTING}
)
SHOWN = 6


# What a family does, in the order it does it. Publication is nothing to do: it is the third door.
TO_DO = (
    WindowKind.REGISTRATION, WindowKind.CHOICES, WindowKind.REVIEW, WindowKind.ANSWER, WindowKind.CHECK_IN,
    WindowKind.RECORD_CHECK,
)  # fmt: skip


@require_safe
@shared
def front_page(request: Request) -> HttpResponse:
    """Everything a family, a school or a reporter begins with."""
    page = front()
    values = {
        "page": page,
        "doors": _doors(page, home_of(request.actor.role)),
        "ticks": [told(tick) for tick in nearest(page)],
        "notices": [
            {
                "title": n.title,
                "url": reverse("public:notice", args=[n.public_id]),
                "at": n.published_at,
                "by": n.unit,
            }
            for n in page.notices
        ],
    }
    return render(request, "public/publicity/home.html", values)


@require_safe
@shared
def calendar(request: Request) -> HttpResponse:
    """Every window of the season, also those of schools and bureaus, with its source."""
    page = front(notices=0)
    ticks = season_clock(page.season, page.at) if page.season else ()
    return render(
        request, "public/base/calendar.html", {"page": page, "ticks": [told(tick) for tick in ticks]}
    )


def told(tick: Tick) -> dict[str, Any]:
    """A window as the season clock and the calendar show it."""
    label = f"{tick.round}·{tick.kind.label}" if tick.round else tick.kind.label
    return {
        "label": label, "opens": tick.opens_at, "closes": tick.closes_at, "status": tick.status.value,
        "source": tick.source, "of_staff": tick.kind in OF_STAFF, "left": tick.left,
    }  # fmt: skip


def nearest(page: Front) -> list[Tick]:
    """What a family needs first: all that is open to it, then what comes next, then what ended last."""
    opened = [tick for tick in page.open_now if tick.kind in TO_DO]
    opened.sort(key=lambda tick: TO_DO.index(tick.kind))
    others = [tick for tick in page.clock if tick.kind in TO_DO]
    coming = [tick for tick in others if tick.status in (WindowStatus.BEFORE, WindowStatus.UNDATED)]
    ended = sorted(
        (tick for tick in others if tick.status is WindowStatus.AFTER),
        key=lambda tick: tick.closes_at or page.at,
    )
    coming = coming[: max(SHOWN - len(opened), 2)]
    room = max(SHOWN - len(opened) - len(coming), 0)
    return opened + coming + (ended[-room:] if room else [])


def _doors(page: Front, home: str) -> list[dict[str, Any]]:
    mine = [tick for tick in page.open_now if tick.kind in (WindowKind.REGISTRATION, WindowKind.CHOICES)]
    urgent = f"正在{mine[0].kind.label}，{mine[0].left}" if mine else ""
    first: dict[str, Any] = {
        "icon": "pencil", "title": "我要报名", "url": home or "/login/?next=/me/",
        "note": urgent or "报名、填志愿、看进度、应答", "open": bool(mine),
    }  # fmt: skip
    if home not in ("", "/me/"):  # Staff cannot register, and would be refused at that door.
        first |= {"title": "进入工作台", "url": home, "note": "您以工作人员身份登录", "open": False}
    return [
        first,
        {
            "icon": "school", "title": "查学校查计划", "url": reverse("public:schools"),
            "note": f"{page.schools:,} 所学校，计划招 {page.seats:,} 人" if page.schools else "学校、专业、学费、名额",
        },
        {
            "icon": "search", "title": "查录取结果", "url": reverse("public:result"),
            "note": "凭报名号、姓名、证件号码，不用登录",
        },
    ]  # fmt: skip


@require_safe
def favicon(request: Request) -> HttpResponse:
    """The address that browsers ask for without being told; the drawing itself is a static file."""
    return HttpResponseRedirect(static("mark.svg"), headers={"Cache-Control": "public, max-age=86400"})
