"""The eleven origins, their papers, what the rule rows let each choose, and when a guardian is needed.
(S23-1.05, S24-2.03, R7.01, R7.02)

Ages are arguments because they are policy rules; whether a guardian is needed depends on age alone.
"""

from collections.abc import Mapping
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


PAPERS: dict[Origin, tuple[str, ...]] = {
    Origin.JUNIOR_THIS_YEAR: ("户口簿或学籍证明",),
    Origin.JUNIOR_EARLIER: ("初中毕业证",),
    Origin.HIGH_SCHOOL_LEAVER: ("初中或高中毕业证",),
    Origin.VETERAN: ("初中毕业或同等学力证明", "退役证"),
    Origin.ATHLETE: ("初中毕业或同等学力证明", "退役运动员证明"),
    Origin.WORKER: ("初中毕业或同等学力证明", "户口簿或居住证"),
    Origin.FARMER: ("初中毕业或同等学力证明", "新型职业农民证书或乡镇证明"),
    Origin.EMPLOYEE: ("初中毕业或同等学力证明", "在职证明"),
    Origin.LAID_OFF: ("初中毕业或同等学力证明", "失业登记或下岗证明"),
    Origin.RETURNED_MIGRANT: ("初中毕业或同等学力证明", "返乡证明"),
    Origin.EQUIVALENT: ("同等学力认定表",),
}
"""Documents to bring besides the identity card; advice of the registration page, nothing is refused for them."""


@dataclass(frozen=True, slots=True)
class OriginRule:
    """What an origin may choose, from the rule rows of the intake year.

    Args:
        citation: source and clause of the rows.
    """

    origin: Origin
    programme_types: frozenset[ProgrammeType]
    study_forms: frozenset[StudyForm]
    citation: str = ""

    def allows(self, programme_type: ProgrammeType, study_form: StudyForm) -> bool:
        """Whether a programme of this type and study form may be chosen."""
        return programme_type in self.programme_types and study_form in self.study_forms

    def __str__(self) -> str:
        """三年制、3+2；全日制."""
        types = "、".join(one.label for one in ProgrammeType if one in self.programme_types)
        return f"{types}；{'、'.join(form.label for form in StudyForm if form in self.study_forms)}"


OriginRules = Mapping[Origin, OriginRule]
"""The rule of every origin."""


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
