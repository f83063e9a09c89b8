"""Setting windows: two people decide, and a change of a window that has begun is announced.
(S23-5.06, R2.05, F-H1)
"""

from datetime import datetime

from yangguang.actions.base.action import dual_action, require_version, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Notice, Round, Season, Window
from yangguang.queries.seasons.seasons import window_of
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import WindowKind, format_instant, format_span


@dual_action("window.set", Right.ROUND_WINDOW_SET, replaces=("season", "round", "kind"))
def set_window(
    entry: AuditRecord,
    *,
    by: Actor,
    season: Season,
    round: Round | None,
    kind: WindowKind,
    opens_at: datetime | None,
    closes_at: datetime | None,
    source: str,
    seen: object = None,
) -> Window:
    """Set when something may be done: [opens_at, closes_at); None is 待定 and keeps the window shut.

    Every change of a window that has begun is announced on the front page in the same transaction. Extending a window
    after an outage is the same act.

    Args:
        seen: version of the window that the page showed, 0 for none; see `require_version`.

    Raises:
        VersionConflict: others set the window since.
        Refused: the end is not after the beginning, the round is of another season, or a window that has begun
            would lose time that has passed: what was received in it remains valid.
    """
    # Locking the season makes two officers wait for each other when they set the same new window.
    Season.objects.select_for_update().get(pk=season.pk)
    _require_settable(season, round, kind, opens_at, closes_at, seen, entry.at)
    times = {"opens_at": opens_at, "closes_at": closes_at, "source": source}
    window, is_new = Window.objects.get_or_create(season=season, round=round, kind=kind.value, defaults=times)
    if not is_new and (window.opens_at, window.closes_at) != (opens_at, closes_at):
        _change(entry, window, opens_at, closes_at, source)
    entry.set_subject(window)
    entry.add_facts(kind=kind.value, span=format_span(opens_at, closes_at), version=window.version)
    return window


@set_window.preflight
def _(
    at: datetime,
    *,
    by: Actor,
    season: Season,
    round: Round | None,
    kind: WindowKind,
    opens_at: datetime | None,
    closes_at: datetime | None,
    source: str,
    seen: object = None,
) -> None:
    _require_settable(season, round, kind, opens_at, closes_at, seen, at)


def _require_settable(
    season: Season,
    round: Round | None,
    kind: WindowKind,
    opens_at: datetime | None,
    closes_at: datetime | None,
    seen: object,
    at: datetime,
) -> None:
    if round is not None and round.season_id != season.pk:
        raise Refused(f"“{round.name}”不属于{season}", now="请重新选择批次")
    _check_span(kind, opens_at, closes_at)
    window = window_of(season, round, kind)
    require_version(window.version if window else 0, seen)
    if window is not None and (window.opens_at, window.closes_at) != (opens_at, closes_at):
        _require_time_ahead(window, opens_at, closes_at, at)


def _check_span(kind: WindowKind, opens_at: datetime | None, closes_at: datetime | None) -> None:
    """Raise Refused unless the ends have a time zone and are in order."""
    for instant, field in ((opens_at, "opens_at"), (closes_at, "closes_at")):
        if instant is not None and instant.tzinfo is None:
            raise Refused("时间没有写明时区", now="请按北京时间填写", where=field)
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        what, now = f"{kind.label}的截止时间不晚于开始时间", "请改正截止时间；“至X日止”填次日00:00"
        raise Refused(what, why=f"填写的是{format_span(opens_at, closes_at)}", now=now, where="closes_at")


def _has_begun(window: Window, at: datetime) -> bool:
    return window.opens_at is not None and window.opens_at <= at


def _require_time_ahead(window: Window, opens_at: datetime | None, closes_at: datetime | None, at: datetime) -> None:
    """Raise Refused if a window that has begun would lose time that has passed."""
    begun = _has_begun(window, at)
    if begun and opens_at != window.opens_at:
        raise Refused(
            "已经开始的时间段不能改动开始时间",
            why=f"它从{format_instant(window.opens_at)}起已经受理",
            now="如需延长，请只改截止时间",
            where="opens_at",
        )
    if begun and (closes_at is None or closes_at < at):
        raise Refused(
            "已经开始的时间段，截止时间不能改到过去或改为待定",
            why="已经受理的事项继续有效，不能用改动时间的办法作废",
            now="请填写现在以后的时间",
            where="closes_at",
        )


def _change(
    entry: AuditRecord, window: Window, opens_at: datetime | None, closes_at: datetime | None, source: str
) -> None:
    begun, before = _has_begun(window, entry.at), format_span(window.opens_at, window.closes_at)
    update_versioned(window, opens_at=opens_at, closes_at=closes_at, source=source)
    if begun:
        _announce(entry, window, before)


def _announce(entry: AuditRecord, window: Window, before: str) -> None:
    """Publish the notice of the change; a window that has begun is never changed without one."""
    kind = WindowKind(window.kind).label
    subject = f"{window.season}{f'“{window.round.name}”' if window.round else ''}{kind}"
    Notice.objects.create(
        unit_id=entry.by.require_unit(),
        title=f"{subject}时间调整",
        body=f"{subject}时间由“{before}”调整为“{format_span(window.opens_at, window.closes_at)}”。"
        "本公告在调整生效的同时由平台自动发布。",
        source=window.source,
        published_at=entry.at,
    )
    entry.add_facts(announced=True)
