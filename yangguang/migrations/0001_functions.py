"""What every table leans on: ids, the clock and its practice shift. No database extension is needed."""

from django.db import migrations

UUID7 = """
CREATE FUNCTION yg_uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    -- RFC 9562: 48 bits of milliseconds, then the version (0100 of v4 becomes 0111) and the random rest.
    SELECT encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
                placing substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                FROM 1 FOR 6),
            52, 1), 53, 1),
        'hex')::uuid
$$
"""
# The body is read when it is called, so the table of the shift may come later.
CLOCK = """
CREATE FUNCTION yg_now() RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN transaction_timestamp() + coalesce((SELECT shift FROM yangguang_practiceclock), interval '0');
END $$
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(UUID7, "DROP FUNCTION yg_uuid7()"),
        migrations.RunSQL(CLOCK, "DROP FUNCTION yg_now()"),
    ]
