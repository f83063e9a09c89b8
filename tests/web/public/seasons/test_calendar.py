"""The calendar of the season."""

from django.core.cache import cache

from tests.support.builders.public_season import PublicSeason
from yangguang.rules.seasons.windows import WindowKind


def test_every_window_is_in_the_calendar_with_its_source(public_season: PublicSeason) -> None:
    window = public_season.personas.open(WindowKind.REPORTING)
    window.source = "测试通知第五条"
    window.save(update_fields=["source"])
    page = public_season.text("/calendar/")

    assert "月报 （学校和主管部门办理）" in page
    assert "测试通知第五条" in page
    cache.clear()
    front = public_season.text("/").split("演示：进入为")[0]

    assert "全部时间与依据" in front
    assert "月报" not in front
