"""Actions of the waiting list: free seats are offered by rank every hour, and students answer. (F-D8)"""

from datetime import datetime

from yangguang.actions.admissions import waiting_list_offers as offers
from yangguang.actions.admissions import waiting_list_refresh
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Admission, AdmissionRun, Round, SeatClaim, WaitingList, WaitingOffer
from yangguang.queries.admissions.current_admission import find_current_admission, has_record, require_seat
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.queries.seasons.windows import effective_span
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import claim_states, offer_states
from yangguang.rules.admissions.end_reasons import EndReason
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.runs.published_properties import ONE_SEAT
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.windows import WindowKind, WindowStatus, check_open, format_closing, window_status


@action("waiting.offer_due", Right.WAITING_OFFER)
def offer_due(entry: AuditRecord, *, by: Actor, round: Round) -> int:
    """Refresh a round's list once: silence, standing answers, places, then offers by rank; one transaction.

    After the end of the window the list is closed instead: applicants get a message, and seats stay as they are. Open
    offers keep their full time to answer.

    Returns:
        how many seats were offered.
    Raises:
        Refused: the round keeps no list, has no published results, or its list has not begun or has ended.
    """
    waiting_list_refresh.lock_list(round)
    round, run = _get_published(round)
    entry.set_subject(round)
    is_over = _require_begun(round, entry.at)
    counts = waiting_list_refresh.refresh_places(round, run, entry.at)
    refresh = {"run": run, "refreshed_at": entry.at, "ended_at": entry.at if is_over else None}
    WaitingList.objects.update_or_create(round=round, defaults=refresh)
    if is_over:
        waiting_list_refresh.close_list(round, entry.at)
        entry.add_facts(**counts, ended=True)
        return 0
    hours = rule_at(entry.at, policy_keys.WAITING_HOURS).value
    offered = waiting_list_refresh.offer_free_seats(round, entry.at, hours)
    automatic = waiting_list_refresh.accept_by_standing_answers(offered, entry.at)
    entry.add_facts(**counts, offered=len(offered), automatic=automatic)
    return len(offered)


@action("waiting.lapse", Right.WAITING_OFFER)
def lapse_offers(entry: AuditRecord, *, by: Actor, round: Round) -> int:
    """End the offers not answered in time, also of a list that has ended; return how many."""
    entry.set_subject(round)
    lapsed = offers.lapse_due(round.pk, entry.at)
    entry.add_facts(lapsed=lapsed)
    return lapsed


def _require_begun(round: Round, at: datetime) -> bool:
    """Raise Refused before the window of the list opens; return whether it has closed."""
    opens, closes = effective_span(WindowKind.WAITING, round) or (None, None)
    status = window_status(opens, closes, at)
    if status in (WindowStatus.BEFORE, WindowStatus.UNDATED):
        raise Refused(
            f"“{round.name}”的候补还没有开始",
            why=format_closing(closes) if status is WindowStatus.BEFORE else "候补的起止时间待定",
            now="请先设定“候补递补”的开放时间",
        )
    return status is WindowStatus.AFTER


def _get_published(round: Round) -> tuple[Round, AdmissionRun]:
    round = Round.objects.select_related("season").get(pk=round.pk)
    if not round.keeps_waiting_list:
        raise Refused(f"“{round.name}”不设候补", why="空出的名额不在本批次内递补", now="请在下一个批次使用空出的名额")
    run = AdmissionRun.objects.defer("snapshot").filter(round=round, state="PUBLISHED").first()
    if run is None:
        raise Refused(f"“{round.name}”的结果还没有公布", why="公布之后才有候补位次", now="请在公布之后办理")
    if WaitingList.objects.filter(round=round, ended_at__isnull=False).exists():
        raise Refused(
            f"“{round.name}”的候补已经结束", why="结束之后空出的名额不再递补", now="请在下一个批次使用空出的名额"
        )
    return round, run


# The offer is not the action's subject (`on`), which would lock it: quotas are locked first.
@action("waiting.accept", Right.ADMISSION_ACCEPT)
def accept(
    entry: AuditRecord, *, by: Actor, offer: WaitingOffer, wait: bool = False, seen: str | None = None
) -> Admission:
    """Accept the offered seat; a lower seat of the same round is released in the same transaction.

    Args:
        wait: go on waiting for higher choices.
        seen: the seat that the page said is given up; see `require_seat`.
    Raises:
        VersionConflict: the student has another seat since.
        NotFound: not this family's offer.
        WindowClosed: too late.
        IllegalMove: the offer has ended.
        Refused: the student has a seat elsewhere, or a record from the lower one.
    """
    offer = _get_open(entry, by, offer, Right.ADMISSION_ACCEPT)
    if not offers.accept_offers([offer.pk], entry.at, wait=wait, reason=EndReason.FROM_WAITING_LIST):
        raise _explain_obstacle(offer)
    # Which seat is the lower one is known only under the lock of its quota.
    ended = Admission.objects.filter(application=offer.application_id, ended_at=entry.at).order_by("pk")
    require_seat(ended.last(), seen)
    entry.add_facts(rank=offer.rank, wait=wait)
    return Admission.objects.get(offer=offer)


@action("waiting.decline", Right.ADMISSION_DECLINE)
def decline(entry: AuditRecord, *, by: Actor, offer: WaitingOffer) -> None:
    """Decline the offer: the student no longer waits for this choice and lower ones; the present seat is not affected.

    Raises:
        NotFound, WindowClosed, IllegalMove: as for `accept`.
    """
    offer = _get_open(entry, by, offer, Right.ADMISSION_DECLINE)
    if not offers.close_offers([offer.pk], entry.at, offer_states.DECLINED, Admission.Cause.STUDENT):
        raise _explain_obstacle(offer)
    entry.add_facts(rank=offer.rank)


@accept.preflight
def _(at: datetime, *, by: Actor, offer: WaitingOffer, wait: bool = False, seen: str | None = None) -> None:
    _require_answerable(offer, at)
    require_seat(find_current_admission(offer.application), seen)


@decline.preflight
def _(at: datetime, *, by: Actor, offer: WaitingOffer) -> None:
    _require_answerable(offer, at)


def _get_open(entry: AuditRecord, by: Actor, offer: WaitingOffer, right: Right) -> WaitingOffer:
    """The offer of this family; raises unless it can be answered now."""
    rows = WaitingOffer.objects.for_actor(by, right).select_related("application__person", "round__season")
    own: WaitingOffer = rows.get_or_not_found(pk=offer.pk)
    entry.set_subject(own, own.application.person_id)
    _require_answerable(own, entry.at)
    return own


def _require_answerable(offer: WaitingOffer, at: datetime) -> None:
    """Raise WindowClosed after the time to answer, IllegalMove once the offer has ended."""
    offer_states.TRANSITIONS.next_state("accept", offer.state)
    check_open("递补应答", offer.offered_at, offer.answer_by, at)


def _explain_obstacle(offer: WaitingOffer) -> Refused:
    root, year = offer.application.person.root_id, offer.round.season.year
    claims = SeatClaim.objects.filter(person_root=root, intake_year=year, state__in=claim_states.LIVE)
    claim = claims.select_related("admission__school", "admission__programme").first()
    if claim is None:
        return IllegalMove("这个递补刚刚有了变化", now="请刷新页面，查看最新状态")
    current = claim.admission
    if current is not None and has_record(current):
        return Refused("您现有的名额已经生成学籍，不能改录", why="学籍生成之后是学籍变动", now="请向学校申请转学或退学")
    seat = "其他学校" if current is None else f"“{current.school.name} · {current.programme.major}”"
    return Refused(
        f"您今年已经占用{seat}的名额，不能再接受这个递补",
        why="一人一席；只有同一批次里更靠后的志愿会自动放弃",
        now="请先在“我的进度”中放弃或退录那一个，再在截止前接受",
        clause=ONE_SEAT,
    )
