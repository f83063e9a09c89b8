-- The measures against schools in force at an instant: decided, begun and not ended
-- (rules/supervision/sanctions.py says what each does).
CREATE FUNCTION measure_in_force(at timestamptz)
RETURNS TABLE (id bigint, unit_id bigint, kind text, sentence text, cap integer, starts_at timestamptz, ends_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT x.id, x.unit_id, x.kind, x.sentence, x.cap, x.starts_at, x.ends_at
    FROM yangguang_sanction AS x
    WHERE x.decided_at <= at AND x.starts_at <= at AND (x.ends_at IS NULL OR x.ends_at > at)
$$;
