"""The 256 chain heads, and the role that serving processes run as: it may append to the log and never rewrite it."""

from django.db import migrations

# Room beside each head for its next versions, so that appending neither reads nor crowds the other chains.
HEADS = """
ALTER TABLE yangguang_auditchainhead SET (fillfactor = 10);
INSERT INTO yangguang_auditchainhead (shard, length, link)
SELECT n, 0, decode(repeat('00', 32), 'hex') FROM generate_series(0, 255) AS n
"""
# Grants stand beside the append-only triggers: a trigger can be dropped by its owner, a grant binds the server.
# Roles belong to the whole cluster, so another database may have made this one already.
GRANTS = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'yangguang_app') THEN
        CREATE ROLE yangguang_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT USAGE ON SCHEMA public TO yangguang_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO yangguang_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO yangguang_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO yangguang_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO yangguang_app;
REVOKE UPDATE, DELETE ON yangguang_auditentry, yangguang_auditroot FROM yangguang_app;
REVOKE INSERT, DELETE ON yangguang_auditchainhead FROM yangguang_app;
REVOKE DELETE, TRUNCATE ON yangguang_message FROM yangguang_app;
DO $$ BEGIN
    -- The owner must be able to become the serving role; a superuser always can.
    EXECUTE format('GRANT yangguang_app TO %I', current_user);
EXCEPTION WHEN insufficient_privilege OR invalid_grant_operation THEN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("yangguang", "0002_tables"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [
        migrations.RunSQL(HEADS, "DELETE FROM yangguang_auditchainhead"),
        migrations.RunSQL(GRANTS, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM yangguang_app"),
    ]
