"""The timeline of one application: pure functions, so that it can be tested without a database. (F-B7)"""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from yangguang.models import Admission, StudentRecord
from yangguang.queries.applicants.student_home import Journey
from yangguang.queries.choices.programme_options import OpenRound
from yangguang.rules.admissions import admission_states as admitted
from yangguang.rules.admissions.end_reasons import EndReason, describe_end_reason
from yangguang.rules.applicants import application_states
from yangguang.rules.records import record_states
from yangguang.rules.seasons.rounds import RANKING
from yangguang.rules.seasons.windows import WindowStatus, format_instant
from yangguang.web.student.applicants.timeline_events import CAUSES, Event, describe_end, event

Span = tuple[datetime | None, datetime | None]
_RECORD_NEXT = {
    record_states.MADE: "学校补充班级等信息后，请您逐项核对。",
    record_states.CONFIRMED: "您已确认；主管部门核验后上报全国系统。",
    record_states.DISPUTED: "您报告了有误；学校改正后，请您再核对一次。",
    record_states.VERIFIED: "已核验；接下来上报全国系统。",
    record_states.EXPORTED: "已上报；等待全国系统通过。",
    record_states.APPROVED: "全国系统已通过，手续全部办完。",
}


def build_timeline(
    journey: Journey, rounds: list[OpenRound], at: datetime, check_in: Span = (None, None), more: Sequence[Event] = ()
) -> list[Event]:
    """What happened, oldest first, then what is to be done now and what comes later.

    Args:
        rounds: those this person may choose in, with their windows.
        at: the database's clock.
        check_in: when the school with the seat checks students in.
        more: events of waiting lists and withdrawals (`web.student.applicants.timeline_events`).
    """
    live = live_admission(journey)
    events = [_registered(journey), *_choices(journey), *_rounds_without_seat(journey)]
    events += [one for admission in journey.admissions for one in _admission(admission, at)]
    events += [_record(record) for record in journey.records]
    events += more
    events.sort(key=lambda one: one["at"])
    if journey.application.state == application_states.WITHDRAWN:
        return [*events, {"state": "refused", "what": "报名已撤回", "who": "本人", "at": None}]
    if live is None:
        events += _rounds_to_choose_in(journey, rounds)
    return events + _coming_steps(live, journey.records, check_in)


def live_admission(journey: Journey) -> Admission | None:
    """The admission that holds a seat now."""
    return next((a for a in reversed(journey.admissions) if a.state in admitted.LIVE), None)


def describe_status(journey: Journey) -> tuple[str, str]:
    """State and words of the record, else of the live admission, else of the application."""
    if journey.records:
        state = journey.records[-1].state
        return state, f"学籍：{record_states.TRANSITIONS.states[state]}"
    live = live_admission(journey)
    if live is not None:
        return live.state, f"录取：{admitted.TRANSITIONS.states[live.state]}"
    state = journey.application.state
    return state, application_states.TRANSITIONS.states[state]


def _registered(journey: Journey) -> Event:
    return _done(f"报名成功，报名号 {journey.application.number}", "本人", journey.application.recorded_at)


def _choices(journey: Journey) -> list[Event]:
    """The version in force of each round; the page of its receipt lists earlier ones."""
    last = {version.round_id: version for version in journey.versions}
    return [
        _done(
            f"{version.round.name}：志愿已提交·生效（第 {version.number} 版，{len(version.programmes)} 个志愿）",
            f"{version.get_hand_display()}，验证码确认",
            version.recorded_at,
        )
        | {
            "next": "打印或保存回执，留作凭证。",
            "url": reverse("student:receipt", args=[version.public_id]),
            "act": "看回执",
        }
        for version in last.values()
    ]


def _rounds_without_seat(journey: Journey) -> list[Event]:
    """Published rounds without a seat for this person, with a link to the reasons."""
    admitting = {admission.run_id for admission in journey.admissions}
    return [
        {
            "state": "refused",
            "what": f"{placement.run.round.name}：没有录取",
            "who": "主管部门公布",
            "at": placement.run.published_at,
            "next": "每个志愿都有一句理由。",
            "url": reverse("student:results", args=[journey.application.public_id]),
            "act": "看理由",
        }
        for placement in journey.placements
        if placement.run_id not in admitting
    ]


def _admission(admission: Admission, at: datetime) -> list[Event]:
    where = f"{admission.school.name} · {admission.programme.major}"
    rank = f"（第 {admission.rank} 志愿）" if admission.rank else ""
    # A seat claimed directly rests on the student's consent, without a run or an imported list.
    by_consent = admission.run_id is None and admission.imported_id is None
    from_list = by_consent and admission.round.kind in RANKING
    who = "候补递补，本人接受" if from_list else "本人同意，当场录取" if by_consent else "主管部门公布"
    seated_at = admission.answered_at if from_list and admission.answered_at else admission.published_at
    events = [_done(f"{admission.round.name}：录取到 {where}{rank}", who, seated_at)]
    if admission.state == admitted.OFFERED and (admission.answer_by is None or at < admission.answer_by):
        events[0] |= {
            "state": "now",
            "next": "请应答：接受或放弃。",
            "until": admission.answer_by,
            "url": reverse("student:answer", args=[admission.public_id]),
            "act": "去应答",
        }
    if admission.answered_at is not None and not by_consent:
        events.append(_done(_answer(admission), "本人", admission.answered_at))
    if admission.checked_in_at is not None:
        events.append(_done("已到校报到", "学校", admission.checked_in_at))
    declined = admission.state == admitted.DECLINED and admission.ended_at == admission.answered_at
    if admission.ended_at is not None and not declined:
        what = describe_end(admitted.TRANSITIONS.states[admission.state], admission.reason)
        events.append(event("refused", what, CAUSES[admission.cause], admission.ended_at))
    return events


def _answer(admission: Admission) -> str:
    if admission.cause == "STUDENT" and admission.state == admitted.DECLINED:
        return "放弃录取"
    text = "已应答：接受并候补更高志愿" if admission.state == admitted.WAITING else "已应答：接受录取"
    return (
        f"{text}（{describe_end_reason(admission.reason)}）" if admission.reason == EndReason.STANDING_ANSWER else text
    )


def _record(record: StudentRecord) -> Event:
    created = _done(f"学籍已生成，省级学籍号 {record.number}", "系统按规则", record.recorded_at)
    url = reverse("student:record", args=[record.public_id])
    if record.state == record_states.COMPLETED:
        step = "请逐项核对学籍，确认一致或指出有误。"
        return created | {"state": "now", "next": step, "url": url, "act": "去核对"}
    step = _RECORD_NEXT.get(record.state, "无需您办理。")
    return created | {"next": step, "url": url, "act": "查看学籍"}


def _rounds_to_choose_in(journey: Journey, rounds: list[OpenRound]) -> list[Event]:
    """The rounds that are or will be open, for a person without a seat."""
    chosen = {version.round_id for version in journey.versions}
    events = []
    for one in rounds:
        if one.is_open:
            events.append(_open_round(journey, one, has_choices=one.round.pk in chosen))
        elif one.status in (WindowStatus.BEFORE, WindowStatus.UNDATED):
            events.append(event("next", f"{one.round.name}：填报志愿", "", one.opens))
    return events


def _open_round(journey: Journey, one: OpenRound, *, has_choices: bool) -> Event:
    what, act = ("可以修改志愿", "去修改") if has_choices else ("填报志愿", "去填报")
    step = "截止前可多次修改，以最后一次提交为准；提交先后不影响录取。"
    if one.is_direct:
        what, act, step = "注册", "去注册", "有名额的专业，提交后当场确定。"
    url = reverse("student:choices", args=[journey.application.public_id, one.round.number])
    now = {"state": "now", "what": f"{one.round.name}：{what}", "who": "本人"}
    return now | {"next": step, "until": one.closes, "url": url, "act": act}


_AHEAD = ("录取结果公布，每个志愿都说明理由", "应答：接受或放弃", "带身份证到校报到", "本人确认学籍")


def _coming_steps(live: Admission | None, records: list[StudentRecord], check_in: Span) -> list[Event]:
    """The steps that every student still has ahead; an answer that is due now is an event already."""
    if records:
        return []
    passed = 0 if live is None else 3 if live.state == admitted.CHECKED_IN else 2
    ahead = [event("next", step, "", None) for step in _AHEAD[passed:]]
    if live is not None and live.state in (admitted.ACCEPTED, admitted.WAITING):
        opens, closes = check_in
        begins = f"{format_instant(opens)}起，" if opens is not None else ""
        step = f"{begins}请本人带身份证到{live.school.name}报到；逾期未报到的，名额不再保留。"
        ahead[0] |= {"state": "now", "next": step, "until": closes}
    return ahead


def _done(what: str, who: str, at: datetime) -> Event:
    return event("done", what, who, at)
