"""One programme of a run as its officers see it: the ranking with quotas, ties and the cut. (F-D3)"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yangguang.models import AdmissionRun, Programme
from yangguang.postgres.sql import fetch_all
from yangguang.queries.applicants.aptitude_tests import SCORES_THERE
from yangguang.queries.disclosure.results import scores_are_public
from yangguang.rules.base import id_number
from yangguang.rules.runs.eligibility import DEDICATED

SIZE = 50


@dataclass(frozen=True, slots=True)
class Ranked:
    """One who named the programme: own place, the masked number, and what became of it.

    Args:
        score: total score at this programme, own-test points included; None where the rules do not let it be shown.
        choice: as which choice the programme was named. tied: others share score or place with it.
        quota: through which seats the person came in, "" when not here.
        code: the reason as it is stored, e.g. "admitted", "outranked", "higher_choice_admitted".
        elsewhere: code of the programme of a higher choice where the person was admitted, "".
    """

    place: int
    number: str
    masked: str
    score: int | None
    choice: int
    tied: bool
    quota: str
    code: str
    elsewhere: str

    @property
    def admitted(self) -> bool:
        return self.code == "admitted"


@dataclass(frozen=True, slots=True)
class QuotaCut:
    """Where the list of one kind of seats ended."""

    name: str
    seats: int
    applicants: int
    admitted: int
    last_place: int | None
    last_score: int | None


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """A page of a programme's ranking; `rows` holds one more than `SIZE` when there is a next page."""

    programme: Programme
    cuts: tuple[QuotaCut, ...]
    rows: tuple[Ranked, ...]
    barred: int
    with_scores: bool


_CUTS = """
SELECT b.name, c.seats, c.applicants, c.admitted, c.last_place, c.last_score[1]
FROM yangguang_cutoff AS c JOIN yangguang_quota AS b ON b.id = c.quota_id
WHERE c.run_id = %s AND c.programme_id = %s ORDER BY b.priority, b.code
"""
_NAMED = """
WITH named AS (
    SELECT s.application_id, s.programme_id, s.quota_id, s.codes[w.at] AS code, s.places[w.at] AS place,
           w.at::int AS choice
    FROM yangguang_placement AS s, LATERAL (SELECT array_position(s.programmes, %(programme)s) AS at) AS w
    WHERE s.run_id = %(run)s AND s.programmes @> ARRAY[%(programme)s]::bigint[]
)
"""
_RANKING = f"""
{_NAMED}, scored AS (
    SELECT n.*, a.number, {SCORES_THERE} AS scores
    FROM named AS n JOIN yangguang_application AS a ON a.id = n.application_id
    LEFT JOIN yangguang_aptitudetestresult AS t ON t.application_id = a.id AND t.programme_id = %(programme)s
    WHERE n.place IS NOT NULL
), ranked AS (
    SELECT *, count(*) OVER (PARTITION BY place) > 1
           OR scores IS NOT DISTINCT FROM lag(scores) OVER way
           OR scores IS NOT DISTINCT FROM lead(scores) OVER way AS tied
    FROM scored WINDOW way AS (ORDER BY place, number COLLATE "C")
)
SELECT r.place, r.number, r.scores[1], r.choice, r.tied,
       CASE WHEN r.programme_id = %(programme)s THEN b.name ELSE '' END, r.code,
       CASE WHEN r.code = 'higher_choice_admitted' THEN l.code ELSE '' END
FROM ranked AS r
LEFT JOIN yangguang_quota AS b ON b.id = r.quota_id
LEFT JOIN yangguang_programme AS l ON l.id = r.programme_id
WHERE (r.place, r.number COLLATE "C") > (%(place)s, %(number)s)
ORDER BY r.place, r.number COLLATE "C" LIMIT %(limit)s
"""
_BARRED = f"{_NAMED} SELECT count(*) FROM named WHERE place IS NULL"
_PROGRAMMES = """
SELECT l.public_id, l.code, u.name, l.major, sum(c.seats), sum(c.admitted), max(c.applicants),
       coalesce(sum(c.seats) FILTER (WHERE b.code = %(dedicated)s), 0)
FROM yangguang_cutoff AS c JOIN yangguang_programme AS l ON l.id = c.programme_id
JOIN yangguang_quota AS b ON b.id = c.quota_id
JOIN yangguang_plan AS p ON p.id = l.plan_id JOIN yangguang_unit AS u ON u.id = p.school_id
WHERE c.run_id = %(run)s AND l.code > %(after)s
GROUP BY l.id, u.name ORDER BY l.code LIMIT %(limit)s
"""


def programme_page(
    run: AdmissionRun, programme: Programme, at: datetime, after: tuple[int, str] | None = None
) -> ProgrammePage | None:
    """A page of the programme's ranking beyond `after` (place, 报名号); None when the run has no list of the programme.

    Four queries, however long the list.
    """
    with_scores = scores_are_public(at)
    cuts = tuple(_cut(row, with_scores) for row in fetch_all(_CUTS, (run.pk, programme.pk)))
    if not cuts:
        return None
    place, number = after or (0, "")
    asked = {"run": run.pk, "programme": programme.pk, "place": place, "number": number, "limit": SIZE + 1}
    rows = tuple(_ranked(row, with_scores) for row in fetch_all(_RANKING, asked))
    return ProgrammePage(programme, cuts, rows, int(fetch_all(_BARRED, asked)[0][0]), with_scores)


@dataclass(frozen=True, slots=True)
class ProgrammeNumbers:
    """A programme of a run in numbers.

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


def programme_numbers(run: AdmissionRun, after: str = "", limit: int = SIZE) -> list[ProgrammeNumbers]:
    """The programmes of a run by code beyond `after`; one more than `limit` at most."""
    rows = fetch_all(_PROGRAMMES, {"run": run.pk, "after": after, "limit": limit + 1, "dedicated": DEDICATED[0]})
    return [ProgrammeNumbers(*row[:4], *map(int, row[4:])) for row in rows]


def _cut(row: tuple[Any, ...], with_scores: bool) -> QuotaCut:
    name, seats, applicants, admitted, place, score = row
    return QuotaCut(name, seats, applicants, admitted, place, score if with_scores else None)


def _ranked(row: tuple[Any, ...], with_scores: bool) -> Ranked:
    place, number, score, choice, tied, quota, code, elsewhere = row
    return Ranked(
        place,
        number,
        id_number.mask(number),
        score if with_scores else None,
        choice,
        tied,
        quota or "",
        code,
        elsewhere or "",
    )
