-- The whole number of the policy rule of a key that holds for every case at an instant; no row, no number.
CREATE FUNCTION rule_number(instant timestamptz, wanted text)
RETURNS int
LANGUAGE sql STABLE AS $$
    SELECT (r.value #>> '{}')::int FROM rule_in_force(instant, ARRAY[wanted]) AS r WHERE r.applies_to = ''
$$;
