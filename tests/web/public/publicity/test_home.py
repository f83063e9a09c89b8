"""The front page."""

from tests.support.builders.officers import at_desk, family_at
from tests.support.builders.public_season import PublicSeason
from yangguang.rules.seasons.windows import WindowKind


def test_the_front_page_has_three_links_and_shows_what_is_open_until_when(public_season: PublicSeason) -> None:
    public_season.personas.open(WindowKind.REGISTRATION, days=3)
    page = public_season.text("/")
    for words in ("我要报名", "查学校查计划", "查录取结果", "正在报名，还剩3天", "进行中"):
        assert words in page

    assert "1 所学校，计划招 50 人" in page


def test_staff_get_a_link_to_their_desk_and_families_to_registration(public_season: PublicSeason) -> None:
    for who, home in ((public_season.personas.ce, "/desk/"), (public_season.personas.teacher, "/school/")):
        page = at_desk(who).get("/").content.decode().split("main-links")[1]
        assert f'href="{home}"' in page
        assert "进入工作台" in page
        assert "我要报名" not in page
        assert "/login/?next=/me/" not in page
    family = family_at(public_season.personas.family().account or 0).get("/").content.decode()

    assert "我要报名" in family
    assert 'href="/me/"' in family
    assert "进入工作台" not in family
