"""Kinds of windows; windows as half-open spans in Beijing time, and how they are written. (S23-5.06, R2.01, R2.02)

"至X日止" means until the next day 00:00, exclusive. A date that another body has not announced yet is None and is
written 待定; an act in a window without an end is refused.
"""

from datetime import date, datetime, time, timedelta, timezone

from yangguang.rules.base.labels import Labelled
from yangguang.rules.base.refusals import WindowClosed

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A fixed offset: China has had no summer time since 1992, so no zone files are needed."""

_PARTS_OF_DAY = ((6, "凌晨", 0), (12, "上午", 0), (13, "中午", 0), (18, "下午", 12), (24, "晚上", 12))
"""Up to which hour of the clock a part of the day lasts, its word, and what is taken off the hour."""
UNDATED_TEXT = "待定"


class WindowKind(Labelled):
    """What may be done while a window is open."""

    PLAN_ENTRY = "plan_entry", "计划录入"
    BROCHURE_REVIEW = "brochure_review", "简章审核"
    REGISTRATION = "registration", "报名"
    CHOICES = "choices", "志愿填报"
    REVIEW = "review", "志愿复核"
    ADMISSION = "admission", "录取"
    PUBLICATION = "publication", "结果公布"
    ANSWER = "answer", "应答"
    WAITING = "waiting", "候补递补"
    CHECK_IN = "check_in", "报到"
    RECORD_CHECK = "record_check", "学籍核验"
    REPORTING = "reporting", "月报"


class WindowStatus(Labelled):
    """Where an instant lies in a window."""

    BEFORE = "before", "未开始"
    OPEN = "open", "进行中"
    AFTER = "after", "已截止"
    UNDATED = "undated", "时间待定"


def start_of(day: date) -> datetime:
    """X日起: that day 00:00 in Beijing."""
    return datetime.combine(day, time(), SHANGHAI)


def until(day: date) -> datetime:
    """至X日止: the next day 00:00 in Beijing, exclusive."""
    return start_of(day) + timedelta(days=1)


def window_status(opens: datetime | None, closes: datetime | None, at: datetime) -> WindowStatus:
    """Where `at` lies; a window is OPEN only when both of its ends are known."""
    _aware(opens, closes, at)
    if closes is not None and at >= closes:
        return WindowStatus.AFTER
    if opens is not None and at < opens:
        return WindowStatus.BEFORE
    return WindowStatus.UNDATED if opens is None or closes is None else WindowStatus.OPEN


def check_open(label: str, opens: datetime | None, closes: datetime | None, at: datetime, *, clause: str = "") -> None:
    """Raise WindowClosed unless `at` lies in the window.

    Args:
        label: what the window is for, in Chinese: "填报志愿".
        at: the database's clock at receipt.

    Raises:
        WindowClosed: its sentence names both ends and `at`.
    """
    status = window_status(opens, closes, at)
    if status is WindowStatus.OPEN:
        return
    what, now = {
        WindowStatus.BEFORE: (f"{label}还没有开始", "请在开放后再来"),
        WindowStatus.AFTER: (f"{label}已经截止", "请在“招生时间”查看还有哪些批次"),
        WindowStatus.UNDATED: (f"{label}的时间还没有公布完整，现在不能办理", "请等待公布，或咨询当地招生主管部门"),
    }[status]
    why = f"开放时间为{format_span(opens, closes)}，收到您的请求是{format_instant(at, seconds=True)}"
    raise WindowClosed(what, why=why, now=now, clause=clause)


def format_time_left(closes: datetime | None, at: datetime) -> str:
    """The remaining time in its two largest units, rounded down so as not to promise too much: 还剩2天3小时."""
    _aware(closes, at)
    if closes is None:
        return f"截止时间{UNDATED_TEXT}"
    if at >= closes:
        return WindowStatus.AFTER.label
    seconds = int((closes - at).total_seconds())
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    units = [(days, "天"), (hours, "小时"), (minutes, "分钟")]
    first = next((i for i, (n, _) in enumerate(units) if n), None)
    if first is None:
        return "还剩不到1分钟"
    return "还剩" + "".join(f"{n}{unit}" for n, unit in units[first : first + 2] if n)


def format_instant(at: datetime | None, *, closing: bool = False, seconds: bool = False) -> str:
    """An instant in Beijing time; a closing midnight both ways: 2024年11月10日24:00（即11月11日00:00）."""
    if at is None:
        return UNDATED_TEXT
    _aware(at)
    local = at.astimezone(SHANGHAI)
    if closing and local.time() == time():
        day = local.date() - timedelta(days=1)
        next_year = f"{local.year}年" if local.year != day.year else ""
        return f"{format_day(day)}24:00（即{next_year}{local.month}月{local.day}日00:00）"
    return f"{format_day(local.date())}{local:%H:%M:%S}" if seconds else f"{format_day(local.date())}{local:%H:%M}"


def format_closing(closes: datetime | None) -> str:
    """2024年11月10日24:00（即11月11日00:00）截止, or 截止时间待定."""
    return f"截止时间{UNDATED_TEXT}" if closes is None else format_instant(closes, closing=True) + "截止"


def format_spoken(at: datetime | None, *, closing: bool = False) -> str:
    """An instant as a family says it: 11月8日（星期五）上午9点; a closing midnight: 11月10日（星期日）半夜12点前."""
    if at is None:
        return UNDATED_TEXT
    _aware(at)
    local = at.astimezone(SHANGHAI)
    if closing and local.time() == time():
        return f"{_spoken_day(local.date() - timedelta(days=1))}半夜12点前"
    part, hour = next((word, hours) for before, word, hours in _PARTS_OF_DAY if local.hour < before)
    minutes = f"{local.minute:02}分" if local.minute else ""
    return f"{_spoken_day(local.date())}{part}{local.hour - hour}点{minutes}{'前' if closing else ''}"


def _spoken_day(day: date) -> str:
    return f"{day.month}月{day.day}日（星期{'一二三四五六日'[day.weekday()]}）"


def format_short_day(at: datetime) -> str:
    """The day of an instant within a season: 11月8日."""
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日"


def format_span(opens: datetime | None, closes: datetime | None) -> str:
    """Both ends in one phrase: "2023年3月20日00:00至2023年4月20日24:00（即4月21日00:00）"."""
    return f"{format_instant(opens)}至{format_instant(closes, closing=True)}"


def format_day(day: date) -> str:
    """2024年8月20日, the one way in which pages write a day."""
    return f"{day.year}年{day.month}月{day.day}日"


def _aware(*instants: datetime | None) -> None:
    if any(instant is not None and instant.tzinfo is None for instant in instants):
        raise ValueError("instants carry a time zone")
