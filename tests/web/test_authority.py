"""The bureaus' desk: scoped lists, plans passed with the lock, runs by two people, windows, targets, forms, cases."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.support.builders.officers import at_desk, cost, family_at, page_of, seen, sends, signed
from tests.support.builders.policy import set_rule
from tests.support.builders.public_season import PublicSeason
from tests.support.personas import Personas, officer, unit
from yangguang import clock
from yangguang.models import (
    Admission,
    AdmissionRun,
    Application,
    AuditEntry,
    IdentityCase,
    LotterySeed,
    MonthlyReport,
    OutsideEnrolment,
    Plan,
    Proposal,
    Round,
    RoundProgramme,
)
from yangguang.rules.accounts.roles import Role
from yangguang.rules.organisation.sectors import Sector

COUNTY = (
    "/desk/",
    "/desk/plans/?tab=all",
    "/desk/progress/",
    "/desk/progress/?by=school",
    "/desk/cases/",
    "/desk/progress/people/",
    "/desk/reports/",
    "/desk/targets/",
    "/desk/proposals/",
)
PROVINCE = (*COUNTY, "/desk/rounds/", "/desk/windows/", "/desk/progress/?by=programme_type")


@pytest.fixture
def public_season(personas: Personas) -> PublicSeason:
    return PublicSeason.lay(personas)


def submitted(public_season: PublicSeason, name: str) -> Plan:
    """A plan that lies on the county's desk."""
    school = unit(name, "SCHOOL", public_season.personas.county, sector="education", governed_by="COUNTY")
    plan: Plan = Plan.objects.create(
        school=school, season=public_season.personas.season, capacity=100, state="SUBMITTED"
    )
    return plan


def listed(public_season: PublicSeason, serial: int) -> None:
    """One more of everything that a list of a bureau shows."""
    submitted(public_season, f"县属学校{serial}")
    admission = public_season.admitted(f"某{serial}")
    outside = OutsideEnrolment.objects.create(
        id_hash=bytes([serial]) * 32,
        intake_year=2024,
        register="high_school",
        school="外校",
        name="某",
        file_digest="1",
    )
    IdentityCase.objects.create(
        season_year=2024,
        person=admission.person,
        outside=outside,
        unit=public_season.personas.county,
        score=90,
        reasons=["同号"],
    )
    Proposal.objects.create(
        action="window.set",
        content=bytes([serial]) * 32,
        label="设定开放时间",
        unit=public_season.personas.county,
        proposed_by_id=public_season.personas.pe2.actor.account,
    )


@pytest.mark.parametrize("who", ["ce", "pe1"])
def test_each_page_costs_as_much_for_three_rows_as_for_one(public_season: PublicSeason, who: str) -> None:
    browser = at_desk(getattr(public_season.personas, who))
    pages = COUNTY if who == "ce" else PROVINCE
    listed(public_season, 1)
    first = {url: cost(browser, url) for url in pages}
    listed(public_season, 2)
    listed(public_season, 3)

    assert {url: cost(browser, url) for url in pages} == first


@pytest.mark.parametrize("url", ["/desk/", "/desk/plans/", "/desk/rounds/", "/desk/windows/", "/desk/cases/"])
def test_a_school_and_a_family_are_denied_and_the_try_is_kept(public_season: PublicSeason, url: str) -> None:
    assert at_desk(public_season.personas.teacher).get(url).status_code == 403
    assert AuditEntry.objects.filter(action="route.denied", outcome="DENIED", role="V").count() == 1
    assert family_at(public_season.personas.family().account or 0).get(url).status_code == 403
    assert Client().get(url).status_code == 302


def test_a_county_has_no_rounds_and_no_windows_and_is_not_offered_them(public_season: PublicSeason) -> None:
    county = at_desk(public_season.personas.ce)
    page = page_of(county, "/desk/")

    assert "计划审核" in page
    assert "开放时间" not in page
    assert "批次" not in page
    assert county.get("/desk/rounds/").status_code == county.get("/desk/windows/").status_code == 403


def test_what_lies_outside_the_area_is_not_there(public_season: PublicSeason) -> None:
    plan = submitted(public_season, "县属学校")
    elsewhere = at_desk(officer("me2", Role.CITY_EDUCATION, public_season.personas.other_city))

    assert elsewhere.get(f"/desk/plans/{plan.public_id}/").status_code == 404
    labour = at_desk(officer("ch", Role.COUNTY_LABOUR, public_season.personas.county, "labour"))

    assert labour.get(f"/desk/plans/{plan.public_id}/").status_code == 404
    for page in ("progress", "targets", "reports"):
        answer = at_desk(public_season.personas.ce).get(
            f"/desk/{page}/?unit={public_season.personas.other_city.public_id}"
        )
        assert answer.status_code == 404, page

    assert elsewhere.post(f"/desk/plans/{plan.public_id}/pass/", {"seen": 1}).status_code == 404


def test_the_round_says_every_condition_before_anybody_presses(public_season: PublicSeason) -> None:
    later = Round.objects.create(
        season=public_season.personas.season, number=3, name="第一次补录", kind="supplementary_ranked"
    )
    submitted(public_season, "县属学校")
    page = page_of(at_desk(public_season.personas.pe1), f"/desk/rounds/{later.public_id}/")

    assert "志愿填报还没有截止" in page
    assert "还有1所学校的招生计划在审核中" in page
    assert "抽签种子还没有由两人承诺" in page
    assert "发起正式运算" not in page
    assert "试算" in page
    refused = at_desk(public_season.personas.pe1).post(f"/desk/rounds/{later.public_id}/start/")

    assert refused.status_code == 422
    assert "志愿填报已截止" in seen(refused)


def test_a_run_is_proposed_by_one_and_approved_by_another(public_season: PublicSeason) -> None:
    later = Round.objects.create(season=public_season.personas.season, number=3, name="第一次补录", kind="ranked")
    run = AdmissionRun.objects.create(
        round=later,
        number=1,
        state="CHECKED",
        started_by_id=public_season.personas.pe1.actor.account,
        counts={"persons": 3, "programmes": 1, "placed": 2},
        report={"held": True, "held_back": [], "verdicts": []},
    )
    first, second = at_desk(public_season.personas.pe1), at_desk(public_season.personas.pe2)
    url = f"/desk/runs/{run.public_id}/"

    assert "拟录取 2 人" in seen(first.post(f"{url}propose/"))
    assert signed(first, f"{url}propose/").status_code == 302
    alone = first.post(f"{url}approve/")

    assert alone.status_code == 422
    assert "须由另一个人批准" in seen(alone)
    assert "批准公布" in page_of(second, url)
    assert signed(second, f"{url}approve/").status_code == 302
    assert AdmissionRun.objects.get(pk=run.pk).state == "APPROVED"
    assert "须由另一个人执行公布" in seen(second.post(f"{url}publish/"))


def test_the_report_of_a_run_shows_the_ten_promises_and_hides_it_from_other_cities(public_season: PublicSeason) -> None:
    page = page_of(at_desk(public_season.personas.pe1), f"/desk/runs/{public_season.run.public_id}/")

    assert all(f" P{n} " in page for n in range(1, 11))
    assert page.count("成立") >= 10
    later = Round.objects.create(season=public_season.personas.season, number=3, name="补录", kind="ranked")
    hidden = AdmissionRun.objects.create(
        round=later, number=1, state="CHECKED", started_by_id=public_season.personas.pe1.actor.account
    )

    assert at_desk(public_season.personas.me).get(f"/desk/runs/{hidden.public_id}/").status_code == 404


def test_the_seed_takes_two_different_people(public_season: PublicSeason) -> None:
    later = Round.objects.create(season=public_season.personas.season, number=3, name="补录", kind="ranked")
    url = f"/desk/rounds/{later.public_id}/seed/"
    first, second = at_desk(public_season.personas.pe1), at_desk(public_season.personas.pe2)
    made = re.findall(r'name="secret" value="([0-9a-f]{64})"', first.get(url).content.decode())

    assert len(made) == 1
    assert made != re.findall(r'value="([0-9a-f]{64})"', first.get(url).content.decode())
    assert "64 位十六进制数" in seen(first.post(url, {"secret": "掷骰子"}))
    assert signed(first, url, {"secret": "a" * 64}).status_code == 302
    assert "须由两人各自提交" in seen(first.post(url, {"secret": "b" * 64}))
    assert signed(second, url, {"secret": "b" * 64}).status_code == 302
    assert LotterySeed.objects.get(round=later).commitment in page_of(first, f"/desk/rounds/{later.public_id}/")


def test_whoever_comes_from_another_province_is_counted_and_named_by_the_place(public_season: PublicSeason) -> None:
    application = public_season.admitted("某甲").application
    Application.objects.filter(pk=application.pk).update(home=public_season.personas.province, place="510104")
    province = at_desk(public_season.personas.pe1)

    assert "外省户籍" in page_of(province, "/desk/progress/")
    assert "四川省成都市锦江区" in page_of(province, "/desk/progress/people/")
    assert application.number not in page_of(at_desk(public_season.personas.ce), "/desk/progress/people/")
    Application.objects.filter(pk=application.pk).update(home=public_season.personas.county, place="")

    assert "外省户籍" not in page_of(province, "/desk/progress/")


def test_the_list_names_the_true_stage_of_walk_ins_and_of_the_exam_boards_students(public_season: PublicSeason) -> None:
    admission = public_season.admitted("某甲")
    url = "/desk/progress/people/?stage=registered"
    for kind, state, says in (
        ("direct", "ACCEPTED", "已注册录取"),
        ("imported", "ACCEPTED", "已定录取·已接受"),
        ("ranked", "CHECKED_IN", "已报到"),
    ):
        Round.objects.filter(pk=admission.round_id).update(kind=kind)
        Admission.objects.filter(pk=admission.pk).update(state=state, checked_in_at=clock.now())
        page = page_of(at_desk(public_season.personas.ce), url)
        assert says in page
        assert "未填志愿" not in page
    later = Round.objects.create(
        season=public_season.personas.season, number=9, name="补录", kind="supplementary_direct"
    )
    RoundProgramme.objects.create(round=later, programme=admission.programme, seats=1)
    Admission.objects.filter(pk=admission.pk).update(state="RELEASED")
    Admission.objects.create(
        application=admission.application,
        person=admission.person,
        school=admission.school,
        round=later,
        programme=admission.programme,
        quota=admission.quota,
        state="ACCEPTED",
        published_at=clock.now() - timedelta(days=9),
    )

    assert "已注册录取" in page_of(at_desk(public_season.personas.ce), url)


def test_every_bureau_that_lists_a_student_reads_the_same_status(public_season: PublicSeason) -> None:
    """The status names no school, so it does not depend on the sector of the school that admitted the student."""
    enrolled, personas = public_season.enrolled, public_season.personas
    admission = public_season.admitted("某甲")
    type(admission).objects.filter(pk=admission.pk).update(state="CHECKED_IN", checked_in_at=clock.now())
    technician = enrolled.programme(school=enrolled.technician_school())
    Application.objects.filter(pk=admission.application_id).update(programmes=[technician.pk])
    labour = at_desk(officer("mh1", Role.CITY_LABOUR, personas.city, Sector.LABOUR.value))

    for desk in (at_desk(personas.me), labour):
        assert "已报到" in page_of(desk, "/desk/progress/people/?stage=registered")


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
    assert "未封存，仅供核对" in page_of(first, url)
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
    assert report.digest in seen(first.get(f"{url}print/"))
    assert first.get(f"{url}file.xlsx").content[:2] == b"PK"
    assert "总数" in first.get(f"{url}file.csv").content.decode()
    assert at_desk(officer("me2", Role.CITY_EDUCATION, personas.other_city)).get(url).status_code == 404
    assert "还有 1 个没有报送" in page_of(first, f"/desk/reports/?{own}")


def test_who_has_not_filed_is_counted_for_the_own_sector_only(public_season: PublicSeason) -> None:
    personas, enrolled = public_season.personas, public_season.enrolled
    enrolled.technician_school()
    labour = at_desk(officer("mh1", Role.CITY_LABOUR, personas.city, Sector.LABOUR.value))

    page = page_of(labour, "/desk/reports/")

    assert "应移交技工学校招生数的单位 1 个，还有 1 个没有移交" in page
    assert "没有报送" not in page
    assert "计算甲市" not in page

    city_form = f"/desk/reports/?unit={personas.city.public_id}&form=CITY"
    own = page_of(labour, city_form)

    assert "应报送的单位" not in own
    assert "移交" not in own
    assert "应报送的单位 1 个" in page_of(at_desk(personas.me), city_form)


def test_a_case_is_settled_at_its_level_with_masked_names(public_season: PublicSeason) -> None:
    listed(public_season, 1)
    case = IdentityCase.objects.get()
    county, url = at_desk(public_season.personas.ce), f"/desk/cases/{case.public_id}/"
    page = page_of(county, url)

    assert "某*" in page
    assert case.person.id_number.reveal() not in page
    assert "本人选择中职，保留" in page
    assert "没有找到" in seen(at_desk(officer("me2", Role.CITY_EDUCATION, public_season.personas.other_city)).get(url))
    assert county.post(f"{url}settle/", {"verdict": "SAME"}).status_code == 422
    assert signed(county, f"{url}settle/", {"verdict": "STAYS"}).status_code == 302
    case.refresh_from_db()

    assert (case.state, case.verdict) == ("SETTLED", "STAYS")


@pytest.mark.parametrize("key", ["1e400,1e400", "NaN,1", '1,"\\ud800"', "true,1", "1e300,1", "1e300,1e300"])
def test_a_key_somebody_typed_begins_the_cases_at_the_beginning(public_season: PublicSeason, key: str) -> None:
    listed(public_season, 1)
    county, case = at_desk(public_season.personas.ce), str(IdentityCase.objects.get().public_id)
    after, before = (county.get("/desk/cases/", {name: f"[{key}]"}) for name in ("after", "before"))

    assert (after.status_code, before.status_code) == (200, 200)
    assert case in after.content.decode()


def test_every_number_of_the_progress_opens_as_many_persons(public_season: PublicSeason) -> None:
    for serial, state in enumerate(("OFFERED", "CHECKED_IN", "CHECKED_IN"), 1):
        admission = public_season.admitted(f"某{serial}")
        at = clock.now() if state == "CHECKED_IN" else None
        type(admission).objects.filter(pk=admission.pk).update(state=state, checked_in_at=at)
    public_season.enrolled.applied(public_season.enrolled.person("某四"))
    county = at_desk(public_season.personas.ce)
    for by, expected in (("home", (4, 3, 2)), ("school", (None, 3, 2))):
        for stage_name, number in zip(("registered", "admitted", "checked_in"), expected, strict=True):
            if number is not None:
                url = f"/desk/progress/people/?stage={stage_name}&by={by}"
                assert len(set(re.findall(r"\b\d{16}\b", page_of(county, url)))) == number, url
    total = re.search(r"甲市一县合计((?: [\d—]+)+)", page_of(county, "/desk/progress/"))

    assert total is not None
    assert total[1].split()[:5] == ["4", "3", "3", "2", "2"]
