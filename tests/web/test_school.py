"""The school's desk: own plan, own applicants after publication, the door with its reasons, classes in one act."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.support.builders.officers import at_desk, cost, family_at, page_of, seen
from tests.support.builders.public_season import PublicSeason
from tests.support.personas import Personas, officer, unit
from yangguang import clock
from yangguang.models import Admission, AdmissionRun, AuditEntry, Placement, Round, StudentRecord
from yangguang.rules.accounts.roles import Role
from yangguang.rules.seasons.rounds import WindowKind

PAGES = (
    "/school/",
    "/school/plan/",
    "/school/own-tests/",
    "/school/applicants/",
    "/school/admissions/",
    "/school/admissions/people/",
    "/school/check-in/",
    "/school/check-in/?tab=came",
    "/school/records/",
)


@pytest.fixture
def public_season(personas: Personas) -> PublicSeason:
    return PublicSeason.lay(personas)


@pytest.fixture
def school(public_season: PublicSeason) -> Client:
    return at_desk(public_season.personas.teacher)


def typed(*programmes: dict[str, Any], capacity: int = 200) -> dict[str, Any]:
    """The plan as the edit page sends it."""
    data: dict[str, Any] = {
        "capacity": capacity,
        "programme-TOTAL_FORMS": len(programmes),
        "programme-INITIAL_FORMS": 0,
        "save": 1,
    }
    plain = {
        "programme_type": "three_year",
        "study_form": "full_time",
        "years": 3,
        "fee": "",
        "partner": "",
        "dedicated": "",
    }
    for n, programme in enumerate(programmes):
        data |= {f"programme-{n}-{key}": value for key, value in (plain | programme).items()}
    return data


@pytest.mark.parametrize("url", PAGES)
def test_each_page_costs_as_much_for_three_students_as_for_one(
    public_season: PublicSeason, school: Client, url: str
) -> None:
    def came(name: str) -> None:
        admission = public_season.admitted(name)
        Admission.objects.filter(pk=admission.pk).update(state="CHECKED_IN", checked_in_at=clock.now())
        StudentRecord.objects.create(
            person=admission.person,
            admission=admission,
            school=public_season.personas.school,
            number=f"2024X{admission.pk:05d}",
            major="护理",
            programme_type="three_year",
            entered_on="2024-09-01",
        )
        public_season.admitted(name + "二")

    came("某甲")
    first = cost(school, url)
    came("某乙")
    came("某丙")

    assert cost(school, url) == first


@pytest.mark.parametrize("url", PAGES)
def test_a_bureau_and_a_family_do_not_reach_the_schools_desk(public_season: PublicSeason, url: str) -> None:
    bureau = at_desk(public_season.personas.ce).get(url).status_code

    assert bureau in (403, 404)
    if bureau == 403:
        assert AuditEntry.objects.filter(action="route.denied", role="CE").count() == 1

    assert family_at(public_season.personas.family().account or 0).get(url).status_code in (403, 404)
    assert Client().get(url).headers["Location"].startswith("/login/?next=")


def chooses(public_season: PublicSeason, name: str, run: AdmissionRun) -> str:
    """One more applicant of the school's programme, placed nowhere by the run; returns the 报名号."""
    application = public_season.enrolled.applied(public_season.enrolled.person(name))
    programme = public_season.enrolled.programme()
    Placement.objects.create(
        run=run, application=application, programmes=[programme.pk], codes=["outranked"], places=[99]
    )
    return application.number


def test_applicants_are_displayed_only_after_publication(public_season: PublicSeason, school: Client) -> None:
    later = Round.objects.create(
        season=public_season.personas.season, number=3, name="补录", kind="supplementary_ranked"
    )
    officer_ = public_season.personas.pe1.actor.account
    computed = AdmissionRun.objects.create(round=later, number=1, state="CHECKED", started_by_id=officer_)
    before, after = chooses(public_season, "某前", computed), chooses(public_season, "某后", public_season.run)
    page = page_of(school, "/school/applicants/")

    assert after in page
    assert "排名未到录取位次" in page
    assert before not in page
    report = public_season.run.report | {"held_back": [public_season.enrolled.programme().code]}
    AdmissionRun.objects.filter(pk=public_season.run.pk).update(report=report)

    assert after not in page_of(school, "/school/applicants/")


def test_names_are_masked_and_a_phone_shows_while_a_seat_is_held(public_season: PublicSeason, school: Client) -> None:
    admission = public_season.admitted("欧阳小阳")
    page = page_of(school, "/school/applicants/")

    assert "欧***" in page
    assert "欧阳小阳" not in page
    assert "154****0001" in page
    assert "15400000001" not in page
    Admission.objects.filter(pk=admission.pk).update(state="DECLINED")

    assert "154****0001" not in page_of(school, "/school/applicants/")


def test_the_export_is_masked_and_says_who_took_it(public_season: PublicSeason, school: Client) -> None:
    number = public_season.admitted("欧阳小阳").application.number
    answer = school.get("/school/applicants.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert rows[0][:3] == ["报名号", "姓名", "性别"]
    assert rows[1][0] == f"'{number}", "a spreadsheet keeps 15 digits of a number"
    assert rows[1][1] == "欧***"
    assert rows[1][-1] == "待应答"
    assert "欧阳小阳" not in answer.content.decode("utf-8-sig")
    book = school.get("/school/applicants.xlsx")

    assert book.content[:2] == b"PK"
    assert "attachment" in book.headers["Content-Disposition"]
    assert school.get("/school/applicants.exe").status_code == 404


def test_an_export_over_its_limit_is_refused_and_not_cut(
    public_season: PublicSeason, school: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_season.admitted("某甲")
    public_season.admitted("某乙")
    monkeypatch.setattr("yangguang.web.school.applicants.applicants.EXPORT_ROWS", 1)
    answer = school.get("/school/applicants.csv")

    assert answer.status_code == 422
    assert "名单超过1行，没有导出" in answer.content.decode()


@pytest.mark.parametrize(
    "asked", ["programme=DEMO-S01-24A001", "programme=%00", "round=99", "outcome=won", "number=" + "9" * 17]
)
def test_a_filter_nobody_offered_finds_nobody(public_season: PublicSeason, school: Client, asked: str) -> None:
    number = public_season.admitted("某甲").application.number
    page = page_of(school, f"/school/applicants/?{asked}")

    assert "没有符合条件的学生" in page
    assert number not in page
    assert number not in school.get(f"/school/applicants.csv?{asked}").content.decode()
    assert number in page_of(school, "/school/applicants/?programme=&round=&outcome=&number=")


@pytest.mark.parametrize(
    "url", ["/school/applicants/", "/school/admissions/people/", "/school/check-in/", "/school/records/"]
)
def test_a_key_somebody_typed_begins_at_the_beginning(public_season: PublicSeason, school: Client, url: str) -> None:
    number = public_season.admitted("某甲").application.number
    shows = number in page_of(school, url)
    keys = ["1e400,1e400", '"\\ud800",1', "NaN,1", "1e300,1e300", '"a",true', "9" * 400 + ",1"]
    for key in keys:
        for typed in (f"[{key}]", f'[{key},"x"]'):
            for name in ("after", "before"):
                assert school.get(url, {name: typed}).status_code == 200, (url, name, typed)
    for key in keys[:3]:
        listed = seen(school.get(url, {"after": f'[{key},"x"]' if "applicants" in url else f"[{key}]"}))
        assert (number in listed) == shows


def test_another_schools_students_are_not_there(public_season: PublicSeason) -> None:
    number = public_season.admitted("某甲").application.number
    other = unit(
        "乙市第二职业学校", "SCHOOL", public_season.personas.other_city, sector="education", governed_by="CITY"
    )
    stranger = at_desk(officer("other", Role.VOCATIONAL_SCHOOL, other))
    for url in ("/school/applicants/", "/school/admissions/people/", "/school/check-in/"):
        assert number not in page_of(stranger, url)


def test_the_front_page_says_what_waits_and_until_when(public_season: PublicSeason, school: Client) -> None:
    public_season.admitted("某甲")

    assert "现在没有等您办理的事项" in page_of(school, "/school/")
    window = public_season.personas.open(WindowKind.CHECK_IN, days=3)
    page = page_of(school, "/school/")

    assert "录取的学生等待办理报到 1" in page
    assert "还剩3天" in page
    assert "办理报到" in page
    window.opens_at, window.closes_at = clock.now() - timedelta(days=9), clock.now() - timedelta(days=8)
    window.save()

    assert "现在没有等您办理的事项" in page_of(school, "/school/")
