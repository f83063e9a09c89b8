"""The desk of the monthly forms: each bureau its own, labour its number, and no button that cannot work."""

import re
from datetime import datetime

import pytest
from django.test import Client

from tests.support.builders.officers import at_desk, page_of, seen, sends, signed
from tests.support.builders.policy import set_rule
from tests.support.builders.public_season import PublicSeason
from tests.support.builders.web_season import displayed_on, sealed_in
from tests.support.clients import signature_for
from tests.support.personas import Personas, officer, unit
from yangguang import clock
from yangguang.models import (
    MonthlyReport,
    TechnicianCount,
)
from yangguang.rules.accounts.roles import Role
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.seasons.windows import SHANGHAI
from yangguang.sheets.cell_text import group_digest


@pytest.fixture
def month(personas: Personas) -> str:
    """The query string of this month's Form P, the only one due."""
    PublicSeason.lay(personas)
    now = clock.now().astimezone(SHANGHAI)
    set_rule("report.months", [now.month])
    return f"year={now.year}&month={now.month}&form=PROVINCE"


def buttons_of(client: Client, url: str) -> list[str]:
    return re.findall(r"<button[^>]*>([^<]+)</button>", client.get(url).content.decode())


def test_a_county_files_its_own_form_and_the_city_receives_it(personas: Personas, month: str) -> None:
    county, city = at_desk(personas.ce), at_desk(personas.me)
    own = f"{month.replace('PROVINCE', 'CITY')}&unit={personas.county.public_id}"
    assert signed(county, f"/desk/reports/compute/?{own}").status_code == 302
    url = f"/desk/reports/{MonthlyReport.objects.get().public_id}/"
    for act in ("review", "reopen", "review", "seal", "send"):
        at_the_county, at_the_city = buttons_of(county, url), buttons_of(city, url)
        label = {"review": "复核月报", "reopen": "撤回复核", "seal": "封存月报", "send": "报送月报"}[act]

        assert label in at_the_county
        assert label not in at_the_city
        assert "由甲市一县自己办理" in seen(sends(city, f"{url}{act}/", {}))
        assert signed(county, f"{url}{act}/").status_code == 302

    assert signed(city, f"{url}receive/").status_code == 302
    assert "签收人" in page_of(county, url)
    assert MonthlyReport.objects.get().state == "RECEIVED"


def sent_form(county: Client, own: str) -> str:
    """The address of a form that the county has sent."""
    computed = signed(county, f"/desk/reports/compute/?{own}")

    assert computed.status_code == 302, seen(computed)

    url = f"/desk/reports/{MonthlyReport.objects.get().public_id}/"
    for act in ("review", "seal", "send"):
        signed(county, f"{url}{act}/")
    return url


def test_a_county_reads_why_its_form_was_returned_corrects_it_and_sends_it_again(
    personas: Personas, month: str
) -> None:
    county, city = at_desk(personas.ce), at_desk(personas.me)
    own = f"{month.replace('PROVINCE', 'CITY')}&unit={personas.county.public_id}"
    url = sent_form(county, own)

    assert "退回月报" not in buttons_of(county, url)
    assert sends(city, f"{url}return/", {"reason": " "}).status_code == 422
    assert "看到退回原因：总数少了两人" in seen(sends(city, f"{url}return/", {"reason": "总数少了两人"}))
    assert signed(city, f"{url}return/", {"reason": "总数少了两人"}).status_code == 302

    assert "总数少了两人" in page_of(county, url)
    assert "被退回的月报" in page_of(county, "/desk/")
    assert "上级已退回" in page_of(city, f"/desk/reports/?{own}")
    assert "本表尚未封存，数字以封存时为准" in page_of(county, url)
    assert signed(county, f"/desk/reports/compute/?{own}").status_code == 302
    for act in ("review", "seal", "send"):
        assert signed(county, f"{url}{act}/").status_code == 302
    assert signed(city, f"{url}receive/").status_code == 302

    page = page_of(county, url)

    assert "总数少了两人" in page, "the history stays"
    assert "签收人：某某（甲市）" in page
    assert "被退回的月报" not in page_of(county, "/desk/")


def test_an_older_page_returns_no_form_that_a_colleague_has_received(personas: Personas, month: str) -> None:
    county, city = at_desk(personas.ce), at_desk(personas.me)
    colleague = at_desk(officer("me2", Role.CITY_EDUCATION, personas.city))
    own = f"{month.replace('PROVINCE', 'CITY')}&unit={personas.county.public_id}"
    url = sent_form(county, own)
    older = displayed_on(colleague, url)
    signed(city, f"{url}receive/")

    answer = sends(colleague, f"{url}return/", {"reason": "总数少了两人", "_displayed": older})

    assert answer.status_code == 409
    assert MonthlyReport.objects.get().state == "RECEIVED"


def test_the_labour_bureau_hands_its_number_over_and_fills_in_no_form(personas: Personas, month: str) -> None:
    labour = at_desk(officer("mh", Role.CITY_LABOUR, personas.city, "labour"))
    page = f"/desk/reports/?{month}"

    assert "本地没有技工学校，不需要移交" in page_of(at_desk(personas.me), page)
    assert "应移交技工学校招生数的单位" not in page_of(labour, page)

    unit("技工学校", "SCHOOL", personas.county, sector="labour", governed_by="CITY")

    assert "有技工学校的）1 个，还有 1 个没有移交" in page_of(labour, page)
    assert "人社部门还没有移交" in page_of(at_desk(personas.me), page)
    assert "计算甲市" not in page_of(labour, page)
    assert signed(labour, f"/desk/reports/hand-over/?{month}").status_code == 302
    assert TechnicianCount.objects.get().number == 0
    assert "移交本月技工学校招生数 0 人" in page_of(at_desk(personas.me), page)
    assert "月报由教育部门填报" in seen(sends(labour, f"/desk/reports/compute/?{month}", {}))


def test_what_is_signed_is_what_is_counted_when_it_is_signed(public_season: PublicSeason) -> None:
    personas, enrolled = public_season.personas, public_season.enrolled
    year, school = personas.season.year, enrolled.technician_school()
    set_rule("report.months", [1])
    labour = at_desk(officer("ch", Role.COUNTY_LABOUR, personas.county, "labour"))
    url = f"/desk/reports/hand-over/?year={year}&month=1&form=PROVINCE"
    older = sends(labour, url, {})
    admission = enrolled.admit(programme=enrolled.programme(school=school), state="CHECKED_IN")
    type(admission).objects.filter(pk=admission.pk).update(checked_in_at=datetime(year, 1, 5, tzinfo=SHANGHAI))

    answer = labour.post(url, sealed_in(older) | signature_for(older, labour))

    assert (answer.status_code, TechnicianCount.objects.count()) == (409, 0)
    assert "打开时是0人，现在是1人" in seen(answer)
    assert signed(labour, url).status_code == 302
    assert TechnicianCount.objects.get().number == 1


def test_a_form_is_computed_reviewed_sealed_by_another_and_printed(public_season: PublicSeason) -> None:
    personas, now = public_season.personas, clock.now()
    set_rule("report.months", [now.month])
    admission = public_season.admitted("某甲")
    type(admission).objects.filter(pk=admission.pk).update(state="CHECKED_IN", checked_in_at=now)
    first, second = at_desk(personas.me), at_desk(officer("me3", Role.CITY_EDUCATION, personas.city))
    own = f"unit={personas.city.public_id}&year={now.year}&month={now.month}&form=CITY"

    assert "应报送的单位 1 个，还有 1 个没有报送" in page_of(first, f"/desk/reports/?{own}")
    assert signed(first, f"/desk/reports/compute/?{own}").status_code == 302
    report = MonthlyReport.objects.get()
    url = f"/desk/reports/{report.public_id}/"

    assert "中等职业教育县市（学校）招生情况统计表" in page_of(first, url)
    assert "本表尚未封存，数字以封存时为准" in page_of(first, url)
    assert "没有报送期限" in page_of(first, url)
    assert signed(first, f"{url}review/").status_code == 302
    assert "封存月报" not in page_of(first, url)
    assert "不能是同一个人" in seen(sends(first, f"{url}seal/", {}))
    assert "还不能封存：复核人和封存人不能是同一个人。请由另一位同事用自己的优盾封存。" in page_of(first, url)
    assert "还不能封存" not in page_of(second, url)
    assert signed(second, f"{url}seal/").status_code == 302
    assert signed(second, f"{url}send/").status_code == 302
    report.refresh_from_db()

    assert report.state == "SENT"
    assert f"校验码：{group_digest(report.digest)}" in seen(first.get(f"{url}print/"))
    assert first.get(f"{url}file.xlsx").content[:2] == b"PK"
    assert "总数" in first.get(f"{url}file.csv").content.decode()
    assert at_desk(officer("me2", Role.CITY_EDUCATION, personas.other_city)).get(url).status_code == 404
    assert "还有 1 个没有报送" in page_of(first, f"/desk/reports/?{own}")


def test_who_has_not_filed_is_counted_for_the_own_sector_only(public_season: PublicSeason) -> None:
    personas, enrolled = public_season.personas, public_season.enrolled
    enrolled.technician_school()
    labour = at_desk(officer("mh1", Role.CITY_LABOUR, personas.city, Sector.LABOUR.value))

    page = page_of(labour, "/desk/reports/")

    assert "应移交技工学校招生数的单位（有技工学校的）1 个，还有 1 个没有移交" in page
    assert "没有报送" not in page
    assert "计算甲市" not in page

    city_form = f"/desk/reports/?unit={personas.city.public_id}&form=CITY"
    own = page_of(labour, city_form)

    assert "应报送的单位" not in own
    assert "移交" not in own
    assert "应报送的单位 1 个" in page_of(at_desk(personas.me), city_form)


def test_the_year_is_a_matrix_whose_cells_lead_to_the_form_or_to_its_month(personas: Personas, month: str) -> None:
    county, city = at_desk(personas.ce), at_desk(personas.me)
    own = f"{month.replace('PROVINCE', 'CITY')}&unit={personas.county.public_id}"

    before = city.get(f"/desk/reports/?{own}").content.decode()
    url = sent_form(county, own)
    after = city.get(f"/desk/reports/?{own}").content.decode()
    file = city.get(f"/desk/reports/?{own}&csv=months").content.decode("utf-8-sig")

    name, of = personas.county.name, f"{MonthlyReport.objects.get().month}月"
    # Whether the form is late depends on the day of the month on which the test runs.
    assert re.search(rf'class="mark--(?:none|late)" href="\?year[^"]*" title="{name}{of}：未填报，', before)
    assert f'<a class="mark--sent" href="{url}" title="{name}{of}：已报送，' in after
    assert f"单位,{of},{of}完成率\r\n{name},已报送，" in file
