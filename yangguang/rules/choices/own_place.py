"""Where the round before ended at a programme, beside the reader's own score, as one sentence. (F-D13)"""


def describe_own_place(
    round: str, *, seats: int, admitted: int | None, last_place: int | None, last_score: int | None, own: int | None
) -> str:
    """The public result of an earlier round beside the own total, or "" where too little is public.

    Args:
        round: its name. seats, admitted: persons; None is too few to publish.
        last_place, last_score: of the last person admitted, as far as they are public.
        own: the reader's total of the entrance examination; None without one.
    """
    if admitted is None or last_place is None:
        return ""
    if admitted < seats:
        return f"{round}没有录满"
    if last_score is None or own is None:
        return f"{round}录到第{last_place:,}位"
    beside = "一样" if own == last_score else f"{'高' if own > last_score else '低'}{abs(own - last_score)}分"
    return f"{round}录到第{last_place:,}位，最低{last_score}分；您{own}分，{beside}"
