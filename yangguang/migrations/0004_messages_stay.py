"""What was told is not untold: no DELETE of messages by the serving role, none by anybody's slip."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("yangguang", "0003_audit_ground")]
    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='message',
            trigger=pgtrigger.compiler.Trigger(name='undeletable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'undeletable: %', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='691fc0dac35cee2e8a8424827b89c38aaabced58', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_undeletable_a8297', table='yangguang_message', when='BEFORE')),
        ),
        migrations.RunSQL(
            "REVOKE DELETE, TRUNCATE ON yangguang_message FROM yangguang_app",
            "GRANT DELETE ON yangguang_message TO yangguang_app",
        ),
    ]
