"""What limits one school's plan at an instant: its qualification, the rule rows, the sanctions in force.
(S23-5.07, R1.04, R1.05)
"""

from datetime import datetime

from yangguang.models import Qualification, Unit
from yangguang.queries.seasons.policy_rules import rules_at
from yangguang.queries.supervision.sanctions import effects_on
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programmes import PlanLimits

_NEW, _PER_MAJOR, _CLOSED = "school.new_cap", "school.new_cap_per_major", "permission.closed_kinds"
_APTITUDE_TEST = "aptitude_test.max_points"


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
    rules = {key: rule for (key, _), rule in rules_at(at, _NEW, _PER_MAJOR, _CLOSED, _APTITUDE_TEST).items()}
    total = rules[_NEW].value if school.is_new else None
    clause = rules[_NEW].cited if school.is_new else ""
    reduced = effects_on(school.pk, at).plan_cap
    if reduced is not None and (total is None or reduced < total):
        total, clause = reduced, "已公布的处理措施：压缩招生计划"
    return PlanLimits(
        total=total,
        total_clause=clause,
        per_major=rules[_PER_MAJOR].value if school.is_new else None,
        per_major_clause=rules[_PER_MAJOR].cited,
        open_programmes=school.kind not in rules[_CLOSED].value,
        open_programmes_clause=rules[_CLOSED].cited,
        aptitude_test_max=rules[_APTITUDE_TEST].value,
        aptitude_test_clause=rules[_APTITUDE_TEST].cited,
    )
