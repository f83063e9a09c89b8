"""Facts that many statements ask for, each defined once in SQL; docs/mechanisms/sql.md says what they mean."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"
FACTS = {
    "live_claim": "VIEW",
    "live_admission": "VIEW",
    "effective_window": "FUNCTION",
    "rule_in_force": "FUNCTION",
    "rule_number": "FUNCTION",
    "first_answer": "FUNCTION",
    "measure_in_force": "FUNCTION",
    "area_names": "FUNCTION",
}

# django-pgtrigger installs a function that lets any session switch triggers off with a setting. The triggers that
# protect history and results must fire for every session. A later migration that installs triggers must replace it again.
NO_IGNORING = """
CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE AS 'SELECT false'
"""


class Migration(migrations.Migration):
    dependencies = [("yangguang", "0003_audit_log")]
    operations = [
        migrations.RunSQL([(SQL / f"{name}.sql").read_text()], [f"DROP {kind} {name}"])
        for name, kind in FACTS.items()
    ] + [migrations.RunSQL(NO_IGNORING, migrations.RunSQL.noop)]
