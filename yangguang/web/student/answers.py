"""What a student may answer, and what each answer costs: losses first, in words of its own. (domain-rules §6)"""

from yangguang.models import Admission
from yangguang.rules import admission_states
from yangguang.rules.labels import Labelled


class Answer(Labelled):
    """One answer; the label is what the button says."""

    ACCEPT = "accept", "接受录取"
    WAIT = "wait", "接受并候补更高志愿"
    DECLINE = "decline", "放弃录取"


def answers_to(admission: Admission) -> list[Answer]:
    """The answers its state still allows; waiting only where there is a list and a choice above."""
    moves = {move.name for move in admission_states.MOVES.open_from(admission.state)}
    waits = admission.round.keeps_waiting_list and (admission.rank or 1) > 1
    return [one for one in Answer if one.value in moves and (one is not Answer.WAIT or waits)]


def effects_of(admission: Admission, answer: Answer) -> list[tuple[str, bool]]:
    """What the answer does: (sentence, is it a loss), losses first."""
    where = f"“{admission.school.name} · {admission.plan_line.major}”"
    above = (admission.rank or 1) - 1
    later = ("您不再参加本年度之后的补录和免试注册。", True)
    if answer is Answer.ACCEPT:
        waited = above if admission.round.keeps_waiting_list else 0
        lost = [later] + ([(f"您不再候补前面的 {waited} 个志愿。", True)] if waited else [])
        return [
            *lost,
            (f"您在{where}的学位保留到报到截止。", False),
            ("报到前仍可放弃，学校不能阻拦。", False),
        ]
    if answer is Answer.WAIT:
        return [
            later,
            (f"您愿意候补前面的 {above} 个志愿，这一点会记下来；平台不会替您改录。", False),
            (f"您在{where}的学位保留到报到截止。", False),
        ]
    return [
        (f"您失去{where}的学位，它立即让给其他考生，不能恢复。", True),
        ("本批次不再录取您。", True),
        ("您可以参加之后的补录或免试注册。", False),
    ]
