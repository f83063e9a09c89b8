"""A school that may plan, and a plan taken the whole way: what the tests of plans, rounds and searches start from."""

from decimal import Decimal

from tests.support.personas import SHELL, Cast
from yangguang import clock
from yangguang.actions.organisation import directory
from yangguang.actions.plans import plans
from yangguang.models import Plan, Qualification, Unit
from yangguang.reference import rows
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.programmes import ProgrammeDraft
from yangguang.rules.seasons.rounds import WindowKind


def programme(major: str = "护理", seats: int = 50, **changes: object) -> ProgrammeDraft:
    """A full-time three-year programme with `seats` seats."""
    base = {
        "programme_type": ProgrammeType.THREE_YEAR,
        "study_form": StudyForm.FULL_TIME,
        "years": Decimal(3),
        "fee": 2400,
    }
    return ProgrammeDraft(major=major, seats=seats, **(base | changes))  # type: ignore[arg-type]


def qualify(school: Unit, year: int) -> None:
    Qualification.objects.create(unit=school, year=year, basis="测试名录", published_at=clock.now())


def ready(cast: Cast) -> Cast:
    """The rule rows are there, the school is in the list, plans may be entered."""
    directory.load(by=SHELL, rules=rows("policy_rules"))
    qualify(cast.school, cast.season.year)
    cast.open(WindowKind.PLAN_ENTRY)
    return cast


def drafted(cast: Cast, *programmes: ProgrammeDraft, capacity: int = 300) -> Plan:
    return cast.teacher.act(
        plans.draft,
        school=cast.school,
        season=cast.season,
        capacity=capacity,
        programmes=list(programmes or [programme()]),
    )


def published(cast: Cast, *programmes: ProgrammeDraft, capacity: int = 300) -> Plan:
    """Drafted by the school, passed by county, city and province, published."""
    plan = drafted(cast, *programmes, capacity=capacity)
    cast.teacher.act(plans.submit, plan=plan, season=cast.season)
    for officer in (cast.ce, cast.me, cast.pe1):
        officer.sign(plans.pass_on, plan=plan)
    cast.pe1.sign(plans.publish, season=cast.season)
    return Plan.objects.get(pk=plan.pk)
