"""The practice clock, which passes through a season in an afternoon; production has none. (F-H1, F-H5)"""

from datetime import datetime

from django.conf import settings

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import PracticeClock
from yangguang.postgres.sql import fetch_one
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused


@action("clock.shift", Right.SEASON_PLAY_CLOCK)
def set_clock(entry: AuditRecord, *, by: Actor, to: datetime) -> None:
    """Set the database's clock to `to`, from this transaction on.

    Raises:
        Refused: outside the demonstration and practice.
    """
    if not settings.DEMO:
        raise Refused("正式环境不能调整时钟", why="所有截止时间以数据库时钟为准", now="请在演练环境操作")
    real = fetch_one("SELECT transaction_timestamp() AS at")
    assert real is not None
    PracticeClock.objects.update_or_create(only=True, defaults={"shift": to - real.at})
    entry.add_facts(to=to.isoformat())
