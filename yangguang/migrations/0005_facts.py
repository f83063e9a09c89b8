"""Facts that many statements ask for, each said once in SQL; what they mean stands in docs/mechanisms/sql.md."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


def create_fact(name: str, drop: str) -> migrations.RunSQL:
    """Run one file of `sql/`; `drop` takes it back."""
    return migrations.RunSQL([(SQL / f"{name}.sql").read_text()], [drop])


class Migration(migrations.Migration):
    dependencies = [("yangguang", "0004_messages_stay")]
    operations = [
        create_fact("live_claim", "DROP VIEW live_claim"),
        create_fact("live_admission", "DROP VIEW live_admission"),
        create_fact("effective_window", "DROP FUNCTION effective_window"),
        create_fact("rule_in_force", "DROP FUNCTION rule_in_force"),
    ]
