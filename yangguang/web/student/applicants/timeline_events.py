"""Events after the results: offers from waiting lists, withdrawals, and what a person may still do. (F-B8, F-B9)"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from yangguang.models import Admission, WaitingOffer, Withdrawal
from yangguang.queries.choices.programme_options import RoundWindow
from yangguang.rules.admissions import admission_states as admitted
from yangguang.rules.admissions import offer_states, withdrawal_states
from yangguang.rules.admissions.end_reasons import describe_end_reason
from yangguang.rules.admissions.withdrawals import WithdrawalReason
from yangguang.rules.runs.rounds import RANKING

Event = dict[str, Any]
CAUSES = {"STUDENT": "本人", "SCHOOL": "学校", "BUREAU": "主管部门", "SYSTEM": "系统按规则"}


def open_offers(offers: Iterable[WaitingOffer], at: datetime) -> list[WaitingOffer]:
    """The offers that wait for an answer now."""
    return [one for one in offers if one.state == offer_states.OPEN and at < one.answer_by]


def offer_events(offers: Iterable[WaitingOffer]) -> list[Event]:
    """Each offer, and its end unless it was accepted, which is an event of the admission."""
    events = []
    for one in offers:
        where = f"{one.school.name} · {one.programme.major}（第 {one.rank} 志愿）"
        what = f"{one.round.name}：候补轮到您，{where}"
        events.append(event("done", what, "系统按录取排名递补", one.offered_at))
        if one.state == offer_states.OPEN:
            url = reverse("student:offer", args=[one.public_id])
            step = {"state": "now", "next": "请应答：接受或放弃递补。", "until": one.answer_by}
            events[-1] |= step | {"act": "去应答", "url": url}
        elif one.state != offer_states.ACCEPTED and one.ended_at is not None:
            end = describe_end(one.get_state_display(), one.reason)
            events.append(event("refused", f"{end}，{where}", CAUSES[one.cause], one.ended_at))
    return events


def withdrawal_events(withdrawals: Iterable[Withdrawal]) -> list[Event]:
    """Each withdrawal with its deadline, the comment of the school, and its revocation."""
    events = []
    for one in withdrawals:
        what = f"申请退名额：{one.admission.school.name}（{WithdrawalReason(one.reason).label}）"
        events.append(event("done", what, "本人", one.requested_at))
        if one.state in withdrawal_states.RUNNING:
            url = reverse("student:release", args=[one.admission.public_id])
            wait = "" if one.due_at else "生效时间要等工作日历公布才能算出来。"
            step = {"state": "now", "next": f"学校可以提意见，不能否决；到期之前可以撤回。{wait}", "until": one.due_at}
            events[-1] |= step | {"url": url, "act": "查看申请"}
        if one.commented_at is not None:
            what = "学校对退名额提出意见" if one.comment else "学校对退名额没有异议"
            events.append(event("done", what, "学校", one.commented_at))
        if one.state == withdrawal_states.TAKEN_BACK and one.ended_at is not None:
            events.append(event("done", "撤回退名额的申请，名额继续保留", "本人", one.ended_at))
    return events


def seat_actions(live: Admission | None, rounds: Sequence[RoundWindow], *, has_record: bool) -> dict[str, Any]:
    """What a person may still do with the seat; once it has a student record, nothing.

    Returns:
        template values: the live admission, whether it may be released, number of the round to transfer in or None,
        whether a standing answer may be set.
    """
    answered = live is not None and not has_record and live.state != admitted.OFFERED
    direct = next((one.round.number for one in rounds if one.is_open and one.is_direct), None)
    lists = any(one.round.keeps_waiting_list for one in rounds if one.round.kind in RANKING)
    return {
        "seat": live,
        "may_release": answered,
        "transfer_round": direct if answered else None,
        "may_auto": lists and not has_record,
    }


def describe_end(state: str, reason: str) -> str:
    """The words of a final state with its reason, if it has one."""
    return f"{state}：{describe_end_reason(reason)}" if reason else state


def event(state: str, what: str, who: str = "", at: datetime | None = None, **more: Any) -> Event:
    """One entry of the timeline component.

    Args:
        state: done, now, next or refused. more: what to do `next`, `until` when, and the `url` of the link `act`.
    """
    return {"state": state, "what": what, "who": who, "at": at} | more
