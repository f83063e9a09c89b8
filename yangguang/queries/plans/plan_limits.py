"""What limits one school's plan at an instant: its qualification, the rule rows, the sanctions in force.
(S23-5.07, R1.04, R1.05)
"""

from datetime import datetime

from yangguang.models import Qualification, Quota, Season, Unit
from yangguang.queries.applicants import origin_rules
from yangguang.queries.organisation.units import area_names
from yangguang.queries.seasons.policy_rules import RulesInForce, rule_at, rules_of_year
from yangguang.queries.supervision.sanctions import effects_on
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.programmes import PlanLimits
from yangguang.rules.plans.quotas import Tie
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.policy_scope import Axis
from yangguang.rules.seasons.policy_values import Span

_KEYS = (
    *origin_rules.KEYS,
    policy_keys.NEW_SCHOOL_CAP,
    policy_keys.NEW_SCHOOL_CAP_PER_MAJOR,
    policy_keys.CLOSED_KINDS,
    policy_keys.APTITUDE_TEST_MAX,
    policy_keys.PROGRAMME_TYPES,
    policy_keys.PROGRAMME_YEARS,
)


def require_recruiting(school: Unit, year: int, at: datetime) -> None:
    """Raise Refused unless the school is in the year's published list and may admit new students.

    The list counts that was drawn up for the day of the rule in force; a new school may be listed later.
    """
    rule = rule_at(at, policy_keys.QUALIFIED_AS_OF)
    listed = Qualification.objects.filter(unit=school, year=year, published_at__lte=at)
    if not school.is_new:
        listed = listed.filter(as_of=rule.value.of_year(year - 1))
    if not listed.exists():
        raise Refused(
            f"{school.name}不在已公布的{year}年招生学校名录中，不能编报计划",
            why=rule.sentence,
            now="请联系主管部门核对招生资质",
            clause=rule.citation,
        )
    effects = effects_on(school.pk, at)
    if not effects.takes_new:
        what, why = f"{school.name}已被停止招生，不能编报计划", effects.labels[0][1]
        raise Refused(what, why=why, now="请联系作出处理的主管部门")


def ties_of_plans(season: Season) -> set[Tie]:
    """How applicants tied at the last seat are treated in the published plans of a season; empty without plans."""
    quotas = Quota.objects.filter(programme__plan__season=season, programme__plan__state="PUBLISHED")
    return {Tie(tie) for tie in quotas.order_by().values_list("tie", flat=True).distinct()}


def limits_of(school: Unit, year: int, at: datetime) -> PlanLimits:
    """The limits of one school's plan for an intake year, each with its clause.

    Raises:
        Refused: a rule row is missing.
    """
    rules = rules_of_year(year, at, *_KEYS)
    here = {Axis.AREA: area_names(school)}
    new, per_major = rules.get(policy_keys.NEW_SCHOOL_CAP, here), rules.get(policy_keys.NEW_SCHOOL_CAP_PER_MAJOR, here)
    aptitude_test = rules.get(policy_keys.APTITUDE_TEST_MAX, here)
    types = rules.get(policy_keys.PROGRAMME_TYPES)
    total = new.value if school.is_new else None
    clause = new.citation if school.is_new else ""
    reduced = effects_on(school.pk, at).plan_cap
    if reduced is not None and (total is None or reduced < total):
        total, clause = reduced, "已公布的处理措施：压缩招生计划"
    return PlanLimits(
        origins=origin_rules.build_origin_rules(rules),
        total=total,
        total_clause=clause,
        per_major=per_major.value if school.is_new else None,
        per_major_clause=per_major.citation,
        closed=_read_closed(school.kind, rules),
        types=frozenset(types.value),
        types_clause=types.citation,
        years={one: _read_years(one, rules) for one in types.value},
        aptitude_test_max=aptitude_test.value,
        aptitude_test_clause=aptitude_test.citation,
    )


def _read_years(programme_type: ProgrammeType, rules: RulesInForce) -> tuple[Span, str]:
    rule = rules.get(policy_keys.PROGRAMME_YEARS, {Axis.PROGRAMME_TYPE: [programme_type.label]})
    return rule.value, rule.citation


def _read_closed(kind: str, rules: RulesInForce) -> dict[ProgrammeType | StudyForm, str]:
    """The programme types and study forms that schools of this kind may not offer, each with its clause."""
    cases: list[tuple[Axis, ProgrammeType | StudyForm]] = [
        *((Axis.PROGRAMME_TYPE, one) for one in ProgrammeType),
        *((Axis.STUDY_FORM, one) for one in StudyForm),
    ]
    rows = ((one, rules.find(policy_keys.CLOSED_KINDS, {axis: [one.label]})) for axis, one in cases)
    return {one: rule.citation for one, rule in rows if rule is not None and kind in rule.value}
