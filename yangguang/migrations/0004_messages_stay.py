"""What was told is not untold: no DELETE of messages by the serving role, none by anybody's slip."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("yangguang", "0003_audit_ground")]
    operations = [
        migrations.RunSQL(
            "REVOKE DELETE, TRUNCATE ON yangguang_message FROM yangguang_app",
            "GRANT DELETE ON yangguang_message TO yangguang_app",
        ),
    ]
