"""What a student may answer, and what each answer costs: losses first, in words of its own. (R6.02, F-B8)"""

from datetime import datetime

from yangguang.models import Admission, WaitingOffer
from yangguang.rules.admissions import admission_states
from yangguang.rules.base.labels import Labelled

Effects = list[tuple[str, bool]]


class Answer(Labelled):
    """One answer; the label is what the button says."""

    ACCEPT = "accept", "接受录取"
    WAIT = "wait", "接受并候补更高志愿"
    DECLINE = "decline", "放弃录取"


class OfferAnswer(Labelled):
    """One answer to an offer from the waiting list."""

    ACCEPT = "accept", "接受递补"
    WAIT = "wait", "接受递补并继续候补"
    DECLINE = "decline", "放弃递补"


def answers_to(admission: Admission, at: datetime | None = None) -> list[Answer]:
    """The answers its state still allows; waiting only where there is a list and a choice above.

    Args:
        at: leave out what is too late by then. Who waits may stop waiting at any time; the rest ends with the time
            for answers.
    """
    moves = {move.name for move in admission_states.TRANSITIONS.open_from(admission.state)}
    waits = admission.round.keeps_waiting_list and (admission.rank or 1) > 1
    if at is not None and admission.answer_by is not None and at >= admission.answer_by:
        moves &= {"accept"} if admission.state == admission_states.WAITING else set()
    return [one for one in Answer if one.value in moves and (one is not Answer.WAIT or waits)]


def effects_of(admission: Admission, answer: Answer) -> Effects:
    """What the answer does: (sentence, is it a loss), losses first."""
    where = f"“{admission.school.name} · {admission.programme.major}”"
    above = (admission.rank or 1) - 1
    later = ("您不再参加本年度之后的补录和免试注册。", True)
    kept = (f"您在{where}的名额保留到报到截止。", False)
    if answer is Answer.ACCEPT:
        waited = above if admission.round.keeps_waiting_list else 0
        lost = [later] + (
            [(f"您不再候补前面的 {waited} 个志愿，还没有应答的递补也随之终止。", True)] if waited else []
        )
        return [*lost, kept, ("报到前仍可申请退录，学校不能否决。", False)]
    if answer is Answer.WAIT:
        return [
            later,
            kept,
            (
                f"前面的 {above} 个志愿有空额时，按录取排名递补，不看谁先点；轮到您会发短信，72 小时内应答。",
                False,
            ),
            ("接受递补时，这里的名额同时放弃；不接受，这里的名额不受影响。", False),
        ]
    kept_list = admission.round.keeps_waiting_list
    goes = "按候补次序递补给别人" if kept_list else "空出的名额进入之后的补录"
    lost = [(f"您失去{where}的名额，{goes}，不能恢复。", True), ("本批次不再录取您。", True)]
    if kept_list:
        lost.append(("您在本批次的候补和还没有应答的递补一并终止。", True))
    return [*lost, ("您可以参加之后的补录或免试注册。", False)]


def offer_answers(offer: WaitingOffer) -> list[OfferAnswer]:
    """The answers to an open offer; going on waiting only where a choice stands above."""
    return [one for one in OfferAnswer if one is not OfferAnswer.WAIT or offer.rank > 1]


def offer_effects(offer: WaitingOffer, held: Admission | None, answer: OfferAnswer) -> Effects:
    """What the answer does, losses first.

    Args:
        held: the seat the student holds now, None for nobody's.
    """
    where = f"“{offer.school.name} · {offer.programme.major}”"
    own = "" if held is None else f"“{held.school.name} · {held.programme.major}”"
    above = offer.rank - 1
    if answer is OfferAnswer.DECLINE:
        rest = f"仍候补前面的 {above} 个志愿。" if above else "您在本批次不再候补。"
        return [
            (f"{where}的名额让给下一名候补的考生，不能恢复。", True),
            ("您不再候补这个志愿和它后面的志愿；" + rest, True),
            (f"您在{own}的名额不受影响。" if own else "您可以参加之后的补录或免试注册。", False),
        ]
    lost: Effects = [(f"您失去{own}的名额，它按候补次序递补给别人，不能恢复。", True)] if own else []
    if answer is OfferAnswer.ACCEPT and above:
        lost.append((f"您不再候补前面的 {above} 个志愿。", True))
    if not own:
        lost.append(("您不再参加本年度之后的补录和免试注册。", True))
    gained = [(f"您立即被{where}录取，视为已接受，名额保留到报到截止。", False)]
    if answer is OfferAnswer.WAIT:
        gained.append((f"您继续候补前面的 {above} 个志愿。", False))
    return [*lost, *gained]


def auto_effects(up_to: int) -> Effects:
    """What a standing wish does."""
    if not up_to:
        return [("以后的录取和递补都由您本人在截止前应答，平台不再代为接受。", False)]
    ranks = f"第 1 至第 {up_to} 志愿" if up_to > 1 else "第 1 志愿"
    return [
        (f"{ranks}录取或递补到您时，平台立即替您接受，同时放弃您持有的更靠后的志愿，不能恢复。", True),
        ("接受之后继续候补更靠前的志愿；每次都发短信告诉您。", False),
        ("随时可以关闭或更改。", False),
    ]
