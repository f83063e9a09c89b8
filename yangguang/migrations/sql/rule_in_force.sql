-- The policy rules of these keys in force on the Beijing day of an instant: for each key and scope the row that
-- began last.
CREATE FUNCTION rule_in_force(instant timestamptz, keys text[])
RETURNS SETOF yangguang_policyrule
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (r.key, r.applies_to) r.*
    FROM yangguang_policyrule AS r
    WHERE r.key = ANY(keys)
      AND r.valid_from <= (instant AT TIME ZONE 'Asia/Shanghai')::date
      AND (r.valid_to IS NULL OR r.valid_to >= (instant AT TIME ZONE 'Asia/Shanghai')::date)
    ORDER BY r.key, r.applies_to, r.valid_from DESC
$$;
