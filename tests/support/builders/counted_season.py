"""A season in which two ways of counting give two numbers.

It has a person at every step, both sectors in one county, targets, open duplicate cases and a dedicated class.
"""

from dataclasses import dataclass
from datetime import date

from django.test import Client

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.officers import at_desk, family_at
from tests.support.builders.plans import qualify
from tests.support.builders.policy import set_rule
from tests.support.personas import Personas, officer, unit
from yangguang.models import (
    Admission,
    Application,
    IdentityCase,
    Plan,
    Quota,
    StudentRecord,
    Target,
    Unit,
)
from yangguang.rules.accounts.roles import Role

TYPES = ("three_year", "three_plus_two", "one_year")
STATES = ("OFFERED", "ACCEPTED", "DECLINED", "CHECKED_IN", "CHECKED_IN", "ABSENT")


@dataclass
class CountedSeason:
    """The season and a browser of every role."""

    personas: Personas
    technician: Unit
    browsers: dict[str, Client]

    @classmethod
    def lay(cls, personas: Personas) -> "CountedSeason":
        enrolled = Enrolled.lay(personas)
        technician = enrolled.technician_school()
        far = unit("乙市学校", "SCHOOL", personas.other_city, sector="education", governed_by="CITY")
        for number, code in enumerate((personas.province, personas.city, personas.county, personas.other_city), 1):
            Unit.objects.filter(pk=code.pk).update(region_code=f"41{number:02}00")
        for school in (personas.school, technician, far):
            Unit.objects.filter(pk=school.pk).update(kind="职业学校", pinyin=school.code)
            qualify(school, personas.season.year)
            Plan.objects.create(school=school, season=personas.season, capacity=500, state="PUBLISHED")
            _admit(enrolled, school)
        _add_applicants(enrolled)
        _add_dedicated_class(enrolled)
        _quarantine(enrolled)
        _set_targets(personas)
        return cls(personas, technician, _open_browsers(personas, technician))


def _admit(enrolled: Enrolled, school: Unit) -> None:
    """One person in each state in each programme type, part-time ones among them, and records of some."""
    for at, programme_type in enumerate(TYPES):
        for state in STATES[at:]:
            enrolled.admit(programme=enrolled.programme(programme_type, school), state=state)
    enrolled.admit(programme=enrolled.programme("three_year", school, "part_time"), state="CHECKED_IN")
    checked_in = Admission.objects.filter(school=school, state="CHECKED_IN").order_by("pk")
    for serial, (admission, state) in enumerate(zip(checked_in, ("CREATED", "COMPLETED", "CONFIRMED"), strict=False)):
        StudentRecord.objects.create(
            person=admission.person,
            admission=admission,
            school=school,
            number=f"2024{school.pk:07d}{serial:05d}",
            major="护理",
            programme_type=admission.programme.programme_type,
            entered_on=date(2024, 9, 1),
            state=state,
        )


def _add_applicants(enrolled: Enrolled) -> None:
    """Persons without an admission, one of them from another city, and one who withdrew."""
    applications = [enrolled.applied(enrolled.person(f"某{serial}")) for serial in range(4)]
    rows = [Application.objects.filter(pk=one.pk) for one in applications]
    rows[0].update(choices_version=1)
    rows[1].update(home=enrolled.personas.other_city)
    rows[2].update(home=enrolled.personas.province, place="510104")
    rows[3].update(state="WITHDRAWN")
    far = Admission.objects.filter(school__parent=enrolled.personas.other_city)
    Application.objects.filter(admissions__in=far).update(home=enrolled.personas.other_city)


def _add_dedicated_class(enrolled: Enrolled) -> None:
    programme = enrolled.programme()
    Quota.objects.create(
        programme=programme, code="dedicated", name="专门编班", seats=4, taken=1, mode="hard", tie="all_wait"
    )
    type(programme).objects.filter(pk=programme.pk).update(seats=54)


def _quarantine(enrolled: Enrolled) -> None:
    """A checked-in person of each sector is in an open duplicate case, one of them with a record."""
    for admission in Admission.objects.filter(state="CHECKED_IN").distinct("school_id").order_by("school_id", "pk"):
        IdentityCase.objects.create(
            season_year=enrolled.personas.season.year,
            person=admission.person,
            other=enrolled.person(f"另{admission.pk}"),
            unit=enrolled.personas.city,
            score=80,
            reasons=["演示"],
        )


def _set_targets(personas: Personas) -> None:
    """The province sets the city's, the city those of the county and the school, and one of the labour sector."""
    for axis, value in (("count.target_types", list(TYPES[:2])), ("count.target_forms", ["full_time"])):
        set_rule(axis, value, f"主管线=教育；地区={personas.city.name}")
    rows = [
        (personas.province, personas.city, "education", 40),
        (personas.city, personas.county, "education", 25),
        (personas.city, personas.school, "education", 10),
        (personas.city, None, "education", 5),
        (personas.city, personas.county, "labour", 6),
    ]
    for position, (parent, of, sector, number) in enumerate(rows, 1):
        Target.objects.create(
            year=personas.season.year,
            sector=sector,
            parent=parent,
            unit=of,
            label=of.name if of else "其他学校",
            position=position,
            number=number,
            source="测试文件",
        )


def _open_browsers(personas: Personas, technician: Unit) -> dict[str, Client]:
    """A browser of every role that has pages with numbers."""
    labour = {
        "CH": (Role.COUNTY_LABOUR, personas.county),
        "MH": (Role.CITY_LABOUR, personas.city),
        "PH": (Role.PROVINCE_LABOUR, personas.province),
        "T": (Role.TECHNICIAN_SCHOOL, technician),
    }
    family = Application.objects.filter(admissions__state="OFFERED").first()
    assert family is not None
    return {
        "G": Client(raise_request_exception=False),
        "S": family_at(family.person.account_id),
        "V": at_desk(personas.teacher),
        "CE": at_desk(personas.ce),
        "ME": at_desk(personas.me),
        "PE": at_desk(personas.pe1),
        "AU": at_desk(officer("au", Role.AUDITOR, None, "")),
        "far": at_desk(officer("far", Role.CITY_EDUCATION, personas.other_city)),
    } | {name: at_desk(officer(f"labour-{name.lower()}", role, of, "labour")) for name, (role, of) in labour.items()}
