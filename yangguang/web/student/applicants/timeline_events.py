"""What happens after the results, as events and ways: offers from a list, releases, what may still be done.
(F-B8, F-B9)
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from yangguang.models import Admission, Withdrawal
from yangguang.queries.admissions.waiting_list import OwnOffer
from yangguang.queries.choices.programme_options import OpenRound
from yangguang.rules.admissions import admission_states as admitted
from yangguang.rules.admissions import offer_states, withdrawal_states
from yangguang.rules.admissions.end_reasons import describe_end_reason
from yangguang.rules.admissions.withdrawals import WithdrawalReason
from yangguang.rules.seasons.rounds import RANKING

Event = dict[str, Any]
_CAUSES = {"STUDENT": "本人", "SCHOOL": "学校", "BUREAU": "主管部门", "SYSTEM": "系统按规则"}


def open_of(offers: Iterable[OwnOffer], at: datetime) -> list[OwnOffer]:
    """Those that wait for an answer now."""
    return [one for one in offers if one.state == offer_states.OPEN and at < one.answer_by]


def offer_events(offers: Iterable[OwnOffer]) -> list[Event]:
    """Each offer when it was made, and when it ended otherwise than by a seat, which is an event of its own."""
    events = []
    for one in offers:
        where = f"{one.school} · {one.major}（第 {one.rank} 志愿）"
        events.append(
            _event("done", f"{one.round_name}：候补轮到您，{where}", "系统按录取排名递补", one.offered_at)
        )
        if one.state == offer_states.OPEN:
            events[-1] |= {
                "state": "now", "next": "请应答：接受或放弃递补。", "until": one.answer_by, "act": "去应答",
                "url": reverse("student:offer", args=[one.public_id]),
            }  # fmt: skip
        elif one.state != offer_states.ACCEPTED and one.ended_at is not None:
            says = offer_states.TRANSITIONS.states[one.state] + (
                f"：{describe_end_reason(one.reason)}" if one.reason else ""
            )
            events.append(_event("refused", f"{says}，{where}", _CAUSES[one.cause], one.ended_at))
    return events


def release_events(asked: Iterable[Withdrawal]) -> list[Event]:
    """A request with its clock, the school's word, and how it ended; a release itself is the admission's event."""
    events = []
    for one in asked:
        what = f"申请退录：{one.admission.school.name}（{WithdrawalReason(one.why).label}）"
        events.append(_event("done", what, "本人", one.asked_at))
        if one.state in withdrawal_states.RUNNING:
            events[-1] |= {
                "state": "now", "next": "学校可以提意见，不能否决；到期之前可以撤回。", "until": one.due_at,
                "url": reverse("student:release", args=[one.admission.public_id]), "act": "查看退录",
            }  # fmt: skip
        if one.commented_at is not None:
            word = "学校对退录提出意见" if one.comment else "学校对退录没有异议"
            events.append(_event("done", word, "学校", one.commented_at))
        if one.state == withdrawal_states.TAKEN_BACK and one.ended_at is not None:
            events.append(_event("done", "撤回退录申请，名额继续保留", "本人", one.ended_at))
    return events


def ways_of(live: Admission | None, has_record: bool, rounds: Sequence[OpenRound]) -> dict[str, Any]:
    """What may still be done with the seat: release, transfer, a standing wish; nothing once a record rests on it."""
    answered = live is not None and not has_record and live.state != admitted.OFFERED
    direct = next((one.round.number for one in rounds if one.is_open and one.is_direct), None)
    lists = any(one.round.keeps_waiting_list for one in rounds if one.round.kind in RANKING)
    return {
        "seat": live,
        "may_release": answered,
        "transfer_round": direct if answered else None,
        "may_auto": lists and not has_record,
    }


def _event(state: str, what: str, who: str, at: datetime) -> Event:
    return {"state": state, "what": what, "who": who, "at": at}
