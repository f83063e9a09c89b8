"""Changes of the log that only the owner of the database can make, and a root of the log."""

from datetime import date

from django.db import connection

from tests.support.owner import without_triggers
from yangguang.models import AuditEntry, AuditRoot
from yangguang.rules.audit.merkle import root_of_ends


def change_log(sql: str) -> None:
    """Run a statement on the log with its trigger disabled."""
    with without_triggers("yangguang_auditentry"), connection.cursor() as cursor:
        cursor.execute(sql)


def shard_of_first_entry() -> int:
    """A chain with at least one entry."""
    return AuditEntry.objects.order_by("pk").values_list("shard", flat=True)[0]


def create_root(day: date) -> AuditRoot:
    """A root of made-up chain ends that agrees with them."""
    links = [bytes([n] * 32) for n in range(256)]
    return AuditRoot.objects.create(
        day=day,
        root=root_of_ends([(1, link) for link in links]).hex(),
        entries=256,
        heads=[[1, link.hex()] for link in links],
    )
