"""The timeline of one application. (F-B7)"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.urls import reverse

from yangguang.models import Admission, Application, ChoiceVersion, StudentRecord
from yangguang.queries.choices.programme_options import RoundWindow
from yangguang.rules.admissions import admission_states as admitted
from yangguang.rules.admissions.end_reasons import EndReason, describe_end_reason
from yangguang.rules.applicants import application_states
from yangguang.rules.records import record_states
from yangguang.rules.runs.rounds import RANKING
from yangguang.rules.seasons.windows import WindowStatus, format_spoken
from yangguang.web.student.applicants.timeline_events import CAUSES, Event, describe_end, event

Span = tuple[datetime | None, datetime | None]
_RECORD_NEXT = {
    record_states.CREATED: "学校补充班级等信息后，请您逐项核对。",
    record_states.CONFIRMED: "您已确认；主管部门核验后上报全国系统。",
    record_states.DISPUTED: "您报告了有误；学校改正后，请您再核对一次。",
    record_states.VERIFIED: "已核验；接下来上报全国系统。",
    record_states.EXPORTED: "已上报；等待全国系统通过。",
    record_states.APPROVED: "全国系统已通过，手续全部办完。",
}


def build_timeline(
    application: Application, rounds: list[RoundWindow], at: datetime, check_in: Span, more: Sequence[Event]
) -> list[Event]:
    """What happened, oldest first, then what is to be done now and what comes later.

    Args:
        application: with `queries.applicants.student_home.prefetch_history`.
        rounds: those this person may choose in, with their windows.
        check_in: when the school with the seat checks students in.
        more: events of waiting lists and withdrawals (`web.student.applicants.timeline_events`).
    """
    live, records = live_admission(application), list_records(application)
    # The version in force of each round; the page of its receipt lists earlier ones.
    versions = {version.round_id: version for version in application.versions.all()}
    events = [event("done", f"报名成功，报名号 {application.number}", "本人", application.recorded_at)]
    events += [_version(version) for version in versions.values()]
    events += _rounds_without_seat(application)
    events += [one for admission in application.admissions.all() for one in _admission(admission, at)]
    events += [_record(record) for record in records]
    events = sorted([*events, *more], key=lambda one: one["at"])
    if application.state == application_states.WITHDRAWN:
        return [*events, event("refused", "报名已撤回", "本人")]
    if live is None:
        events += _rounds_to_choose_in(application, rounds, versions)
    return events if records else events + _coming_steps(live, check_in)


def arrange(events: Sequence[Event]) -> dict[str, object]:
    """What the page shows of a timeline.

    Returns:
        todo: the act that is due first, None without one. waiting: the other acts that are due, the first to end on
        top. history: the next step, then what happened, the newest on top.
    """
    due = sorted((one for one in events if one["state"] == "now" and one.get("url")), key=_end_of)
    ahead = [one for one in events if one["state"] == "next"][:1]
    # What is due stands above the timeline: here it is only what happened, without its link.
    past = [
        {name: one[name] for name in ("state", "what", "who", "at")} if one in due else one
        for one in events
        if one["state"] != "next" and (one not in due or one["at"])
    ]
    return {"todo": due[0] if due else None, "waiting": due[1:], "history": [*ahead, *reversed(past)]}


def _end_of(one: Event) -> tuple[bool, datetime | None]:
    until = one.get("until")
    return until is None, until


_STEPS = ("报名", "填志愿", "录取", "应答", "报到", "学籍")


def list_steps(application: Application, live: Admission | None) -> list[tuple[str, str, str]]:
    """The six steps in the shape of `components/steps.html`; none for a registration that was withdrawn."""
    if application.state == application_states.WITHDRAWN:
        return []
    if list_records(application):
        passed = 6 if list_records(application)[-1].state in record_states.CONFIRMED_OR_LATER else 5
    elif live is not None:
        passed = {admitted.CHECKED_IN: 5, admitted.OFFERED: 3}.get(live.state, 4)
    else:
        passed = 2 if application.versions.all() else 1
    states = ["done"] * passed + ["now"] + ["next"] * len(_STEPS)
    return [(label, state, "") for label, state in zip(_STEPS, states, strict=False)]


def live_admission(application: Application) -> Admission | None:
    """The admission that holds a seat now."""
    return next((one for one in reversed(application.admissions.all()) if one.state in admitted.LIVE), None)


def list_records(application: Application) -> list[StudentRecord]:
    """The student records of the application's admissions, oldest first."""
    return [one.record for one in application.admissions.all() if hasattr(one, "record")]


def describe_status(application: Application) -> tuple[str, str]:
    """State and words of the record, else of the live admission, else of the application."""
    if records := list_records(application):
        state = records[-1].state
        return state, f"学籍：{record_states.TRANSITIONS.states[state]}"
    if live := live_admission(application):
        return live.state, f"录取：{admitted.TRANSITIONS.states[live.state]}"
    return application.state, application_states.TRANSITIONS.states[application.state]


def _version(version: ChoiceVersion) -> Event:
    return event(
        "done",
        f"{version.round.name}：志愿已提交·生效（第 {version.number} 版，{len(version.programmes)} 个志愿）",
        f"{version.get_submitted_by_display()}，验证码确认",
        version.recorded_at,
        next="打印或保存回执，留作凭证。",
        url=reverse("student:receipt", args=[version.public_id]),
        act="看回执",
    )


def _rounds_without_seat(application: Application) -> list[Event]:
    """Published rounds without a seat for this person, with a link to the reasons."""
    admitting = {admission.run_id for admission in application.admissions.all()}
    runs = [placement.run for placement in application.placements.all() if placement.run_id not in admitting]
    url = reverse("student:results", args=[application.public_id])
    more = {"next": "每个志愿都有一句理由。", "url": url, "act": "看理由"}
    return [event("refused", f"{run.round.name}：没有录取", "主管部门公布", run.published_at, **more) for run in runs]


def _admission(admission: Admission, at: datetime) -> list[Event]:
    where = f"{admission.school.name} · {admission.programme.major}"
    rank = f"（第 {admission.rank} 志愿）" if admission.rank else ""
    # A seat claimed directly rests on the student's consent, without a run or an imported list.
    by_consent = admission.run_id is None and admission.imported_id is None
    from_list = by_consent and admission.round.kind in RANKING
    who = "候补递补，本人接受" if from_list else "本人同意，当场录取" if by_consent else "主管部门公布"
    seated_at = admission.answered_at if from_list and admission.answered_at else admission.published_at
    events = [event("done", f"{admission.round.name}：录取到 {where}{rank}", who, seated_at)]
    if admission.state == admitted.OFFERED and (admission.answer_by is None or at < admission.answer_by):
        url = reverse("student:answer", args=[admission.public_id])
        step = {"state": "now", "next": "请应答：接受或放弃。", "until": admission.answer_by}
        events[0] |= step | {"url": url, "act": "去应答"}
    if admission.answered_at is not None and not by_consent:
        events.append(event("done", _answer(admission), "本人", admission.answered_at))
    if admission.checked_in_at is not None:
        events.append(event("done", "已到校报到", "学校", admission.checked_in_at))
    declined = admission.state == admitted.DECLINED and admission.ended_at == admission.answered_at
    if admission.ended_at is not None and not declined:
        what = describe_end(admitted.TRANSITIONS.states[admission.state], admission.reason)
        events.append(event("refused", what, CAUSES[admission.cause], admission.ended_at))
    return events


def _answer(admission: Admission) -> str:
    if admission.cause == "STUDENT" and admission.state == admitted.DECLINED:
        return "放弃录取"
    text = "已应答：接受并候补更高志愿" if admission.state == admitted.WAITING else "已应答：接受录取"
    is_standing_answer = admission.reason == EndReason.STANDING_ANSWER
    return text + (f"（{describe_end_reason(admission.reason)}）" if is_standing_answer else "")


def _record(record: StudentRecord) -> Event:
    more = {"next": _RECORD_NEXT.get(record.state, "无需您办理。"), "act": "查看学籍"}
    if record.state == record_states.COMPLETED:
        more = {"state": "now", "next": "请逐项核对学籍，确认一致或指出有误。", "act": "去核对"}
    created = event("done", f"学籍已生成，省级学籍号 {record.number}", "系统按规则", record.recorded_at)
    return created | more | {"url": reverse("student:record", args=[record.public_id])}


def _rounds_to_choose_in(
    application: Application, rounds: list[RoundWindow], versions: Mapping[int, ChoiceVersion]
) -> list[Event]:
    """The rounds that are or will be open, for a person without a seat."""
    events = []
    for one in rounds:
        if one.is_open:
            what, act = ("可以修改志愿", "去修改") if one.round.pk in versions else ("填报志愿", "去填报")
            step = "截止前可多次修改，以最后一次提交为准；提交先后不影响录取。"
            if one.is_direct:
                what, act, step = "注册", "去注册", "有名额的专业，提交后当场确定。"
            url = reverse("student:choices", args=[application.public_id, one.round.number])
            now = event("now", f"{one.round.name}：{what}", "本人", next=step, until=one.closes, url=url, act=act)
            events.append(now)
        elif one.status in (WindowStatus.BEFORE, WindowStatus.UNDATED):
            events.append(event("next", f"{one.round.name}：填报志愿", "", one.opens))
    return events


_AHEAD = ("录取结果公布，每个志愿都说明理由", "应答：接受或放弃", "带身份证到校报到", "本人确认学籍")


def _coming_steps(live: Admission | None, check_in: Span) -> list[Event]:
    """The steps that a student without a record still has ahead; an answer that is due now is an event already."""
    passed = 0 if live is None else 3 if live.state == admitted.CHECKED_IN else 2
    ahead = [event("next", step) for step in _AHEAD[passed:]]
    if live is not None and live.state in (admitted.ACCEPTED, admitted.WAITING):
        opens, closes = check_in
        begins = f"{format_spoken(opens)}起，" if opens is not None else ""
        step = f"{begins}请本人带身份证到{live.school.name}报到；逾期未报到的，名额不再保留。"
        ahead[0] |= {"state": "now", "next": step, "until": closes}
    return ahead
