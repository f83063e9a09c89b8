"""A school that may plan, and a plan approved by every bureau: the start of the tests of plans, rounds and searches."""

from datetime import date, datetime
from decimal import Decimal

from tests.support.personas import SHELL, Personas
from yangguang import clock
from yangguang.actions.organisation import directory
from yangguang.actions.plans import plans
from yangguang.models import Plan, Qualification, Unit
from yangguang.reference import rows
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.programmes import ProgrammeDraft
from yangguang.rules.seasons.windows import WindowKind


def programme(major: str = "护理", seats: int = 50, **changes: object) -> ProgrammeDraft:
    """A full-time three-year programme with `seats` seats."""
    base = {
        "programme_type": ProgrammeType.THREE_YEAR,
        "study_form": StudyForm.FULL_TIME,
        "years": Decimal(3),
        "fee": 2400,
    }
    return ProgrammeDraft(major=major, seats=seats, **(base | changes))  # type: ignore[arg-type]


def qualify(school: Unit, year: int, published_at: datetime | None = None) -> None:
    """Put the school into the list of this year, drawn up for the end of the year before."""
    as_of = date(year - 1, 12, 31)
    Qualification.objects.create(
        unit=school, year=year, basis="测试名录", as_of=as_of, published_at=published_at or clock.now()
    )


def ready(personas: Personas) -> Personas:
    """The rule rows are there, the school is in the list, plans may be entered."""
    directory.load(by=SHELL, rules=rows("policy_rules"))
    qualify(personas.school, personas.season.year)
    personas.open(WindowKind.PLAN_ENTRY)
    return personas


def drafted(personas: Personas, *programmes: ProgrammeDraft, capacity: int = 300) -> Plan:
    return personas.teacher.act(
        plans.draft,
        school=personas.school,
        season=personas.season,
        capacity=capacity,
        programmes=list(programmes or [programme()]),
    )


def published(personas: Personas, *programmes: ProgrammeDraft, capacity: int = 300) -> Plan:
    """Drafted by the school, passed by county, city and province, published."""
    plan = drafted(personas, *programmes, capacity=capacity)
    personas.teacher.act(plans.submit, plan=plan, season=personas.season)
    for officer in (personas.ce, personas.me, personas.pe1):
        officer.sign(plans.pass_on, plan=plan)
    personas.pe1.sign(plans.publish, season=personas.season)
    return Plan.objects.get(pk=plan.pk)
