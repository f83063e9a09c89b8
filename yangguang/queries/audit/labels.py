"""Chinese labels of the facts and values in the log. (F-I2)"""

import re
from collections.abc import Mapping
from datetime import date, datetime

from django.apps import apps

from yangguang.models import IdentityCase, ImportDecision, MonthlyReport
from yangguang.models.records.records import Confirmation
from yangguang.rules.accounts.roles import Role
from yangguang.rules.admissions import admission_states
from yangguang.rules.admissions.withdrawals import WithdrawalReason
from yangguang.rules.applicants import case_states
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.base.events import EVENTS
from yangguang.rules.choices.dispute_states import Verdict
from yangguang.rules.organisation.external_registers import Register
from yangguang.rules.plans import plan_change_states, plan_states
from yangguang.rules.records import record_states
from yangguang.rules.reporting import report_states
from yangguang.rules.runs import run_states
from yangguang.rules.runs.rounds import Silence
from yangguang.rules.seasons.windows import WindowKind, format_day, format_instant
from yangguang.rules.supervision import sanction_states
from yangguang.rules.supervision.sanctions import Measure


def _read_labels(text: str) -> dict[str, str]:
    """Keys and Chinese labels from `key=label` pairs."""
    return dict(pair.split("=") for pair in text.split())


FACTS = _read_labels("""
what=说明  refused=被拒原因  act=所办事项  factor=身份证明  first=提请账号  proposed=仅提请  version=版本
state=办理后  programmes=计划行  seats=名额  taken=办理人数  day=日期  persons=参加人数  placed=拟录取
admitted=录取人数  skipped=跳过  held_back=扣下  input=输入摘要  output=结果摘要  rows=行数
corrected=更正行数  digest=摘要  form=表式  month=月份  total=总数  completion=完成率  kind=事项
span=时间  announced=已自动公告  verdict=裁定  made=生成  completed=补充  answer=应答  choices=志愿数
round=批次  year=年度  entries=累计条数  root=日志根  commitment=承诺值  part=第几份  absent=未报到
freed=释放名额  what_if=试算  plans=计划数  right=权限  opinion=意见  difference=增减  moved=处理人数
to=调到  field=有误栏目  source=依据  school=学校  register=名单  new=新增  claims=占位  file=文件摘要
in_lists=名单内  between_persons=人员间  released=释放  remark=意见
reopened=须重新分解  added=新增行  changed=改动行  removed=删去行  checked_only=只核对  again=重复请求
number=序号  conflicts=冲突  role=岗位  keys=优盾数  key=优盾  account=账号  length=字数  proved=核对通过
registered=已登记  reached=更新报名  differing=与先前名单不同
found=查到  device=设备摘要  reason=原因  origin=生源类别  measure=措施  unit=单位代码
programme=计划行代码  silence=逾期未应答  receipt=回执校验码  schools=学校数  units=单位数  rules=规则行
seasons=招生季  rounds=批次数  windows=开放时间  violations=严禁事项  paths=隶属关系  SENT=已发送
FAILED=没有送达  QUEUED=待重发  copies=照录版本  until=截止到  before=上一次运算  failed=没有完成  at=时刻
offered=发出候补录取  automatic=自动应答  lapsed=逾期  rank=志愿序  wait=同时候补  ended=终止
disputed=有异议的版本  back_to=恢复到版本  struck=核减名额  notified=通知人数  measures=处理措施数  row=行号
why=退录原因  due=学校说明截止  agrees=学校同意  overtaken=已另有变化  days=天数  up_to=自动接受到第几志愿
proposals=结束的提请  as_of=以这一天的名单为准  timeliness=报送是否按时
answered=自动应答人数  waiting=候补人数  holding=成立的不变量  clocks=变动的期限  broken=不成立的不变量
""")
REFUSALS = _read_labels("""
refused=不符合规定  denied=没有权限  not_here=不存在或不在范围内  window_closed=不在开放时间
stale=内容已被改过  illegal_move=现在的状态不能办理  factor=身份证明没有通过  too_often=过于频繁
bad_rows=表格有错  does_not_add_up=合计不符  too_large=内容太大  sms=短信没有发出
no_database=数据库没有应答
""")
# Labels of the values of a fact.
VALUES: dict[str, Mapping[str, str]] = {
    "act": EVENTS,
    "answer": {move.name: move.label for move in admission_states.TRANSITIONS.table},
    "factor": {"code": "短信验证码"},
    "form": dict(MonthlyReport.Form.choices),
    "kind": dict(WindowKind.choices()),
    "measure": dict(Measure.choices()),
    "origin": dict(Origin.choices()),
    "refused": REFUSALS,
    "register": dict(Register.choices()),
    "role": dict(Role.choices()),
    "opinion": dict(Confirmation.Opinion.choices),
    "silence": dict(Silence.choices()),
    "why": dict(WithdrawalReason.choices()),
    "verdict": dict([*ImportDecision.Verdict.choices, *Verdict.choices(), *IdentityCase.Verdict.choices]),
}
# State tables by the first word of the action: states of a plan and of a run have different labels.
_STATES = {
    "plan": plan_states,
    "plan_change": plan_change_states,
    "run": run_states,
    "report": report_states,
    "record": record_states,
    "duplicate": case_states,
    "sanction": sanction_states,
}
# Subjects that are no row of a model.
_SUBJECTS = {"exam_results": "中招成绩"}
# Sixteen digits identify a digest; all 64 would fill the page.
_DIGEST = re.compile("[0-9a-f]{64}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DAY_IN_WORDS = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def format_fact(action: str, key: str, value: object) -> tuple[str, str]:
    """The label of a fact and its value in words.

    Args:
        action: of the entry; it decides the labels of `state`.
    """
    return FACTS.get(key, key), _format_value(action, key, value)


def _format_value(action: str, key: str, value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "，".join(f"{FACTS.get(inner, inner)} {number}" for inner, number in value.items())
    if isinstance(value, list):
        return "、".join(_format_value(action, key, one) for one in value)
    text = "" if value is None else str(value)
    if key == "state" and (states := _STATES.get(action.partition(".")[0])):
        return states.TRANSITIONS.states.get(text, text)
    if label := VALUES.get(key, {}).get(text):
        return label
    if _INSTANT.fullmatch(text):
        return format_instant(datetime.fromisoformat(text))
    return f"{text[:16]}…" if _DIGEST.fullmatch(text) else _format_if_day(text)


def _format_if_day(text: str) -> str:
    return format_day(date.fromisoformat(text)) if _DAY.fullmatch(text) else text


def format_subject(subject: str) -> str:
    """ "plan:0190…" as "招生计划 0190…"."""
    name, _, mark = subject.partition(":")
    return f"{_subject_names().get(name, name)} {_format_if_day(mark)}".strip()


def list_subjects(text: str) -> list[str]:
    """The subjects that a typed text may mean: a label and a number, as the log shows them, or a number alone."""
    typed = text.strip()
    mark = typed.rpartition(" ")[2]
    if day := _DAY_IN_WORDS.fullmatch(mark):
        mark = f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
    return [typed, *(f"{name}:{mark}" for name in _subject_names())]


def _subject_names() -> dict[str, str]:
    models = apps.get_app_config("yangguang").get_models()
    return {str(m._meta.model_name): str(m._meta.verbose_name) for m in models} | _SUBJECTS
