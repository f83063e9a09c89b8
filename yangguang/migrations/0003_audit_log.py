"""The 256 chain heads, and the roles of the processes: what serves may append to the log and never rewrite it."""

from django.db import migrations

# Room beside each head for its next versions, so that appending neither reads nor crowds the other chains.
HEADS = """
ALTER TABLE yangguang_auditchainhead SET (fillfactor = 10);
INSERT INTO yangguang_auditchainhead (shard, length, link)
SELECT n, 0, decode(repeat('00', 32), 'hex') FROM generate_series(0, 255) AS n
"""
# Grants stand beside the append-only triggers: a trigger can be dropped by its owner, a grant binds the server.
# Roles belong to the whole cluster, so another database may have made them already.
#
#   yangguang_app      what web and worker may do, a group without a log-in
#   yangguang_web      the log-in of the web server, a member of it
#   yangguang_worker   the log-in of the background worker, a member of it
#   yangguang_reader   reads everything and writes nothing: checks of log and invariants, reports
#
# The installer sets a password for each of the three; until then they cannot log in.
ROLES = """
DO $$
DECLARE wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['yangguang_app', 'yangguang_web', 'yangguang_worker', 'yangguang_reader'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END LOOP;
    BEGIN
        GRANT yangguang_app TO yangguang_web, yangguang_worker;
    EXCEPTION WHEN insufficient_privilege THEN NULL;
    END;
END $$;
"""
GRANTS = """
GRANT USAGE ON SCHEMA public TO yangguang_app, yangguang_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO yangguang_app, yangguang_reader;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO yangguang_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO yangguang_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO yangguang_app, yangguang_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT INSERT, UPDATE, DELETE ON TABLES TO yangguang_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO yangguang_app;
REVOKE UPDATE, DELETE ON yangguang_auditentry, yangguang_auditroot FROM yangguang_app;
REVOKE INSERT, DELETE ON yangguang_auditchainhead FROM yangguang_app;
REVOKE DELETE, TRUNCATE ON yangguang_message FROM yangguang_app;
-- Rules are loaded and the practice clock is set from the server's console, as the owner.
REVOKE INSERT, UPDATE, DELETE ON yangguang_policyrule, yangguang_practiceclock FROM yangguang_app;
DO $$
DECLARE history regclass;
BEGIN
    FOR history IN
        SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname LIKE 'yangguang\\_%event'
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE ON %s FROM yangguang_app', history);
    END LOOP;
    -- The owner must be able to become the serving role; a superuser always can.
    BEGIN
        EXECUTE format('GRANT yangguang_app TO %I', current_user);
    EXCEPTION WHEN insufficient_privilege OR invalid_grant_operation THEN NULL;
    END;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("yangguang", "0002_tables"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [
        migrations.RunSQL(HEADS, "DELETE FROM yangguang_auditchainhead"),
        migrations.RunSQL(ROLES, migrations.RunSQL.noop),
        migrations.RunSQL(GRANTS, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM yangguang_app"),
    ]
