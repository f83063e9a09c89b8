"""Who files a monthly form, until when, and whether it came in time. (S23-5.05, S24-5.03, S24-5.07)"""

from collections.abc import Iterable
from datetime import date, datetime

from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import SHANGHAI, until


def due_at(year: int, month: int, day: int) -> datetime:
    """The instant, exclusive, until which the form of a month is due on its day of the month."""
    return until(date(year, month, day))


def files_month(year: int, month: int, opened_on: date | None) -> bool:
    """Whether a unit files the form of a month: it was open before the month ended; None for always."""
    return opened_on is None or (opened_on.year, opened_on.month) <= (year, month)


def describe_timeliness(due: datetime | None, sent_at: datetime | None, now: datetime) -> str:
    """Whether a form was sent in time; of one that was not sent, how long there is or how late it is.

    Args:
        due: until when, exclusive; None for a form that is not sent, or where no rule fixes a day.
    """
    if due is None:
        return "已报送" if sent_at else "没有报送期限"
    instant = sent_at or now
    days = (due.astimezone(SHANGHAI).date() - instant.astimezone(SHANGHAI).date()).days
    if instant >= due:
        # On the day after the last one it is one day late.
        late = 1 - days
        return f"迟报{late}天" if sent_at else f"逾期{late}天未报"
    if sent_at:
        return "按时报送"
    return "今天截止" if days == 1 else f"还剩{days - 1}天"


def require_earlier_sealed(month: int, months: Iterable[int], sealed: Iterable[int]) -> None:
    """Raise Refused unless every earlier month with a form is sealed.

    Args:
        months: the months of a year in which the form is due. sealed: those that this unit has sealed.
    """
    missing = sorted(m for m in set(months) - set(sealed) if m < month)
    if missing:
        raise Refused(
            f"{missing[0]}月的月报还没有封存",
            why="后一个月的更正行以前面各月的封存数为准",
            now=f"请先计算、复核并封存{missing[0]}月的月报",
        )
