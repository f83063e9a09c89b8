"""The page of a round, the difference between two runs, and the public numbers of a published one. (F-D3, F-D5)"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Sum

from yangguang.models import AdmissionRun, Round
from yangguang.postgres.sql import Row, fetch_all
from yangguang.queries.disclosure.disclosure_limits import OPEN_SEATS, load_disclosure_limits
from yangguang.queries.disclosure.results import scores_are_public
from yangguang.queries.runs.preconditions import RANKED, Check, list_checks
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.queries.seasons.seasons import current_season
from yangguang.queries.seasons.windows import effective_span
from yangguang.rules.base import id_number
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs import run_states
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.windows import WindowKind


class RoundPage(NamedTuple):
    """A round for its officers: (kind, opens, closes) of its windows, numbers, conditions of a run, runs."""

    windows: tuple[tuple[WindowKind, datetime | None, datetime | None], ...]
    programmes: int
    seats: int
    applicants: int
    choices: int
    checks: tuple[Check, ...]
    runs: tuple[AdmissionRun, ...]


_CHOICES = """
SELECT count(*) AS applicants, coalesce(sum(cardinality(programmes)), 0)::int AS choices FROM (
    SELECT DISTINCT ON (v.application_id) v.programmes FROM yangguang_choiceversion AS v
    JOIN yangguang_application AS a ON a.id = v.application_id AND a.state = 'CHOSEN'
    WHERE v.round_id = %s ORDER BY v.application_id, v.number DESC
) AS in_force
"""
_OF_ROUND = (WindowKind.CHOICES, WindowKind.REVIEW, WindowKind.ADMISSION, WindowKind.PUBLICATION, WindowKind.ANSWER)


def get_round_page(round: Round, at: datetime) -> RoundPage:
    """Everything on the page of one round; the number of queries does not grow with it."""
    spans = [(kind, effective_span(kind, round)) for kind in _OF_ROUND]
    programmes = round.programmes.aggregate(count=Count("pk"), seats=Sum("seats"))
    applicants, choices = count_choices(round)
    return RoundPage(
        tuple((kind, *span) for kind, span in spans if span is not None),
        programmes["count"],
        programmes["seats"] or 0,
        applicants,
        choices,
        tuple(list_checks(round, at)) if round.kind in RANKED else (),
        tuple(round.runs.defer("snapshot").select_related("started_by", "school").order_by("-number")),
    )


def count_choices(round: Round) -> tuple[int, int]:
    """How many applicants take part now, and how many choices they have in force."""
    [row] = fetch_all(_CHOICES, (round.pk,))
    return row.applicants, row.choices


def find_round_by_text(text: str) -> Round:
    """The round with this number or name in the current season; raises Refused if there is none."""
    rounds = Round.objects.select_related("season").filter(season=current_season())
    matches = rounds.filter(number=int(text)) if text.isascii() and text.isdecimal() else rounds.filter(name=text)
    if (round := matches.first()) is None:
        names = "、".join(f"{round.number} {round.name}" for round in rounds) or "（没有）"
        raise Refused(f"当前招生季没有批次“{text}”", why=f"现有批次：{names}", now="请写批次的序号或名称")
    return round


class Difference(NamedTuple):
    """A run against the one before: persons with another result, and by programme `code`, `gained` and `lost`."""

    before: AdmissionRun | None
    persons: int = 0
    newly_placed: int = 0
    no_longer_placed: int = 0
    programmes: Sequence[Row] = ()


class PersonChange(NamedTuple):
    """An applicant with another result: codes of the programmes, "" for none."""

    number: str
    before: str
    after: str

    @property
    def masked(self) -> str:
        return id_number.mask(self.number)


_CHANGED = """
WITH old AS (SELECT application_id, programme_id AS programme FROM yangguang_placement WHERE run_id = %(old)s),
new AS (SELECT application_id, programme_id AS programme FROM yangguang_placement WHERE run_id = %(new)s),
changed AS (
    SELECT application_id, old.programme AS programme_before, new.programme AS programme_after
    FROM old FULL JOIN new USING (application_id) WHERE old.programme IS DISTINCT FROM new.programme
)
"""
_PERSONS = f"""
{_CHANGED}
SELECT count(*) AS persons, count(*) FILTER (WHERE programme_before IS NULL) AS newly_placed,
       count(*) FILTER (WHERE programme_after IS NULL) AS no_longer_placed FROM changed
"""
_BY_PROGRAMME = f"""
{_CHANGED}
SELECT l.code, count(*) FILTER (WHERE moved.gained) AS gained, count(*) FILTER (WHERE NOT moved.gained) AS lost
FROM (SELECT programme_after AS programme, true AS gained FROM changed
      UNION ALL SELECT programme_before, false FROM changed) AS moved
JOIN yangguang_programme AS l ON l.id = moved.programme GROUP BY l.code ORDER BY l.code
"""
_BY_PERSON = f"""
{_CHANGED}
SELECT a.number, coalesce(b.code, '') AS before, coalesce(n.code, '') AS after FROM changed
JOIN yangguang_application AS a ON a.id = changed.application_id
LEFT JOIN yangguang_programme AS b ON b.id = changed.programme_before
LEFT JOIN yangguang_programme AS n ON n.id = changed.programme_after
WHERE a.number > %(after)s ORDER BY a.number LIMIT %(limit)s
"""


def find_last_run(run: AdmissionRun) -> AdmissionRun | None:
    """The last official run of the round before this one that has a checked list."""
    runs = AdmissionRun.objects.defer("snapshot").filter(round=run.round_id, number__lt=run.number, is_what_if=False)
    last: AdmissionRun | None = (
        runs.exclude(state__in=(*run_states.UNFINISHED, run_states.COMPUTED)).order_by("-number").first()
    )
    return last


def compare_with_last(run: AdmissionRun) -> Difference:
    """What this run changes against the one before it; without one, or without a list yet, nothing."""
    before = None if run.is_what_if or run.state in run_states.UNFINISHED else find_last_run(run)
    if before is None:
        return Difference(None)
    pair = {"old": before.pk, "new": run.pk}
    [persons] = fetch_all(_PERSONS, pair)
    programmes = fetch_all(_BY_PROGRAMME, pair)
    return Difference(before, persons.persons, persons.newly_placed, persons.no_longer_placed, programmes)


def list_person_changes(run: AdmissionRun, after: str = "", limit: int = 50) -> list[PersonChange]:
    """Applicants with another result than in the run before, by 报名号 beyond `after`; `limit` + 1 at most."""
    before = find_last_run(run)
    if before is None:
        return []
    params = {"old": before.pk, "new": run.pk, "after": after, "limit": limit + 1}
    return [PersonChange(*row) for row in fetch_all(_BY_PERSON, params)]


class Disclosed(NamedTuple):
    """One programme of the public disclosure; None is a number that is too small to publish, or that leads to one."""

    code: str
    school: str
    major: str
    seats: int
    applicants: int | None
    admitted: int | None
    last_place: int | None
    last_score: int | None


# Seats and admissions of a dedicated class are left out: with them, the public bundle of the round would show by
# subtraction how many of its pupils came (docs/decisions/0022). Applicants are counted together, as places are.
_DISCLOSED = f"""
SELECT l.code, u.name AS school, l.major, {OPEN_SEATS}::int AS seats, sum(c.applicants)::int AS applicants,
       max(c.last_place) FILTER (WHERE b.code = 'general') AS last_place,
       (array_agg(c.last_score[1]) FILTER (WHERE b.code = 'general'))[1] AS last_score
FROM yangguang_cutoff AS c
JOIN yangguang_quota AS b ON b.id = c.quota_id
JOIN yangguang_programme AS l ON l.id = c.programme_id
JOIN yangguang_roundprogramme AS o ON o.programme_id = l.id AND o.round_id = %(round)s
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_unit AS u ON u.id = p.school_id
WHERE c.run_id = %(run)s AND l.code > %(after)s AND (%(school)s::bigint IS NULL OR u.id = %(school)s)
  AND NOT l.code = ANY(%(held_back)s) AND (%(codes)s::text[] IS NULL OR l.code = ANY(%(codes)s))
GROUP BY l.code, u.name, l.major HAVING {OPEN_SEATS} > 0 ORDER BY l.code LIMIT %(limit)s
"""


def list_disclosed(
    run: AdmissionRun,
    at: datetime,
    *,
    school: int | None = None,
    codes: list[str] | None = None,
    after: str = "",
    limit: int = 50,
) -> list[Disclosed]:
    """The programmes of a published run for the public, without those that are withheld.

    Args:
        school: only this school's programmes; codes: only these programmes.
        after: code of the last programme of the page before.
    """
    if run.published_at is None:
        return []
    small = rule_at(at, policy_keys.SMALL_CELL).value
    limits = load_disclosure_limits([run.pk], small)[run.pk]
    hidden, with_scores = limits.suppress().programmes, scores_are_public(at)
    admitted = {code: number for code, number in limits.admitted.items() if code not in hidden}
    params = {"run": run.pk, "round": run.round_id, "after": after, "school": school, "codes": codes, "limit": limit}
    return [
        Disclosed(
            row.code,
            row.school,
            row.major,
            row.seats,
            None if row.code in limits.seats_only or row.applicants < small else row.applicants,
            admitted.get(row.code),
            # The cutoff of few applicants would show each one's rank, and the last place how many they are.
            row.last_place if row.code in admitted else None,
            row.last_score if row.code in admitted and with_scores else None,
        )
        for row in fetch_all(_DISCLOSED, params | {"held_back": run.report["held_back"]})
    ]
