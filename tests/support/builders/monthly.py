"""Students who checked in month by month, and the acts on the monthly forms that count them."""

from datetime import datetime

import pytest

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.policy import set_rule
from tests.support.personas import Personas, officer
from yangguang.actions.reporting import reports
from yangguang.models import Admission, IdentityCase, MonthlyReport, Season, Target, TechnicianCount, Unit
from yangguang.queries.reporting import progress
from yangguang.rules.accounts.roles import Role
from yangguang.rules.reporting.steps import Step
from yangguang.rules.seasons.windows import SHANGHAI

YEAR = 2024
OF_CITY = "主管线=教育；地区=甲市"
TARGET_SCOPE = "教育线：三年制、3+2、五年一贯制；全日制"


@pytest.fixture
def enrolled(personas: Personas) -> Enrolled:
    Season.objects.filter(pk=personas.season.pk).update(year=YEAR)
    personas.season.refresh_from_db()
    enrolled = Enrolled.lay(personas)
    for number, programme_type in enumerate(("three_year", "three_plus_two", "one_year")):
        for _ in range(number + 1):
            check_in(enrolled, 8, programme_type=programme_type)
    check_in(enrolled, 9, programme_type="five_year")
    check_in(enrolled, 9, programme_type="three_year", form="part_time")
    check_in(enrolled, 9, programme_type="three_year", school=enrolled.technician_school())
    set_rule("count.target_types", ["three_year", "three_plus_two", "five_year"], OF_CITY)
    set_rule("count.target_forms", ["full_time"], OF_CITY)
    Target.objects.create(
        year=YEAR,
        sector="education",
        parent=personas.city,
        unit=personas.county,
        label="甲市一县",
        position=1,
        number=8,
    )
    return enrolled


def check_in(
    enrolled: Enrolled,
    month: int,
    *,
    programme_type: str = "three_year",
    school: Unit | None = None,
    form: str = "full_time",
) -> Admission:
    """A student who checked in on the fifth of a month."""
    admission = enrolled.admit(programme=enrolled.programme(programme_type, school, form), state="CHECKED_IN")
    at = datetime(YEAR, month, 5, 10, tzinfo=SHANGHAI)
    Admission.objects.filter(pk=admission.pk).update(checked_in_at=at)
    admission.refresh_from_db()
    return admission


def compute(personas: Personas, month: int, form: str = "CITY", unit: Unit | None = None) -> MonthlyReport:
    report: MonthlyReport = personas.ce.sign(
        reports.compute, unit=unit or personas.county, form=form, year=YEAR, month=month
    )
    return report


def seal(personas: Personas, month: int) -> MonthlyReport:
    """The sealed form of a month, the form of the month before sealed first."""
    if month > 7 and not MonthlyReport.objects.filter(month=month - 1, state="SEALED").exists():
        seal(personas, month - 1)
    report = compute(personas, month)
    personas.ce.sign(reports.review, report=report)
    return personas.ce.sign(reports.seal, report=report)  # type: ignore[no-any-return]


def hand_over(personas: Personas, month: int) -> TechnicianCount:
    name = f"labour-{month}-{TechnicianCount.objects.count()}"
    by = officer(name, Role.COUNTY_LABOUR, personas.county, "labour")
    return by.sign(reports.hand_over, unit=personas.county, year=YEAR, month=month)  # type: ignore[no-any-return]


def hold_back(enrolled: Enrolled, programme_type: str = "one_year") -> IdentityCase:
    person = Admission.objects.filter(programme__programme_type=programme_type).earliest("pk").person
    case: IdentityCase = IdentityCase.objects.create(
        season_year=YEAR,
        person=person,
        other=enrolled.person("某乙"),
        unit=enrolled.personas.city,
        score=80,
        reasons=["演示"],
    )
    return case


def add_up(rows: list[progress.Progress]) -> dict[Step, int | None]:
    known = [step for step in Step if rows[0].persons[step] is not None]
    return {step: sum(row.persons[step] or 0 for row in rows) if step in known else None for step in Step}
