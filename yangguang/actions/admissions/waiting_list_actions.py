"""The waiting list: freed seats are offered by the hour and by rank, and a student answers an offer. (F-D8)"""

from datetime import datetime

from yangguang.actions.admissions import waiting_list_offers as offers
from yangguang.actions.admissions import waiting_list_rounds
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Admission, AdmissionRun, Round, WaitingList, WaitingOffer
from yangguang.queries.admissions.waiting_list import list_span
from yangguang.queries.seasons.policy_rules import rules_at
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import offer_states
from yangguang.rules.admissions.end_reasons import Ending
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.seasons.windows import WindowStatus, check_open, format_closing, window_status


@action("waiting.offer_due", Right.WAITING_OFFER)
def offer_due(entry: AuditRecord, *, by: Actor, round: Round) -> int:
    """Work through a round's list once: silence, standing wishes, places, then offers by rank.

    All of it is one transaction; a run that is killed leaves nothing half, and the next one does the whole again.
    At the end of the window the list is closed instead: everybody is told, and seats held stay held. Offers made
    before keep their whole time.

    Returns:
        how many offers were made.
    Raises:
        Refused: the round keeps no list, has no published results, or its list is over.
    """
    waiting_list_rounds.alone(round)
    round, run = _published(round)
    opens, closes = list_span(round)
    entry.set_subject(round)
    where = window_status(opens, closes, entry.at)
    if where in (WindowStatus.BEFORE, WindowStatus.UNDATED):
        raise Refused(
            f"“{round.name}”的候补还没有开始",
            why=format_closing(closes) if where is WindowStatus.BEFORE else "候补的起止时间待定",
            now="请先设定“候补递补”的开放时间",
        )
    done = waiting_list_rounds.bring_up_to_date(round, run, entry.at)
    if where is WindowStatus.AFTER:
        waiting_list_rounds.finish(round)
        waiting_list_rounds.mark(round, run, entry.at, ended=True)
        entry.add_facts(**done, ended=True)
        return 0
    hours = rules_at(entry.at, "answer.waiting_hours")["answer.waiting_hours", ""].value
    made = waiting_list_rounds.offer(round, entry.at, hours)
    automatic = waiting_list_rounds.answer_as_wished(made, entry.at)
    waiting_list_rounds.mark(round, run, entry.at, ended=False)
    entry.add_facts(**done, offered=len(made), automatic=automatic)
    return len(made)


@action("waiting.lapse", Right.WAITING_OFFER)
def lapse(entry: AuditRecord, *, by: Actor, round: Round) -> int:
    """End the offers whose hours are over, also of a list that has ended; returns how many."""
    entry.set_subject(round)
    lapsed = offers.lapse_due(round.pk, entry.at)
    entry.add_facts(lapsed=lapsed)
    return lapsed


def _published(round: Round) -> tuple[Round, AdmissionRun]:
    found = Round.objects.select_related("season").get(pk=round.pk)
    if not found.keeps_waiting_list:
        raise Refused(f"“{found.name}”不设候补", why="空出的名额进入下一次补录", now="请等下一个批次开设")
    run = AdmissionRun.objects.defer("snapshot").filter(round=found, state="PUBLISHED").first()
    if run is None:
        raise Refused(f"“{found.name}”的结果还没有公布", why="公布之后才有候补位次", now="请在公布之后办理")
    if WaitingList.objects.filter(round=found, ended_at__isnull=False).exists():
        raise Refused(
            f"“{found.name}”的候补已经结束", why="结束之后空出的名额进入下一次补录", now="请看下一个批次"
        )
    return found, run


# The action does not name the offer as its subject (`on`): quotas come first in the order of locks.
@action("waiting.accept", Right.ADMISSION_ACCEPT)
def accept(entry: AuditRecord, *, by: Actor, offer: WaitingOffer, wait: bool = False) -> Admission:
    """Take the offered seat; a lower seat of the same round is given back in the same transaction.

    Args:
        wait: stay in programme for the choices above it.
    Raises:
        NotFound: not this family's offer. WindowClosed: after its hours. IllegalMove: over already.
        Refused: a seat is held elsewhere, or a record rests on the lower one.
    """
    offer = _open(entry, by, offer, Right.ADMISSION_ACCEPT)
    if offer.pk not in offers.take_up([offer.pk], entry.at, wait=wait, reason=Ending.FROM_LIST):
        raise _in_the_way(offer)
    entry.add_facts(rank=offer.rank, wait=wait)
    return Admission.objects.get(offer=offer)


@action("waiting.decline", Right.ADMISSION_DECLINE)
def decline(entry: AuditRecord, *, by: Actor, offer: WaitingOffer) -> None:
    """Refuse the offer: the student no longer waits for this choice and those after it, a held seat stays held.

    Raises:
        NotFound, WindowClosed, IllegalMove: as for `accept`.
    """
    offer = _open(entry, by, offer, Right.ADMISSION_DECLINE)
    if not offers.close([offer.pk], entry.at, offer_states.DECLINED, None, Admission.Cause.STUDENT):
        raise _in_the_way(offer)
    entry.add_facts(rank=offer.rank)


@accept.preflight
def _(at: datetime, *, by: Actor, offer: WaitingOffer, wait: bool = False) -> None:
    _require_answerable(offer, at)


@decline.preflight
def _(at: datetime, *, by: Actor, offer: WaitingOffer) -> None:
    _require_answerable(offer, at)


def _open(entry: AuditRecord, by: Actor, offer: WaitingOffer, right: Right) -> WaitingOffer:
    """The offer of this family, still open at the database's clock."""
    offers = WaitingOffer.objects.for_actor(by, right).select_related("application")
    found: WaitingOffer = offers.get_or_not_found(pk=offer.pk)
    entry.set_subject(found, found.application.person_id)
    _require_answerable(found, entry.at)
    return found


def _require_answerable(offer: WaitingOffer, at: datetime) -> None:
    """Raise WindowClosed after the offer's hours, IllegalMove once it is over."""
    offer_states.TRANSITIONS.next_state("accept", offer.state)
    check_open("递补应答", offer.offered_at, offer.answer_by, at)


def _in_the_way(offer: WaitingOffer) -> Refused:
    row = offers.holder_of(offer.pk)
    if row is None or not row[1]:
        return IllegalMove("这个递补刚刚有了变化", now="请刷新页面，查看最新状态")
    if row[4]:
        return Refused(
            "您现有的名额已经生成学籍，不能改录", why="学籍生成之后是学籍变动", now="请向学校申请转学或退学"
        )
    where = f"“{row[2]} · {row[3]}”" if row[2] else "其他学校"
    return Refused(
        f"您今年已经占用{where}的名额，不能再接受这个递补",
        why="一人一席；只有同一批次里更靠后的志愿会自动放弃",
        now="请先在“我的进度”中放弃或退录那一个，再在截止前接受",
    )
