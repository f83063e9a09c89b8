"""One programme of a run for officers: the ranking with quotas, ties and cutoffs. (F-D3)"""

from datetime import datetime
from typing import NamedTuple

from yangguang.models import AdmissionRun, Programme
from yangguang.postgres.sql import Row, fetch_all
from yangguang.queries.applicants.aptitude_tests import SCORES_THERE
from yangguang.queries.disclosure.results import scores_are_public
from yangguang.rules.base import id_number
from yangguang.rules.runs.eligibility import DEDICATED

SIZE = 50


class RankedApplicant(NamedTuple):
    """An applicant who chose the programme.

    Args:
        score: total at this programme with the points of its aptitude test; None where the rules hide it.
        choice: rank of the programme among the choices. tied: others share score or place.
        quota: of the admission here, else "".
        code: the reason as it is stored, e.g. "admitted", "outranked", "higher_choice_admitted".
        elsewhere: code of the programme of a higher choice where the applicant is admitted, else "".
    """

    place: int
    number: str
    score: int | None
    choice: int
    tied: bool
    quota: str
    code: str
    elsewhere: str

    @property
    def masked(self) -> str:
        return id_number.mask(self.number)

    @property
    def admitted(self) -> bool:
        return self.code == "admitted"


class RankingPage(NamedTuple):
    """A page of a programme's ranking; `rows` has one more than `SIZE` when there is a next page.

    Args:
        cutoffs: name, seats, applicants, admitted, last_place and last_score of each quota, by priority.
    """

    programme: Programme
    cutoffs: list[Row]
    rows: list[RankedApplicant]
    barred: int
    with_scores: bool


_CUTOFFS = """
SELECT b.name, c.seats, c.applicants, c.admitted, c.last_place,
       CASE WHEN %(with_scores)s THEN c.last_score[1] END AS last_score
FROM yangguang_cutoff AS c JOIN yangguang_quota AS b ON b.id = c.quota_id
WHERE c.run_id = %(run)s AND c.programme_id = %(programme)s ORDER BY b.priority, b.code
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
           OR scores IS NOT DISTINCT FROM lag(scores) OVER ranking
           OR scores IS NOT DISTINCT FROM lead(scores) OVER ranking AS tied
    FROM scored WINDOW ranking AS (ORDER BY place, number COLLATE "C")
)
SELECT r.place, r.number, CASE WHEN %(with_scores)s THEN r.scores[1] END AS score, r.choice, r.tied,
       CASE WHEN r.programme_id = %(programme)s THEN coalesce(b.name, '') ELSE '' END AS quota, r.code,
       CASE WHEN r.code = 'higher_choice_admitted' THEN coalesce(l.code, '') ELSE '' END AS elsewhere
FROM ranked AS r
LEFT JOIN yangguang_quota AS b ON b.id = r.quota_id
LEFT JOIN yangguang_programme AS l ON l.id = r.programme_id
WHERE (r.place, r.number COLLATE "C") > (%(place)s, %(number)s)
ORDER BY r.place, r.number COLLATE "C" LIMIT %(limit)s
"""
_BARRED = f"{_NAMED} SELECT count(*) AS persons FROM named WHERE place IS NULL"
_PROGRAMMES = """
SELECT l.public_id, l.code, u.name AS school, l.major, sum(c.seats)::int AS seats, sum(c.admitted)::int AS admitted,
       max(c.applicants) AS applicants, (sum(c.seats) - sum(c.admitted))::int AS free,
       coalesce(sum(c.seats) FILTER (WHERE b.code = %(dedicated)s), 0)::int AS dedicated
FROM yangguang_cutoff AS c JOIN yangguang_programme AS l ON l.id = c.programme_id
JOIN yangguang_quota AS b ON b.id = c.quota_id
JOIN yangguang_plan AS p ON p.id = l.plan_id JOIN yangguang_unit AS u ON u.id = p.school_id
WHERE c.run_id = %(run)s AND l.code > %(after)s
GROUP BY l.id, u.name ORDER BY l.code LIMIT %(limit)s
"""


def get_ranking(
    run: AdmissionRun, programme: Programme, at: datetime, after: tuple[int, str] | None = None
) -> RankingPage | None:
    """A page of the programme's ranking beyond `after` (place, 报名号); None when the run has no list of the programme.

    Four queries, however long the list.
    """
    with_scores, (place, number) = scores_are_public(at), after or (0, "")
    params = {"run": run.pk, "programme": programme.pk, "place": place, "number": number, "with_scores": with_scores}
    cutoffs = fetch_all(_CUTOFFS, params)
    if not cutoffs:
        return None
    rows = [RankedApplicant(*row) for row in fetch_all(_RANKING, params | {"limit": SIZE + 1})]
    [barred] = fetch_all(_BARRED, params)
    return RankingPage(programme, cutoffs, rows, barred.persons, with_scores)


def list_programmes(run: AdmissionRun, after: str = "", limit: int = SIZE) -> list[Row]:
    """The programmes of a run by code beyond `after`, in numbers; one more than `limit` at most.

    `dedicated` of the seats are of dedicated classes; the public numbers leave them out.
    """
    return fetch_all(_PROGRAMMES, {"run": run.pk, "after": after, "limit": limit + 1, "dedicated": DEDICATED[0]})
