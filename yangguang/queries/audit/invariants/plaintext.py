"""Finds identity numbers and phones in columns that must not hold them unsealed. (T3.25)"""

from collections.abc import Iterator

from yangguang.postgres.sql import fetch_all
from yangguang.rules.base.id_number import check_digit

# Every text column of our tables and of the job queue. Sealed columns are bytes and not among them.
_COLUMNS = """
SELECT c.table_name::text, array_agg(c.column_name::text ORDER BY c.column_name) AS columns
FROM information_schema.columns AS c
JOIN information_schema.tables AS t USING (table_schema, table_name)
WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
  AND (c.table_name LIKE 'yangguang\\_%%' OR c.table_name = 'procrastinate_jobs')
  AND (c.data_type IN ('text', 'json', 'jsonb')
       OR (c.data_type = 'character varying' AND coalesce(c.character_maximum_length, 11) >= 11)
       OR (c.data_type = 'ARRAY' AND c.udt_name IN ('_text', '_varchar')))
GROUP BY c.table_name ORDER BY 1
"""
# In digests and keyed numbers digits and letters are adjacent; a number in plain text stands alone.
_NUMBER = (
    r"((?<![0-9A-Za-z])(?:[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])[0-9]{3}[0-9Xx]"
    r"|1[3-9][0-9]{9})(?![0-9A-Za-z]))"
)


def find_plain_personal_data() -> Iterator[str]:
    """Table, column and row id of every number in plain text; never the number."""
    for table, columns in fetch_all(_COLUMNS):
        texts = ", ".join(f"({index}, {column}::text)" for index, column in enumerate(columns))
        sql = f"""
            SELECT to_jsonb(t) ->> 'id' AS id, v.nth, (regexp_match(v.text, %(number)s))[1] AS number
            FROM {table} AS t CROSS JOIN LATERAL (VALUES {texts}) AS v(nth, text) WHERE v.text ~ %(number)s
        """
        for pk, nth, number in fetch_all(sql, {"number": _NUMBER}):
            if len(number) == 11 or check_digit(number[:17]) == number[17].upper():
                yield f"{table}.{columns[nth]}:{pk}"
