"""Two sectors in one county: a bureau of the one never sees the rows of the other, on no list and no page."""

import pytest
from django.db import models

from tests.access.sites import SITES, Browser
from tests.access.world import World
from yangguang.models import (
    Admission,
    Application,
    IdentityCase,
    MonthlyReport,
    Plan,
    Programme,
    Sanction,
    StudentRecord,
    WaitingOffer,
    Withdrawal,
)
from yangguang.models.base.scoping import Scoped
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import Role, cell
from yangguang.rules.organisation.sectors import Sector

pytestmark = pytest.mark.django_db
E, L = Sector.EDUCATION, Sector.LABOUR
OWN_AREA = Right.MONTHLY_REPORT_FILL
"""A right that bureaus have within their area and sector, and guests have not."""
BY_SECTOR: list[type[Scoped]] = [
    Admission,
    Application,
    IdentityCase,
    MonthlyReport,
    Plan,
    Programme,
    Sanction,
    StudentRecord,
    WaitingOffer,
    Withdrawal,
]


def rows_of(world: World, sector: Sector, model: type[models.Model]) -> set[int]:
    return {row.pk for row in world.near[sector].rows.values() if type(row) is model}


def seen_by(world: World, role: Role, model: type[Scoped]) -> set[int]:
    return set(model.objects.for_actor(world.actor(role), OWN_AREA).values_list("pk", flat=True))


@pytest.mark.parametrize("role", [Role.COUNTY_LABOUR, Role.CITY_LABOUR])
@pytest.mark.parametrize("model", BY_SECTOR)
def test_a_labour_bureau_sees_its_own_rows_and_none_of_education(world: World, role: Role, model: type[Scoped]) -> None:
    seen = seen_by(world, role, model)

    assert rows_of(world, L, model) <= seen
    assert seen & rows_of(world, E, model) == set()


@pytest.mark.parametrize("role", [Role.COUNTY_EDUCATION, Role.CITY_EDUCATION])
@pytest.mark.parametrize("model", [Application, IdentityCase])
def test_education_is_responsible_for_every_student_of_its_area(world: World, role: Role, model: type[Scoped]) -> None:
    assert rows_of(world, E, model) | rows_of(world, L, model) <= seen_by(world, role, model)


def test_choices_and_admissions_alike_tie_a_student_to_a_sector(world: World) -> None:
    chosen = world.near[E].rows["application"]
    programme, admission = world.near[L].rows["programme"], world.near[L].rows["admission"]
    before = seen_by(world, Role.COUNTY_LABOUR, Application)

    Application.objects.filter(pk=chosen.pk).update(programmes=[programme.pk])
    Application.objects.filter(pk=admission.application_id).update(programmes=[])  # type: ignore[attr-defined]

    assert seen_by(world, Role.COUNTY_LABOUR, Application) == before | {chosen.pk}


@pytest.mark.parametrize(
    ("role", "sector"),
    [
        (Role.COUNTY_LABOUR, E),
        (Role.CITY_LABOUR, E),
        (Role.PROVINCE_LABOUR, E),
        (Role.TECHNICIAN_SCHOOL, E),
        (Role.VOCATIONAL_SCHOOL, L),
    ],
)
def test_no_page_of_the_one_sector_names_a_person_of_the_other(world: World, role: Role, sector: Sector) -> None:
    rows = world.near[sector].rows
    marks = {
        rows["application"].number,  # type: ignore[attr-defined]
        rows["record"].number,  # type: ignore[attr-defined]
        *(str(rows[name].public_id) for name in ("application", "admission", "record", "withdrawal")),  # type: ignore[attr-defined]
    }
    browser, displayed, leaks = Browser(world, role), 0, []
    for site in SITES:
        if cell(role, site.right) is None or cell(Role.GUEST, site.right) is not None:
            continue
        for query in ("", "?stage=registered", "?by=school&stage=admitted"):
            url = site.url(world, role) + query
            answer = browser.goes("get", url)
            if answer.status_code == 200:
                displayed += 1
                body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[call-overload]
                leaks += [(url, mark) for mark in marks if mark.encode() in body]

    assert displayed > 10
    assert leaks == []
