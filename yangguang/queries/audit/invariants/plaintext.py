"""The search for identity numbers and phones where no column may hold them in the clear. (T3.25)"""

from collections.abc import Iterator

from yangguang.postgres.sql import fetch_all
from yangguang.rules.base.id_number import check_digit

# Every column that can hold a text, of our tables and of the job queue. Sealed columns are bytes and not among them.
_COLUMNS = """
SELECT c.table_name::text, c.column_name::text
FROM information_schema.columns AS c
JOIN information_schema.tables AS t USING (table_schema, table_name)
WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
  AND (c.table_name LIKE 'yangguang\\_%%' OR c.table_name = 'procrastinate_jobs')
  AND (c.data_type IN ('text', 'json', 'jsonb')
       OR (c.data_type = 'character varying' AND coalesce(c.character_maximum_length, 11) >= 11)
       OR (c.data_type = 'ARRAY' AND c.udt_name IN ('_text', '_varchar')))
ORDER BY 1, 2
"""
# Digests and keyed numbers run digits and letters together; a number in the clear stands alone.
_NUMBER = (
    r"(?<![0-9A-Za-z])(?:[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])[0-9]{3}[0-9Xx]"
    r"|1[3-9][0-9]{9})(?![0-9A-Za-z])"
)


def plain_personal_data() -> Iterator[str]:
    """Table, column and row of every number in the clear; never the number."""
    for table, columns in _text_columns().items():
        texts = ", ".join(f"({index}, {column}::text)" for index, column in enumerate(columns))
        sql = f"""
            SELECT to_jsonb(t) ->> 'id', v.nth, (regexp_match(v.text, %s))[1]
            FROM {table} AS t CROSS JOIN LATERAL (VALUES {texts}) AS v(nth, text) WHERE v.text ~ %s
        """
        programme_type = f"({_NUMBER})"
        for row, nth, number in fetch_all(sql, (programme_type, programme_type)):
            if len(number) == 11 or check_digit(number[:17]) == number[17].upper():
                yield f"{table}.{columns[nth]}:{row}"


def _text_columns() -> dict[str, list[str]]:
    """Table to its text columns."""
    found: dict[str, list[str]] = {}
    for table, column in fetch_all(_COLUMNS):
        found.setdefault(table, []).append(column)
    return found
