"""The desk of the targets: they add up to the number in force, and another total is stated with its reason."""

from html import unescape

from tests.support.builders.officers import at_desk, cost, page_of, seen, sends, signed
from tests.support.builders.public_season import PublicSeason
from tests.support.personas import Personas, officer
from yangguang.models import AuditEntry, Target, Unit
from yangguang.rules.accounts.roles import Role


def test_targets_add_up_or_are_refused_with_the_row(public_season: PublicSeason) -> None:
    personas = public_season.personas
    Target.objects.create(
        year=personas.season.year,
        sector="education",
        parent=personas.province,
        unit=personas.city,
        label="甲市",
        position=1,
        number=100,
        source="测试文件",
    )
    city = at_desk(personas.me)
    url = f"/desk/targets/edit/?year={personas.season.year}"

    assert "上级下达 100 人" in page_of(city, url)

    said = {"name0": "甲市一县", "new0": "60", "name1": "其他学校", "new1": "41", "source": "测试文件"}
    wrong = sends(city, url, said)

    assert wrong.status_code == 422
    assert "多 1 人" in seen(wrong)
    assert 'value="41"' in wrong.content.decode()

    text = sends(city, url, said | {"new1": "约四十"})

    assert text.status_code == 422
    assert "任务数写的是“约四十”" in seen(text)
    assert signed(city, url, said | {"new1": "40"}).status_code == 302

    page = page_of(city, f"/desk/targets/?year={personas.season.year}")

    assert "✓ 相等" in page
    assert "其他学校" in page
    assert sorted(Target.objects.filter(parent=personas.city).values_list("number", flat=True)) == [40, 60]


def test_half_a_row_and_a_source_that_is_too_long_are_named_and_nothing_is_saved(public_season: PublicSeason) -> None:
    url = "/desk/targets/edit/?year=2024"
    client = at_desk(public_season.personas.me)
    said = {"name0": "甲市一县", "new0": "", "name1": "", "new1": "41", "source": "测试文件"}
    answer = client.post(url, said)

    assert answer.status_code == 422
    assert "第 1 行·甲市一县" in seen(answer)
    assert "写了任务数，没有写单位名称" in seen(answer)
    assert "写了201个字，最多200个字" in seen(
        client.post(url, {"name0": "甲市一县", "new0": "1", "source": "文" * 201})
    )
    assert Target.objects.count() == 0


def test_a_total_of_nobody_above_is_replaced_only_by_a_new_one_with_its_reason(public_season: PublicSeason) -> None:
    personas = public_season.personas
    city = at_desk(personas.me)
    url = f"/desk/targets/edit/?year={personas.season.year}"
    said = {"name0": "甲市一县", "new0": "６０", "name1": "其他学校", "new1": "40", "source": "测试文件"}

    assert 'name="total"' not in page_of(city, url)
    assert signed(city, url, said).status_code == 302

    first = Target.objects.filter(parent=personas.city).earliest("position")

    assert first.number == 60
    assert "现行总数 100 人" in page_of(city, url)

    edited = {"target·甲市一县": "61", "target·其他学校": "40", "source": "测试文件"}
    # Refused before an officer is asked to sign, and what was typed stays.
    for more in ({}, {"total": "101"}, {"reason": "来文"}):
        wrong = sends(city, url, edited | more)
        text = unescape(wrong.content.decode())
        assert wrong.status_code == 422 and 'value="61"' in text, more
        assert "现行的任务数是 100，这次各行合计 101，多 1 人" in text
        assert "“甲市一县”原为 60 人，这次为 61 人" in text

    assert "新的总数写的是“约百”" in seen(sends(city, url, edited | {"total": "约百", "reason": "来文"}))

    moved = edited | {"total": "101", "reason": "省厅来文"}

    assert "总数由 100 人改为 101 人（+1），理由：省厅来文。" in seen(sends(city, url, moved))
    assert signed(city, url, moved).status_code == 302

    first.refresh_from_db()

    assert (first.number, first.version) == (61, 2)

    facts = AuditEntry.objects.filter(action="target.set_children", outcome="DONE").latest("id").facts

    assert (facts["total"], facts["difference"], facts["reason"]) == (101, 1, "省厅来文")


def hands_down(public_season: PublicSeason, parent: Unit, number: int, unit: Unit | None = None) -> None:
    """One row of a break-down by `parent`, for `unit` or for a collective row."""
    Target.objects.create(
        year=public_season.personas.season.year,
        sector="education",
        parent=parent,
        unit=unit,
        source="测试文件",
        label=unit.name if unit else "其他学校",
        position=1,
        number=number,
    )


def test_the_province_finds_the_break_downs_below_that_hang_on_none_of_its_own(public_season: PublicSeason) -> None:
    personas = public_season.personas
    desk, url = at_desk(personas.pe1), f"/desk/targets/?year={personas.season.year}"

    assert "本年度还没有分解任务" in page_of(desk, url)
    assert "下级已有的分解" not in page_of(desk, url)

    none = cost(desk, url)
    hands_down(public_season, personas.city, 67686, personas.county)
    hands_down(public_season, personas.county, 40)
    one = cost(desk, url)
    hands_down(public_season, personas.other_city, 1200)

    assert none == one == cost(desk, url)

    page = page_of(desk, url)

    assert "本级本年度还没有分解任务" in page
    assert "甲市 67,686" in page
    assert "乙市 1,200" in page
    assert "甲市一县" not in page, "the county's stands on the page of its city"

    way = unescape(desk.get(url).content.decode()).split(">甲市</a>")[0].rsplit('href="', 1)[1][:-1]
    below = page_of(desk, "/desk/targets/" + way)

    assert "甲市一县 67,686 40" in below
    assert "下级已有的分解" not in below

    hands_down(public_season, personas.province, 68000, personas.city)
    page = page_of(desk, url)

    assert "下级已有的分解" in page
    assert "乙市 1,200" in page
    assert "甲市一县" in page


def test_a_city_reads_of_no_break_down_outside_its_reach(public_season: PublicSeason) -> None:
    hands_down(public_season, public_season.personas.other_city, 1200)

    assert "乙市" not in page_of(
        at_desk(public_season.personas.me), f"/desk/targets/?year={public_season.personas.season.year}"
    )


def test_a_bureau_with_a_target_reads_it_before_it_breaks_it_down(personas: Personas) -> None:
    Target.objects.create(
        year=personas.season.year,
        sector="education",
        parent=personas.city,
        unit=personas.county,
        label=personas.county.name,
        position=1,
        number=4000,
        source="测试文件",
    )
    page = page_of(at_desk(personas.ce), f"/desk/targets/?year={personas.season.year}")

    assert "上级已经给甲市一县下达 4,000 人，甲市一县还没有向下分解" in page
    assert "0 / 4,000 0.00%" in page
    assert "本年度还没有分解任务" not in page


def test_the_auditor_reads_targets_progress_and_forms_of_the_whole_province_and_edits_none(
    public_season: PublicSeason,
) -> None:
    personas, year = public_season.personas, public_season.personas.season.year
    Target.objects.create(
        year=year,
        sector="education",
        parent=personas.province,
        unit=personas.city,
        label="甲市",
        position=1,
        number=100,
        source="测试文件",
    )
    auditor = at_desk(officer("au", Role.AUDITOR, None, ""))
    nav = page_of(auditor, "/audit/")
    page = page_of(auditor, f"/desk/targets/?year={year}")

    assert [name in nav for name in ("任务分解", "招生进度", "月报")] == [True] * 3
    assert "测试省" in page
    assert "甲市" in page
    assert "编辑" not in page
    assert auditor.get(f"/desk/targets/edit/?year={year}&unit={personas.province.public_id}").status_code == 403
    for url in ("/desk/progress/", "/desk/reports/"):
        assert "测试省" in page_of(auditor, url)
