-- When something may be done: the round's own window of the kind, or else its season's. One row, or none when no
-- window is set. Where one of the people was given more time, the window closes when that time ends.
CREATE FUNCTION effective_window(of_season bigint, of_round bigint, of_kind text, people bigint[] DEFAULT NULL)
RETURNS TABLE (id bigint, opens_at timestamptz, closes_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT w.id, w.opens_at, greatest(w.closes_at, (
        SELECT max(e.until) FROM yangguang_windowexception AS e
        WHERE e.window_id = w.id AND e.person_id = ANY(people)))
    FROM yangguang_window AS w
    WHERE w.kind = of_kind AND w.season_id = of_season AND (w.round_id = of_round OR w.round_id IS NULL)
    ORDER BY w.round_id NULLS LAST LIMIT 1
$$;
