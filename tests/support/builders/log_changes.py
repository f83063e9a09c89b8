"""Changes of the log that only the owner of the database can make."""

from django.db import connection

from yangguang.models import AuditEntry


def change_log(sql: str) -> None:
    """Run a statement on the log with its trigger disabled."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE yangguang_auditentry DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE yangguang_auditentry ENABLE TRIGGER USER")


def shard_of_first_entry() -> int:
    """A chain with at least one entry."""
    return AuditEntry.objects.order_by("pk").values_list("shard", flat=True)[0]
