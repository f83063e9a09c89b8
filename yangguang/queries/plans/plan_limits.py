"""What limits one school's plan at an instant: its qualification, the rule rows, the sanctions in force.
(S23-5.07, R1.04, R1.05)
"""

from datetime import datetime

from yangguang.models import Qualification, Unit
from yangguang.queries.organisation.units import area_names
from yangguang.queries.seasons.policy_rules import RulesInForce, rules_at
from yangguang.queries.supervision.sanctions import effects_on
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.programmes import PlanLimits
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.policy_scope import Axis


def require_recruiting(school: Unit, year: int, at: datetime) -> None:
    """Raise Refused unless the school is in the year's published list and may admit new students."""
    if not Qualification.objects.filter(unit=school, year=year, published_at__lte=at).exists():
        raise Refused(
            f"{school.name}不在已公布的{year}年招生学校名录中，不能编报计划",
            why="招生学校以公布的名录为准，新增学校按程序申请",
            now="请联系主管部门核对招生资质",
            clause="2023年省通知 五",
        )
    effects = effects_on(school.pk, at)
    if not effects.takes_new:
        what, why = f"{school.name}已被停止招生，不能编报计划", effects.labels[0][1]
        raise Refused(what, why=why, now="请联系作出处理的主管部门")


def limits_of(school: Unit, at: datetime) -> PlanLimits:
    """The limits of one school's plan, each with its clause.

    Raises:
        Refused: a rule row is missing.
    """
    rules = rules_at(
        at,
        policy_keys.NEW_SCHOOL_CAP,
        policy_keys.NEW_SCHOOL_CAP_PER_MAJOR,
        policy_keys.CLOSED_KINDS,
        policy_keys.APTITUDE_TEST_MAX,
    )
    here = {Axis.AREA: area_names(school)}
    new, per_major = rules.get(policy_keys.NEW_SCHOOL_CAP, here), rules.get(policy_keys.NEW_SCHOOL_CAP_PER_MAJOR, here)
    aptitude_test = rules.get(policy_keys.APTITUDE_TEST_MAX, here)
    total = new.value if school.is_new else None
    clause = new.citation if school.is_new else ""
    reduced = effects_on(school.pk, at).plan_cap
    if reduced is not None and (total is None or reduced < total):
        total, clause = reduced, "已公布的处理措施：压缩招生计划"
    return PlanLimits(
        total=total,
        total_clause=clause,
        per_major=per_major.value if school.is_new else None,
        per_major_clause=per_major.citation,
        closed=_read_closed(school.kind, rules),
        aptitude_test_max=aptitude_test.value,
        aptitude_test_clause=aptitude_test.citation,
    )


def _read_closed(kind: str, rules: RulesInForce) -> dict[ProgrammeType | StudyForm, str]:
    """The programme types and study forms that schools of this kind may not offer, each with its clause."""
    cases: list[tuple[Axis, ProgrammeType | StudyForm]] = [
        *((Axis.PROGRAMME_TYPE, one) for one in ProgrammeType),
        *((Axis.STUDY_FORM, one) for one in StudyForm),
    ]
    rows = ((one, rules.find(policy_keys.CLOSED_KINDS, {axis: [one.label]})) for axis, one in cases)
    return {one: rule.citation for one, rule in rows if rule is not None and kind in rule.value}
