"""First crumb and season of the public pages."""

from yangguang.models import Season
from yangguang.queries.seasons.seasons import current_season
from yangguang.rules.base.refusals import NotFound

HOME = ("首页", "/")


def require_season() -> Season:
    """The season of the public pages.

    Raises:
        NotFound: none is loaded yet.
    """
    season = current_season()
    if season is None:
        why, now = "招生季、名录和计划由省级主管部门公布后才能查询", "请先看政策公告，公布后再来"
        raise NotFound("还没有设立招生季", why=why, now=now)
    return season
