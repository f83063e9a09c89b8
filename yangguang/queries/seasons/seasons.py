"""The season, round and window that a page is about; all of them are public."""

from uuid import UUID

from django.core.exceptions import ValidationError

from yangguang.models import Round, Season, Window
from yangguang.models.base.fields import Now
from yangguang.rules.base.refusals import NotFound
from yangguang.rules.seasons.windows import WindowKind

_NOT_FOUND = NotFound("没有找到这条信息", why="它不存在，或者不在您的岗位范围内", now="请从本页面的列表重新进入")


# A season is on from its first window to its last one; the monthly reports that follow do not count.
_CURRENT = """
SELECT s.* FROM yangguang_season AS s
LEFT JOIN LATERAL (
    SELECT min(w.opens_at) AS begins, max(w.closes_at) AS ends FROM yangguang_window AS w
    WHERE w.season_id = s.id AND w.kind <> 'reporting'
) AS w ON true
ORDER BY CASE WHEN yg_now() >= w.begins AND yg_now() < w.ends THEN 0
              WHEN yg_now() < w.begins THEN 1
              WHEN yg_now() >= w.ends THEN 2 ELSE 3 END,
         CASE WHEN yg_now() < w.begins THEN w.begins END,
         CASE WHEN yg_now() >= w.ends THEN w.ends END DESC NULLS LAST, w.begins DESC NULLS LAST, s.year DESC, s.term
LIMIT 1
"""


def current_season() -> Season | None:
    """The season of the pages unless another is chosen, computed from the windows.

    The one that is on, of several the one that began last; between seasons the next one whose dates are known, else
    the one that ended last; one without dates comes last of all.
    """
    return next(iter(Season.objects.raw(_CURRENT)), None)


def list_open_registrations() -> list[Window]:
    """The registration windows that are open now, each with its season, the first to close first."""
    windows = Window.objects.filter(kind=WindowKind.REGISTRATION, round=None, opens_at__lte=Now(), closes_at__gt=Now())
    return list(windows.select_related("season").order_by("closes_at", "pk"))


def list_seasons_to_join() -> list[Season]:
    """The seasons that a family can register for; the current one while no registration is open, so that its page
    names the opening.
    """
    open_now = [window.season for window in list_open_registrations()]
    return open_now or [season for season in [current_season()] if season is not None]


def running_seasons(year: int) -> list[Season]:
    """The seasons of one intake year, in order."""
    return list(Season.objects.filter(year=year).order_by("pk"))


def find_season(text: str) -> Season:
    """The season with this public id; for "" the current one.

    Raises:
        NotFound: no season has this id, or there is no season yet.
    """
    try:
        season = Season.objects.filter(public_id=text).first() if text else current_season()
    except ValidationError:
        season = None
    if season is None:
        raise _NOT_FOUND
    return season


def seasons() -> list[Season]:
    """Every season, the newest first."""
    return list(Season.objects.order_by("-year", "term"))


def rounds_of(season: Season) -> list[Round]:
    """The rounds of a season in order."""
    return list(Round.objects.filter(season=season).order_by("number"))


def window_of(season: Season, round: Round | None, kind: WindowKind) -> Window | None:
    """The window set for exactly this season, round and kind; None when there is none."""
    window: Window | None = Window.objects.filter(season=season, round=round, kind=kind.value).first()
    return window


def find_round(public_id: UUID) -> Round:
    """One round with its season.

    Raises:
        NotFound: no round has this id.
    """
    round: Round | None = Round.objects.select_related("season").filter(public_id=public_id).first()
    if round is None:
        raise _NOT_FOUND
    return round
