"""The set-based statements of `directory.load`: one JSON array of rows in, one statement a table."""

# The columns that a later load replaces.
_REPLACED = tuple(
    ["name", "pinyin", "initials", "kind", "level", "governed_by", "owner", "region_code", "source", "opened_on"]
)
_COLUMNS, _STORED, _NEW = (", ".join(prefix + name for name in _REPLACED) for prefix in ("", "u.", "excluded."))
UNITS = f"""
INSERT INTO yangguang_unit AS u (code, sector, is_demo, is_new, path, {_COLUMNS})
SELECT code, sector, is_demo, is_new, '', {_COLUMNS} FROM jsonb_populate_recordset(NULL::yangguang_unit, %s::jsonb)
ON CONFLICT (code) DO UPDATE SET ({_COLUMNS}) = ({_NEW}) WHERE ({_STORED}) IS DISTINCT FROM ({_NEW})
"""

# Who reports to whom, which the region code does not show.
PARENTS = """
UPDATE yangguang_unit AS u SET parent_id = above.id
FROM jsonb_to_recordset(%s::jsonb) AS r(code text, reports_to text)
JOIN yangguang_unit AS above ON above.code = r.reports_to
WHERE u.code = r.code AND u.parent_id IS DISTINCT FROM above.id
"""

PATHS = """
WITH RECURSIVE tree AS (
    SELECT id, id || '/' AS path FROM yangguang_unit WHERE parent_id IS NULL
    UNION ALL
    SELECT u.id, tree.path || u.id || '/' FROM yangguang_unit u JOIN tree ON u.parent_id = tree.id
)
UPDATE yangguang_unit AS u SET path = tree.path FROM tree
WHERE u.id = tree.id AND u.path <> tree.path
"""

RULES = """
INSERT INTO yangguang_policyrule (key, value, applies_to, valid_from, valid_to, source, clause, is_demo)
SELECT key, value::jsonb, applies_to, valid_from, nullif(valid_to, '')::date, source, clause, sure = '演示'
FROM jsonb_to_recordset(%s::jsonb) AS r(
    key text, value text, applies_to text, valid_from date, valid_to text, source text, clause text, sure text)
ON CONFLICT (key, applies_to, valid_from) DO NOTHING
"""

VIOLATIONS = """
INSERT INTO yangguang_violationkind (year, position, text, source, clause)
SELECT year, position, text, source, clause
FROM jsonb_to_recordset(%s::jsonb) AS r(year int, position int, text text, source text, clause text)
ON CONFLICT (year, position) DO NOTHING
"""

SEASONS = """
INSERT INTO yangguang_season (year, term, source, is_practice)
SELECT year, term, source, false
FROM jsonb_to_recordset(%s::jsonb) AS r(year int, term text, source text)
ON CONFLICT (year, term) DO NOTHING
"""

ROUNDS = """
INSERT INTO yangguang_round (season_id, number, name, kind, max_choices, max_majors_per_school, origins,
                             programme_types, silence, tie_order, keeps_waiting_list, version)
SELECT s.id, r.number, r.name, r.kind, r.max_choices, r.max_majors_per_school,
       string_to_array(r.origins, ';'), string_to_array(r.programme_types, ';'), r.silence, r.tie_order,
       r.keeps_waiting_list = '1', 1
FROM jsonb_to_recordset(%s::jsonb) AS r(
    year int, term text, number int, name text, kind text, max_choices int, max_majors_per_school int,
    programme_types text, origins text, silence text, tie_order text[], keeps_waiting_list text)
JOIN yangguang_season s ON s.year = r.year AND s.term = r.term
ON CONFLICT (season_id, number) DO NOTHING
"""

# 至X日止 is the next day 00:00 in Beijing, exclusive; an empty date is 待定.
WINDOWS = """
INSERT INTO yangguang_window (season_id, round_id, kind, opens_at, closes_at, source, version)
SELECT s.id, b.id, r.kind, nullif(r.opens_on, '')::date::timestamp AT TIME ZONE 'Asia/Shanghai',
       (nullif(r.closes_on, '')::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai', r.source, 1
FROM jsonb_to_recordset(%s::jsonb) AS r(
    year int, term text, round text, kind text, opens_on text, closes_on text, source text)
JOIN yangguang_season s ON s.year = r.year AND s.term = r.term
LEFT JOIN yangguang_round b ON b.season_id = s.id AND b.number = nullif(r.round, '')::int
WHERE nullif(r.round, '') IS NULL OR b.id IS NOT NULL
ON CONFLICT (season_id, round_id, kind) DO NOTHING
"""

QUALIFY = """
INSERT INTO yangguang_qualification (unit_id, year, basis, as_of, published_at)
SELECT id, %s, %s, %s, %s FROM yangguang_unit WHERE id = ANY(%s) ORDER BY code
ON CONFLICT (unit_id, year) DO UPDATE
SET published_at = excluded.published_at, basis = excluded.basis, as_of = excluded.as_of
WHERE yangguang_qualification.published_at IS NULL OR yangguang_qualification.as_of <> excluded.as_of
"""
