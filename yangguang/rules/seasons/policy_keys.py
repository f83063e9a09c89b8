"""Every number and choice of policy: its key, the kind of its value, its bounds, and for whom it may differ.
(R2.07, F-N8)

Rows of these keys are data, with source and clause; code reads them through `queries.seasons.policy_rules` and has
no number beside them. A key that stands here and is read by no code is a fault, and so is a row without a key
(`tests/rules/seasons/test_policy_keys.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from yangguang.rules.applicants.duplicates import Reason
from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.base.labels import Labelled
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.quotas import Tie
from yangguang.rules.reporting.forms import read_report_form, read_target_form
from yangguang.rules.runs.rounds import Silence
from yangguang.rules.seasons import policy_values as kinds
from yangguang.rules.seasons.policy_scope import Axis
from yangguang.rules.supervision.sanctions import Measure

T = TypeVar("T")


class Subject(Labelled):
    """What a score consists of, in the order of the exam board's list."""

    TOTAL = "total", "总分"
    CHINESE = "chinese", "语文"
    MATHS = "maths", "数学"
    ENGLISH = "english", "英语"


def compare_all() -> list[str]:
    """Every subject in the order of the exam board's list: how a round compares scores unless a rule says otherwise."""
    return [subject.value for subject in Subject]


@dataclass(frozen=True, slots=True)
class PolicyKey(Generic[T]):
    """One thing that policy decides.

    Args:
        name: of the rows; the part before the dot is the heading on the page of rules.
        read: gives the value in its type, or raises ValueError with a sentence.
        template: what a row orders, in Chinese; {} is the value.
        unit: printed after a number.
        axes: what the scope of a row may name; anything else is refused when a row is loaded.
        is_advice: pages show it and nothing is refused because of it.
    """

    name: str
    read: kinds.Reader[T]
    template: str
    unit: str = ""
    axes: frozenset[Axis] = frozenset()
    is_advice: bool = False

    def format(self, value: T) -> str:
        """The value in words, with its unit."""
        return _format(value) + self.unit

    def sentence(self, value: T) -> str:
        """What a row with this value orders."""
        return self.template.format(self.format(value)) + ("（只提示，平台不拦截）" if self.is_advice else "")


def _format(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Labelled):
        return value.label
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Mapping):
        return "、".join(f"“{_format(name)}”{_format(one)}" for name, one in value.items())
    if isinstance(value, kinds.MonthDay | kinds.Span):
        return str(value)
    if isinstance(value, tuple):
        return "、".join(map(_format, value))
    return f"{value:,}" if isinstance(value, int) else str(value)


def _read_tie_order(value: object) -> tuple[Subject, ...]:
    order = kinds.several(kinds.one_of(Subject))(value)
    if order[0] is not Subject.TOTAL:
        raise ValueError("同分时的比较从总分（total）开始")
    return order


_ROUND, _AREA = frozenset({Axis.ROUND}), frozenset({Axis.AREA})
_TYPE = frozenset({Axis.PROGRAMME_TYPE, Axis.AREA})
_TARGET, _LEVEL = frozenset({Axis.AREA, Axis.SECTOR}), frozenset({Axis.LEVEL})
_TERM, _LENGTH = frozenset({Axis.TERM}), frozenset({Axis.PROGRAMME_TYPE})
_ORIGIN = frozenset({Axis.ORIGIN})
_CLOSED = frozenset({Axis.PROGRAMME_TYPE, Axis.STUDY_FORM})
_often = kinds.whole(1, 1_000_000)
MOST_TRIES = 20
"""No rule may allow more tries of a code; the database refuses them, too."""
_tries = kinds.whole(1, MOST_TRIES)

MOST_CHOICES = 20
"""No rule may allow a longer list; what is stored by the rank of a choice has room for as many."""
MAX_CHOICES = PolicyKey("round.max_choices", kinds.whole(1, MOST_CHOICES), "最多填报{}志愿", "个", _ROUND)
MAX_MAJORS_PER_SCHOOL = PolicyKey(
    "round.max_majors_per_school", kinds.whole(1, MOST_CHOICES), "同一学校最多填报{}专业", "个", _ROUND
)
TIE_ORDER = PolicyKey("round.tie_order", _read_tie_order, "成绩依次比较：{}", axes=_ROUND)
EDGE_TIE = PolicyKey(
    "round.edge_tie",
    kinds.one_of(Tie),
    "名额边缘成绩完全相同的：{}，不超计划（起草计划时定下）",
)
MAIN_ROUNDS = PolicyKey("round.main_rounds", kinds.whole(1, 9), "一个招生季集中录取{}，之后是补录", "次")

SILENCE = PolicyKey("answer.silence", kinds.one_of(Silence), "录取后逾期未应答的，{}", axes=_ROUND)
WAITING_HOURS = PolicyKey(
    "answer.waiting_hours", kinds.whole(1, 720), "候补录取的应答时间是{}，逾期未应答的视为放弃", "小时"
)
BUFFER_DAYS = PolicyKey("answer.buffer_days", kinds.whole(0, 30), "晚于统一公布时间的录取，从公布起至少有{}应答", "天")
WITHDRAWAL_WORKING_DAYS = PolicyKey(
    "withdrawal.school_working_days", kinds.whole(1, 30), "学校对退录申请提出意见的时间是{}，逾期视为同意", "个工作日"
)

IMPORTED_ORIGINS = PolicyKey("imported.origins", kinds.several(kinds.one_of(Origin)), "只招{}", axes=_TYPE)
SCORE_FLOOR = PolicyKey("imported.score_floor", kinds.whole(0, 1000), "最低录取控制分数是{}", "分", _TYPE)

ORIGIN_TYPES = PolicyKey(
    "origin.programme_types", kinds.several(kinds.one_of(ProgrammeType)), "可以选择的培养类型：{}", axes=_ORIGIN
)
ORIGIN_FORMS = PolicyKey(
    "origin.study_forms", kinds.several(kinds.one_of(StudyForm)), "可以选择的办学形式：{}", axes=_ORIGIN
)

YOUNGEST = PolicyKey("person.youngest", kinds.whole(1, 18), "网上报名须满{}，不满的到县级招生主管部门现场登记", "周岁")
OLDEST = PolicyKey("person.oldest", kinds.whole(30, 120), "网上报名不超过{}，超过的到县级招生主管部门现场登记", "周岁")
CHILD_UNDER = PolicyKey("person.child_under", kinds.whole(1, 18), "未满{}的，先取得监护人同意再收集信息", "周岁")
ADULT_FROM = PolicyKey("person.adult_from", kinds.whole(16, 21), "满{}的，不再要求监护人", "周岁")
REGISTRATIONS_PER_DAY = PolicyKey("person.per_account_day", _often, "同一手机号在计数时间内最多提交报名{}", "次")

STUDENTS_PER_PHONE = PolicyKey(
    "person.students_per_phone", kinds.whole(1, 100), "同一手机号报名满{}的，再报名时请本人复核", "人", is_advice=True
)

DUPLICATE_SCORES = PolicyKey("duplicate.scores", kinds.each_of(Reason, kinds.whole(0, 100)), "疑似同一人的相似程度：{}")
DUPLICATE_FROM = PolicyKey("duplicate.opens_from", kinds.whole(1, 100), "相似程度达到{}的两份报名列为查重事项", "分")

REFILL_HOURS = PolicyKey(
    "review.refill_hours", kinds.whole(1, 720), "志愿异议核查属实、又没有本人版本可恢复的，本人有{}重新填报", "小时"
)
RECHOICE_HOURS = PolicyKey(
    "sanction.rechoice_hours", kinds.whole(1, 720), "学校被停止招生时，填报了该校的学生有{}重新填报", "小时"
)
MEASURES = PolicyKey("sanction.measures", kinds.several(kinds.one_of(Measure)), "对违规学校的处理措施：{}")

QUALIFIED_AS_OF = PolicyKey(
    "school.qualified_as_of", kinds.month_day, "招生学校以上一年{}具有招生资格的名单为准，新增学校按程序申请"
)
NEW_SCHOOL_CAP = PolicyKey("school.new_cap", kinds.whole(1, 100_000), "新增或恢复招生的学校最多招{}", "人", _AREA)
NEW_SCHOOL_CAP_PER_MAJOR = PolicyKey(
    "school.new_cap_per_major", kinds.whole(1, 100_000), "新增或恢复招生的学校每个专业最多招{}", "人", _AREA
)
PROGRAMME_TYPES = PolicyKey("programme.types", kinds.several(kinds.one_of(ProgrammeType)), "招生的培养类型：{}")
PROGRAMME_YEARS = PolicyKey("programme.years", kinds.span(1, 9), "学制应为{}", "年", _LENGTH)
CLOSED_KINDS = PolicyKey("permission.closed_kinds", kinds.several(kinds.text), "{}不开展这类招生", axes=_CLOSED)
APTITUDE_TEST_MAX = PolicyKey(
    "aptitude_test.max_points", kinds.whole(0, 1000), "自主测试（专业测试）最多加{}，只计入该专业的总分", "分", _AREA
)

REPORT_DUE_DAY = PolicyKey("report.due_day", kinds.whole(1, 28), "月报最迟在每月{}报送", "日", _LEVEL)
REPORT_MONTHS = PolicyKey("report.months", kinds.several(kinds.whole(1, 12)), "{}填报月报", "月")
REPORT_FORM = PolicyKey("report.form", read_report_form, "月报的表样是{}", axes=_LEVEL)
TARGET_FORM = PolicyKey("report.target_form", read_target_form, "任务分解表的表样是{}")
TARGET_TYPES = PolicyKey(
    "count.target_types", kinds.several(kinds.one_of(ProgrammeType)), "任务数和完成率统计的培养类型：{}", axes=_TARGET
)
TARGET_FORMS = PolicyKey(
    "count.target_forms", kinds.several(kinds.one_of(StudyForm)), "任务数和完成率统计的办学形式：{}", axes=_TARGET
)
REPORT_TYPES = PolicyKey(
    "count.report_types", kinds.several(kinds.one_of(ProgrammeType)), "月报总数统计的培养类型：{}", axes=_LEVEL
)
REPORT_SECTORS = PolicyKey(
    "count.report_sectors", kinds.several(kinds.one_of(Sector)), "月报总数统计的主管线：{}", axes=_LEVEL
)
RECORD_DUE = PolicyKey(
    "record.due_working_days", kinds.whole(1, 60), "学生报到后{}内建立电子学籍", "个工作日", is_advice=True
)
PROVINCE_CLOSES = PolicyKey(
    "record.province_closes", kinds.month_day, "省级平台的学籍在{}截止", axes=_TERM, is_advice=True
)
NATIONAL_CLOSES = PolicyKey(
    "record.national_closes", kinds.month_day, "全国系统的学籍上报在{}截止", axes=_TERM, is_advice=True
)
CLASS_SIZE = PolicyKey("record.class_size", kinds.whole(1, 200), "平台建议的班级人数不超过{}", "人")

PROPOSAL_DAYS = PolicyKey("proposal.days", kinds.whole(1, 90), "双人事项提请后{}内没有第二个人办理的，自动失效", "天")

SMALL_CELL = PolicyKey("disclosure.small_cell", kinds.whole(1, 100), "公示录取结果时，少于{}的数不显示", "人")
LAST_SCORE = PolicyKey("disclosure.last_score", kinds.flag, "公示录取结果时显示末位成绩：{}")

QUIET_MONTHS = PolicyKey(
    "account.quiet_months", kinds.whole(1, 60), "手机号超过{}没有登录的，先核对一项考生信息，才显示内容", "个月"
)
FACT_TRIES = PolicyKey("account.fact_tries", _often, "久未登录的手机号在计数时间内最多核对{}考生信息", "次")
ACCOUNT_SPAN = PolicyKey(
    "account.span_hours", kinds.whole(1, 720), "提交报名、核对考生信息的次数从第一次起计数{}，过后重新计", "小时"
)

CODE_MINUTES = PolicyKey("code.minutes", kinds.whole(1, 60), "短信验证码{}内有效", "分钟")
CODE_TRIES = PolicyKey("code.tries", _tries, "短信验证码最多试{}", "次")
KEY_MINUTES = PolicyKey("key.minutes", kinds.whole(1, 60), "优盾的一次签名请求{}内有效", "分钟")
KEY_BINDING_HOURS = PolicyKey("key.binding_hours", kinds.whole(1, 720), "优盾的一次性绑定码{}内有效", "小时")
KEY_BINDING_TRIES = PolicyKey("key.binding_tries", _tries, "优盾的一次性绑定码最多试{}", "次")
CODE_SPAN = PolicyKey("code.span_minutes", kinds.whole(1, 1440), "验证码的条数从第一条起计数{}，过后重新计", "分钟")
CODES_PER_PHONE = PolicyKey(
    "code.per_phone", _often, "没有登录过的浏览器，在计数时间内最多向同一手机号发{}登录验证码", "条"
)
CODES_PER_LOGIN = PolicyKey(
    "code.per_login", _often, "同一次登录、或登录过的同一浏览器，在计数时间内最多索取{}验证码", "条"
)
CODES_PER_ADDRESS = PolicyKey("code.per_address", _often, "同一网络地址在计数时间内最多索取{}验证码", "条")
LOOKUP_SPAN = PolicyKey("result.span_minutes", kinds.whole(1, 1440), "查询的次数从第一次起计数{}，过后重新计", "分钟")
LOOKUPS_PER_DEVICE = PolicyKey("result.per_device", _often, "同一设备在计数时间内最多凭三项信息查询{}", "次")
LOOKUPS_PER_NUMBER = PolicyKey("result.per_number", _often, "同一报名号在计数时间内最多被查询{}", "次")

AnyKey = PolicyKey[Any]
KEYS: dict[str, AnyKey] = {key.name: key for key in globals().copy().values() if isinstance(key, PolicyKey)}
"""Every key by its name."""
