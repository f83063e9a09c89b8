"""The school's applicants after publication: masked names, filters, export. (F-C2)"""

import csv
import io

import pytest
from django.test import Client

from tests.support.builders.officers import page_of
from tests.support.builders.public_season import PublicSeason
from tests.support.owner import without_triggers
from yangguang.models import Admission, AdmissionRun, Placement, Round

pytestmark = pytest.mark.django_db


def chooses(public_season: PublicSeason, name: str, run: AdmissionRun) -> str:
    """One more applicant of the school's programme, placed nowhere by the run; returns the 报名号."""
    application = public_season.enrolled.applied(public_season.enrolled.person(name))
    programme = public_season.enrolled.programme()
    with without_triggers("yangguang_placement"):
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
