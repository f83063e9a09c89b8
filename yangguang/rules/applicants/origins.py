"""The eleven origins with their papers, programme types and study forms, and when a guardian is needed.
(S23-1.05, S24-2.03, R7.01, R7.02)

Ages are arguments because they are policy rules; whether a guardian is needed depends on age alone.
"""

from dataclasses import dataclass
from datetime import date

from yangguang.rules.base.id_number import age_on
from yangguang.rules.base.labels import Labelled
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType


class StudyForm(Labelled):
    """办学形式 (S23-1.05)."""

    FULL_TIME = "full_time", "全日制"
    PART_TIME = "part_time", "非全日制"


_FULL = frozenset({StudyForm.FULL_TIME})
_BOTH = frozenset(StudyForm)
_FROM_JUNIOR = frozenset({ProgrammeType.THREE_YEAR, ProgrammeType.ONE_YEAR})
_AFTER_HIGH = frozenset({ProgrammeType.AFTER_HIGH_SCHOOL, ProgrammeType.ONE_YEAR, ProgrammeType.THREE_YEAR})


class Origin(Labelled):
    """生源类别. 两后生 left junior or senior high school and were admitted nowhere."""

    JUNIOR_THIS_YEAR = "junior_this_year", "应届初中毕业生"
    JUNIOR_EARLIER = "junior_earlier", "往届初中毕业生"
    HIGH_SCHOOL_LEAVER = "high_school_leaver", "两后生"
    VETERAN = "veteran", "退役军人"
    ATHLETE = "athlete", "退役运动员"
    WORKER = "worker", "城乡劳动者"
    FARMER = "farmer", "新型职业农民"
    EMPLOYEE = "employee", "在职（在岗）职工"
    LAID_OFF = "laid_off", "下岗职工"
    RETURNED_MIGRANT = "returned_migrant", "返乡农民工"
    EQUIVALENT = "equivalent", "同等学力者"


@dataclass(frozen=True, slots=True)
class OriginRule:
    """What one origin may apply for and must show.

    Args:
        papers: documents to bring besides the identity card, in Chinese.
        has_score: whether people of this origin may have a score of the exam board.
    """

    papers: tuple[str, ...]
    programme_types: frozenset[ProgrammeType]
    study_forms: frozenset[StudyForm]
    source: str
    has_score: bool = False


def _adult(paper: str, source: str = "[S23] 一") -> OriginRule:
    return OriginRule(("初中毕业或同等学力证明", paper), _AFTER_HIGH, _BOTH, source)


_THIS_YEAR = frozenset(ProgrammeType) - {ProgrammeType.AFTER_HIGH_SCHOOL, ProgrammeType.ONE_YEAR}
_IN_BOTH = "[S23] 一，[S24] 二"
RULES = {
    Origin.JUNIOR_THIS_YEAR: OriginRule(("户口簿或学籍证明",), _THIS_YEAR, _FULL, "[S23] 一", has_score=True),
    Origin.JUNIOR_EARLIER: OriginRule(("初中毕业证",), _FROM_JUNIOR, _BOTH, _IN_BOTH, has_score=True),
    Origin.HIGH_SCHOOL_LEAVER: OriginRule(("初中或高中毕业证",), _AFTER_HIGH, _BOTH, _IN_BOTH),
    Origin.VETERAN: _adult("退役证"),
    Origin.ATHLETE: _adult("退役运动员证明"),
    Origin.WORKER: _adult("户口簿或居住证", _IN_BOTH),
    Origin.FARMER: _adult("新型职业农民证书或乡镇证明", _IN_BOTH),
    Origin.EMPLOYEE: _adult("在职证明", "[S23] 一（在职），[S24] 二（在岗）"),
    Origin.LAID_OFF: _adult("失业登记或下岗证明"),
    Origin.RETURNED_MIGRANT: _adult("返乡证明", _IN_BOTH),
    Origin.EQUIVALENT: OriginRule(("同等学力认定表",), _FROM_JUNIOR, _BOTH, "domain-rules §7"),
}


def may_choose(origin: Origin, programme_type: ProgrammeType, study_form: StudyForm) -> bool:
    """Whether a person of `origin` may choose a programme of this type and study form."""
    rule = RULES[origin]
    return programme_type in rule.programme_types and study_form in rule.study_forms


class GuardianRequirement(Labelled):
    """What is required of a guardian."""

    NOT_REQUIRED = "not_required", "无需监护人"
    CONTACT = "contact", "监护人联系方式与同意"
    CONSENT_FIRST = "consent_first", "先取得监护人同意，再填写信息"


def require_plausible_age(birth: date, at: date, *, youngest: int, oldest: int) -> None:
    """Raise Refused for a birth that no applicant has: a number of another person, or one typed wrongly.

    Args:
        youngest, oldest: in years; both may still register.
    """
    age = age_on(birth, at)
    if youngest <= age <= oldest:
        return
    raise Refused(
        f"按这个号码，考生现在{age}周岁，不能在网上报名",
        why=f"网上报名的年龄是{youngest}至{oldest}周岁",
        now="请核对是不是填了别人的号码；号码没有错的，请带上证件和监护人到县级招生主管部门现场登记",
        where="id_number",
    )


def determine_guardian_requirement(birth: date, at: date, *, child_under: int, adult_from: int) -> GuardianRequirement:
    """What a guardian must do for a person born on `birth`.

    Args:
        child_under: in years; below it the guardian's consent comes first (个人信息保护法 第三十一条: 14).
        adult_from: in years; from it on no guardian is needed (民法典 第十七条: 18).
    """
    age = age_on(birth, at)
    if age >= adult_from:
        return GuardianRequirement.NOT_REQUIRED
    return GuardianRequirement.CONSENT_FIRST if age < child_under else GuardianRequirement.CONTACT
