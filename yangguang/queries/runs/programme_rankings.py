"""One line of a run as its officers see it: the ranking with buckets, ties and the cut. (D3)"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yangguang.models import AdmissionRun, PlanLine
from yangguang.queries.applicants.aptitude_tests import SCORES_THERE
from yangguang.queries.disclosure.results import scores_are_shown
from yangguang.queries.rows import fetch_all
from yangguang.rules.base import id_number
from yangguang.rules.runs.eligibility import DEDICATED

SIZE = 50


@dataclass(frozen=True, slots=True)
class Ranked:
    """One who named the line: own place, the masked number, and what became of it.

    Args:
        score: total score at this line, own-test points included; None where the rules do not let it be shown.
        choice: as which choice the line was named. tied: others share score or place with it.
        bucket: through which seats the person came in, "" when not here.
        code: the reason as it is stored, e.g. "admitted", "outranked", "higher_choice_admitted".
        elsewhere: code of the line of a higher choice where the person was admitted, "".
    """

    place: int
    number: str
    masked: str
    score: int | None
    choice: int
    tied: bool
    bucket: str
    code: str
    elsewhere: str

    @property
    def admitted(self) -> bool:
        return self.code == "admitted"


@dataclass(frozen=True, slots=True)
class BucketCut:
    """Where the list of one kind of seats ended."""

    name: str
    seats: int
    applicants: int
    admitted: int
    last_place: int | None
    last_score: int | None


@dataclass(frozen=True, slots=True)
class LinePage:
    """A page of a line's ranking; `rows` holds one more than `SIZE` when there is a next page."""

    line: PlanLine
    cuts: tuple[BucketCut, ...]
    rows: tuple[Ranked, ...]
    barred: int
    with_scores: bool


_CUTS = """
SELECT b.name, c.seats, c.applicants, c.admitted, c.last_place, c.last_score[1]
FROM yangguang_cut AS c JOIN yangguang_planbucket AS b ON b.id = c.bucket_id
WHERE c.run_id = %s AND c.plan_line_id = %s ORDER BY b.priority, b.code
"""
_NAMED = """
WITH named AS (
    SELECT s.application_id, s.plan_line_id, s.bucket_id, s.codes[w.at] AS code, s.places[w.at] AS place,
           w.at::int AS choice
    FROM yangguang_placement AS s, LATERAL (SELECT array_position(s.lines, %(line)s) AS at) AS w
    WHERE s.run_id = %(run)s AND s.lines @> ARRAY[%(line)s]::bigint[]
)
"""
_RANKING = f"""
{_NAMED}, scored AS (
    SELECT n.*, a.number, {SCORES_THERE} AS scores
    FROM named AS n JOIN yangguang_application AS a ON a.id = n.application_id
    LEFT JOIN yangguang_owntestresult AS t ON t.application_id = a.id AND t.plan_line_id = %(line)s
    WHERE n.place IS NOT NULL
), ranked AS (
    SELECT *, count(*) OVER (PARTITION BY place) > 1
           OR scores IS NOT DISTINCT FROM lag(scores) OVER way
           OR scores IS NOT DISTINCT FROM lead(scores) OVER way AS tied
    FROM scored WINDOW way AS (ORDER BY place, number COLLATE "C")
)
SELECT r.place, r.number, r.scores[1], r.choice, r.tied,
       CASE WHEN r.plan_line_id = %(line)s THEN b.name ELSE '' END, r.code,
       CASE WHEN r.code = 'higher_choice_admitted' THEN l.code ELSE '' END
FROM ranked AS r
LEFT JOIN yangguang_planbucket AS b ON b.id = r.bucket_id
LEFT JOIN yangguang_planline AS l ON l.id = r.plan_line_id
WHERE (r.place, r.number COLLATE "C") > (%(place)s, %(number)s)
ORDER BY r.place, r.number COLLATE "C" LIMIT %(limit)s
"""
_BARRED = f"{_NAMED} SELECT count(*) FROM named WHERE place IS NULL"
_LINES = """
SELECT l.public_id, l.code, u.name, l.major, sum(c.seats), sum(c.admitted), max(c.applicants),
       coalesce(sum(c.seats) FILTER (WHERE b.code = %(dedicated)s), 0)
FROM yangguang_cut AS c JOIN yangguang_planline AS l ON l.id = c.plan_line_id
JOIN yangguang_planbucket AS b ON b.id = c.bucket_id
JOIN yangguang_plan AS p ON p.id = l.plan_id JOIN yangguang_unit AS u ON u.id = p.school_id
WHERE c.run_id = %(run)s AND l.code > %(after)s
GROUP BY l.id, u.name ORDER BY l.code LIMIT %(limit)s
"""


def line_page(
    run: AdmissionRun, line: PlanLine, at: datetime, after: tuple[int, str] | None = None
) -> LinePage | None:
    """A page of the line's ranking beyond `after` (place, 报名号); None when the run has no list of the line.

    Four queries, however long the list.
    """
    with_scores = scores_are_shown(at)
    cuts = tuple(_cut(row, with_scores) for row in fetch_all(_CUTS, (run.pk, line.pk)))
    if not cuts:
        return None
    place, number = after or (0, "")
    asked = {"run": run.pk, "line": line.pk, "place": place, "number": number, "limit": SIZE + 1}
    rows = tuple(_ranked(row, with_scores) for row in fetch_all(_RANKING, asked))
    return LinePage(line, cuts, rows, int(fetch_all(_BARRED, asked)[0][0]), with_scores)


@dataclass(frozen=True, slots=True)
class LineNumbers:
    """A line of a run in numbers.

    Args:
        seats: of all kinds. dedicated: how many of them are of dedicated classes; the public sees the others only.
    """

    public_id: Any
    code: str
    school: str
    major: str
    seats: int
    admitted: int
    applicants: int
    dedicated: int

    @property
    def free(self) -> int:
        return self.seats - self.admitted


def line_numbers(run: AdmissionRun, after: str = "", limit: int = SIZE) -> list[LineNumbers]:
    """The lines of a run by code beyond `after`; one more than `limit` at most."""
    rows = fetch_all(_LINES, {"run": run.pk, "after": after, "limit": limit + 1, "dedicated": DEDICATED[0]})
    return [LineNumbers(*row[:4], *map(int, row[4:])) for row in rows]


def _cut(row: tuple[Any, ...], with_scores: bool) -> BucketCut:
    name, seats, applicants, admitted, place, score = row
    return BucketCut(name, seats, applicants, admitted, place, score if with_scores else None)


def _ranked(row: tuple[Any, ...], with_scores: bool) -> Ranked:
    place, number, score, choice, tied, bucket, code, elsewhere = row
    return Ranked(
        place, number, id_number.mask(number), score if with_scores else None, choice, tied, bucket or "", code,
        elsewhere or "",
    )  # fmt: skip
