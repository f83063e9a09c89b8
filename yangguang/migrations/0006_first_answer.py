"""The look-up of a request's first answer behind its lock, in one statement."""

from pathlib import Path

from django.db import migrations

FIRST_ANSWER = (Path(__file__).parent / "sql" / "first_answer.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("yangguang", "0005_facts")]
    operations = [migrations.RunSQL([FIRST_ANSWER], ["DROP FUNCTION first_answer"])]
