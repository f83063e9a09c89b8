"""Progress by home and by school: who is counted, and under which status each person is listed."""

import re
from datetime import timedelta

import pytest

from tests.support.builders.officers import at_desk, page_of
from tests.support.builders.public_season import PublicSeason
from tests.support.personas import officer
from yangguang import clock
from yangguang.models import (
    Admission,
    Application,
    Round,
    RoundProgramme,
)
from yangguang.rules.accounts.roles import Role
from yangguang.rules.organisation.sectors import Sector

pytestmark = pytest.mark.django_db


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
