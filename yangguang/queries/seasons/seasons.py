"""Which season and round a desk looks at: the one named in the address, else the current one; both are public."""

from uuid import UUID

from yangguang.models import Round, Season, Window
from yangguang.rules.base.refusals import NotFound
from yangguang.rules.seasons.rounds import WindowKind

_GONE = NotFound("没有找到这条信息", why="它不存在，或者不在您的岗位范围内", now="请从本页面的列表重新进入")


def current_season() -> Season | None:
    """The season that is shown: the one marked as current, else the newest."""
    return Season.objects.order_by("-is_current", "-year", "term").first()


def running_seasons(year: int) -> list[Season]:
    """The seasons of one intake year, in order."""
    return list(Season.objects.filter(year=year).order_by("pk"))


def season_named(text: str) -> Season:
    """The season with this public id, else the current one.

    Raises:
        NotFound: no season was ever set up, or none has this id.
    """
    found = Season.objects.filter(public_id=_uuid(text)).first() if text else current_season()
    if found is None:
        raise _GONE
    return found


def seasons() -> list[Season]:
    """Every season, the newest first: a choice on top of lists."""
    return list(Season.objects.order_by("-year", "term"))


def rounds_of(season: Season) -> list[Round]:
    """The rounds of a season in order."""
    return list(Round.objects.filter(season=season).order_by("number"))


def window_of(season: Season, round: Round | None, kind: WindowKind) -> Window | None:
    """The window that holds now; None when none was ever set."""
    found: Window | None = Window.objects.filter(season=season, round=round, kind=kind.value).first()
    return found


def round_named(public_id: UUID) -> Round:
    """One round with its season.

    Raises:
        NotFound: there is none.
    """
    found: Round | None = Round.objects.select_related("season").filter(public_id=public_id).first()
    if found is None:
        raise _GONE
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _GONE from None
