"""The answers a student may give, and the effects of each: losses first. (R6.02, F-B8)"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yangguang.models import Admission, Application, Round, WaitingOffer
from yangguang.queries.runs.later_rounds import later_rounds_sentence
from yangguang.queries.seasons.policy_rules import format_rule
from yangguang.rules.admissions import admission_states, offer_states
from yangguang.rules.base.labels import Labelled
from yangguang.rules.runs.later_rounds import NONE_LEFT
from yangguang.rules.runs.rounds import Silence
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.windows import format_spoken
from yangguang.web.kit.confirmation import Effects

FINAL = "按了不能改"
SILENT = "到时候没有回答"
NO_OTHER_ROUND = ("一人一席：您本年度不再参加其他批次的录取。", True)


class Answer(Labelled):
    """An answer to an admission, with the label of its button."""

    ACCEPT = "accept", "接受录取"
    WAIT = "wait", "接受并候补更高志愿"
    DECLINE = "decline", "放弃录取"


class OfferAnswer(Labelled):
    """An answer to an offer from the waiting list, with the label of its button."""

    ACCEPT = "accept", "接受递补"
    WAIT = "wait", "接受递补并继续候补"
    DECLINE = "decline", "放弃递补"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One row of `components/what_if.html`: what follows from an answer, or from none.

    Args:
        effects: losses first. mark: until when it can be changed. is_final: it cannot be changed at all.
        value: of the button; "" is silence, which has none.
    """

    label: str
    effects: Effects
    mark: str = ""
    is_final: bool = False
    value: str = ""


def list_answers(admission: Admission, at: datetime | None = None) -> list[Answer]:
    """The answers that the admission's state allows; waiting only where there is a list and a higher choice.

    Args:
        at: leave out what is too late at this instant; a student who waits may stop waiting at any time.
    """
    return _list_answers(admission, admission.state, at)


def _list_answers(admission: Admission, state: str, at: datetime | None) -> list[Answer]:
    names = {transition.name for transition in admission_states.TRANSITIONS.open_from(state)}
    if at is not None and admission.answer_by is not None and at >= admission.answer_by:
        names &= {"accept"} if state == admission_states.WAITING else set()
    if not (admission.round.keeps_waiting_list and (admission.rank or 1) > 1):
        names -= {Answer.WAIT.value}
    return [answer for answer in Answer if answer.value in names]


def describe_answer_effects(admission: Admission, answer: Answer, at: datetime) -> Effects:
    """The effects of an answer at `at` to an admission: (sentence, is it a loss), losses first."""
    above, has_list = (admission.rank or 1) - 1, admission.round.keeps_waiting_list
    is_reserved = ("这个名额保留到报到截止。", False)
    if answer is Answer.ACCEPT:
        losses = [NO_OTHER_ROUND]
        if has_list and above:
            text = f"您不再候补前面的 {above} 个志愿，还没有应答的递补也随之终止。"
            losses.append((text, True))
        return [*losses, is_reserved, ("以后不想去了，学籍生成以前还可以申请退名额，学校不能否决。", False)]
    if answer is Answer.WAIT:
        hours = format_rule(policy_keys.WAITING_HOURS, at)
        by_rank = f"有空额时，按录取排名递补，不看谁先点；轮到您会发短信，{hours}内应答。"
        return [
            NO_OTHER_ROUND,
            is_reserved,
            (f"前面的 {above} 个志愿{by_rank}", False),
            ("接受递补时，这里的名额同时放弃；不接受，这里的名额不受影响。", False),
        ]
    next_use = "它按候补次序递补给别人，" if has_list else ""
    losses = [(f"您失去这个名额，{next_use}不能恢复。", True), ("本批次不再录取您。", True)]
    if has_list:
        losses.append(("您在本批次的候补和还没有应答的递补一并终止。", True))
    return with_later_rounds(losses, admission.application, at, beside=admission.round)


def describe_what_ifs(admission: Admission, at: datetime) -> list[WhatIf]:
    """What follows from each answer that is possible at `at`, and from none while one is awaited."""
    rows = []
    for answer in list_answers(admission, at):
        after = admission_states.TRANSITIONS.next_state(answer.value, admission.state)
        mark = _describe_change(admission, _list_answers(admission, after, at))
        effects = describe_answer_effects(admission, answer, at)
        rows.append(WhatIf(answer.label, effects, mark, is_final=mark == FINAL, value=answer.value))
    if rows and admission.state == admission_states.OFFERED:
        rows.append(WhatIf(SILENT, _describe_silence(admission, at)))
    return rows


def _describe_change(admission: Admission, answers: Sequence[Answer]) -> str:
    if not answers:
        return FINAL
    until = "" if admission.answer_by is None else format_spoken(admission.answer_by, closing=True)
    return f"{until}还可以改成{'、'.join(f'“{answer.label}”' for answer in answers)}"


def _describe_silence(admission: Admission, at: datetime) -> Effects:
    """The effects of no answer by the rule of the round, at the instant when it is applied."""
    match Silence(admission.round.silence):
        case Silence.HOLD:
            return [("名额留到报到截止；到那时没有去报到，名额就没有了。", True)]
        case Silence.ACCEPT:
            return [("时间一过，按接受办理：", False), *describe_answer_effects(admission, Answer.ACCEPT, at)]
        case Silence.DECLINE:
            ends = admission.answer_by or at
            return [("时间一过，按放弃办理：", True), *describe_answer_effects(admission, Answer.DECLINE, ends)]


def with_later_rounds(effects: Effects, application: Application, at: datetime, *, beside: Round) -> Effects:
    """The effects of giving a seat up, with what is open after `at`: first of all if there is nothing any more."""
    sentence = later_rounds_sentence(application, at, beside=beside)
    return [(sentence, True), *effects] if sentence == NONE_LEFT else [*effects, (sentence, False)]


def describe_offer_answer(offer: WaitingOffer, current: Admission | None, answer: OfferAnswer, at: datetime) -> Effects:
    """The effects of an answer to an offer, losses first.

    Args:
        current: the admission whose seat the student has now.
    """
    seat = f"“{offer.school.name} · {offer.programme.major}”"
    own = "" if current is None else f"“{current.school.name} · {current.programme.major}”"
    above = offer.rank - 1
    if answer is OfferAnswer.DECLINE:
        rest = f"仍候补前面的 {above} 个志愿。" if above else "您在本批次不再候补。"
        losses = [
            (f"{seat}的名额让给下一名候补的考生，不能恢复。", True),
            ("您不再候补这个志愿和它后面的志愿；" + rest, True),
        ]
        if own:
            return [*losses, (f"您在{own}的名额不受影响。", False)]
        return with_later_rounds(losses, offer.application, at, beside=offer.round)
    losses = [(f"您失去{own}的名额，它按候补次序递补给别人，不能恢复。", True)] if own else []
    if answer is OfferAnswer.ACCEPT and above:
        losses.append((f"您不再候补前面的 {above} 个志愿。", True))
    if not own:
        losses.append(NO_OTHER_ROUND)
    gains = [(f"您立即被{seat}录取，视为已接受，名额保留到报到截止。", False)]
    if answer is OfferAnswer.WAIT:
        gains.append((f"您继续候补前面的 {above} 个志愿。", False))
    return [*losses, *gains]


def describe_offer_what_ifs(offer: WaitingOffer, current: Admission | None, at: datetime) -> list[WhatIf]:
    """What follows from each answer to an offer that is possible at `at`, and from none; none when it is closed."""
    if offer.state != offer_states.OPEN or at >= offer.answer_by:
        return []
    answers = [one for one in OfferAnswer if one is not OfferAnswer.WAIT or offer.rank > 1]
    rows = [
        WhatIf(one.label, describe_offer_answer(offer, current, one, at), FINAL, is_final=True, value=one.value)
        for one in answers
    ]
    effects = describe_offer_answer(offer, current, OfferAnswer.DECLINE, offer.answer_by)
    return [*rows, WhatIf(SILENT, [("时间一过，按放弃递补办理：", True), *effects])]


def describe_standing_answer(up_to: int) -> Effects:
    """The effects of a standing answer for the first `up_to` choices; 0 switches it off."""
    if not up_to:
        return [("以后的录取和递补都由您本人在截止前应答，平台不再代为接受。", False)]
    ranks = f"第 1 至第 {up_to} 志愿" if up_to > 1 else "第 1 志愿"
    return [
        (f"{ranks}录取或递补到您时，平台立即替您接受，同时放弃您持有的更靠后的志愿，不能恢复。", True),
        ("接受之后继续候补更靠前的志愿；每次都发短信告诉您。", False),
        ("随时可以关闭或更改。", False),
    ]
