"""Facts that many statements ask for, each said once in SQL; what they mean stands in docs/mechanisms/sql.md."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Coalesce

SQL = Path(__file__).parent / "sql"


def create_fact(name: str, drop: str) -> migrations.RunSQL:
    """Run one file of `sql/`; `drop` takes it back."""
    return migrations.RunSQL([(SQL / f"{name}.sql").read_text()], [drop])


class Migration(migrations.Migration):
    dependencies = [("yangguang", "0004_messages_stay")]
    operations = [
        migrations.RenameField("person", "root", "merged_into"),
        migrations.AlterField(
            "person",
            "merged_into",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="yangguang.person",
                verbose_name="归并到",
            ),
        ),
        migrations.AddField(
            "person",
            "root_id",
            models.GeneratedField(
                db_index=True,
                db_persist=True,
                expression=Coalesce("merged_into", "id"),
                output_field=models.BigIntegerField(),
                verbose_name="占名额的人",
            ),
        ),
        create_fact("live_claim", "DROP VIEW live_claim"),
        create_fact("live_admission", "DROP VIEW live_admission"),
        create_fact("effective_window", "DROP FUNCTION effective_window"),
        create_fact("rule_in_force", "DROP FUNCTION rule_in_force"),
    ]
