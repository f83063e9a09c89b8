"""What the age of an applicant requires, by the rules of the day. (个人信息保护法 第三十一条)"""

from datetime import date, datetime

from yangguang.queries.seasons.policy_rules import RulesInForce, rules_at
from yangguang.rules.applicants.origins import (
    GuardianRequirement,
    determine_guardian_requirement,
    require_plausible_age,
)
from yangguang.rules.base import id_number
from yangguang.rules.base.id_number import IdNumber
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.windows import SHANGHAI


def age_rules_at(at: datetime) -> RulesInForce:
    """The rule rows about ages in force at `at`, for the functions below; one query."""
    return rules_at(at, policy_keys.YOUNGEST, policy_keys.OLDEST, policy_keys.CHILD_UNDER, policy_keys.ADULT_FROM)


def read_applicant_number(text: str, at: datetime, rules: RulesInForce | None = None) -> IdNumber:
    """The identity number of a person who may register at `at`; raises Refused, also for an implausible age.

    Args:
        rules: `age_rules_at(at)`; read from the database if None.
    """
    today = at.astimezone(SHANGHAI).date()
    identity = id_number.read(text, today)
    rules = rules or age_rules_at(at)
    youngest, oldest = rules.get(policy_keys.YOUNGEST).value, rules.get(policy_keys.OLDEST).value
    require_plausible_age(identity.birth, today, youngest=youngest, oldest=oldest)
    return identity


def guardian_requirement_at(birth: date, at: datetime, rules: RulesInForce | None = None) -> GuardianRequirement:
    """What is required of a guardian of a person born on `birth`; `rules` as for `read_applicant_number`."""
    rules = rules or age_rules_at(at)
    return determine_guardian_requirement(
        birth,
        at.astimezone(SHANGHAI).date(),
        child_under=rules.get(policy_keys.CHILD_UNDER).value,
        adult_from=rules.get(policy_keys.ADULT_FROM).value,
    )
