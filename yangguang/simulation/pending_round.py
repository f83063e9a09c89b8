"""A round that is computed and not yet published, for visitors to try the proposal. All of it is 演示.

Its programme types are used by no direct enrolment and no waiting list, so that it does not disturb other rounds.
"""

from yangguang.actions.runs import inspection, rounds
from yangguang.actions.seasons import windows
from yangguang.models import AdmissionRun, Round, Season
from yangguang.postgres.sql import fetch_all
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.seasons.rounds import RoundKind, Silence, WindowKind
from yangguang.simulation import calendar
from yangguang.simulation.clients import approve_by_two
from yangguang.simulation.setup import province_officers

NUMBER, NAME = 7, "3+2与五年一贯制补录（演示）"
PATTERNS = (ProgrammeType.THREE_PLUS_TWO, ProgrammeType.FIVE_YEAR)
_SPANS = {
    WindowKind.CHOICES: (calendar.PENDING, calendar.PENDING_CHOICES_END),
    WindowKind.REVIEW: (calendar.PENDING_CHOICES_END, calendar.PENDING_REVIEW_END),
    WindowKind.ADMISSION: (calendar.PENDING_REVIEW_END, calendar.SEASON_ENDS),
    WindowKind.PUBLICATION: (calendar.THE_DAY_SHOWN, calendar.SEASON_ENDS),
    WindowKind.ANSWER: (calendar.THE_DAY_SHOWN, calendar.SEASON_ENDS),
    WindowKind.CHECK_IN: (calendar.THE_DAY_SHOWN, calendar.SEASON_ENDS),
}
_FREE = """
SELECT 1 FROM yangguang_quota AS b JOIN yangguang_programme AS l ON l.id = b.programme_id
JOIN yangguang_plan AS p ON p.id = l.plan_id
WHERE p.season_id = %s AND p.state = 'PUBLISHED' AND l.programme_type = ANY(%s) AND b.taken < b.seats LIMIT 1
"""
# Persons whose seat others wanted come first: without them the next run differs more.
_LEAVERS = """
SELECT a.person_id FROM yangguang_placement AS s JOIN yangguang_application AS a ON a.id = s.application_id
WHERE s.run_id = %(run)s AND s.rank IS NOT NULL
ORDER BY EXISTS (SELECT 1 FROM yangguang_placement AS o
    WHERE o.run_id = s.run_id AND o.programmes[1] = s.programmes[s.rank] 
      AND o.codes[1] IN ('outranked', 'tied_at_cut')) DESC,
    a.number LIMIT %(count)s
"""


def open_round(season: Season) -> Round | None:
    """Open the round and set its windows; None when its programmes have no seat left."""
    if not fetch_all(_FREE, (season.pk, [programme_type.value for programme_type in PATTERNS])):
        return None
    officers = province_officers()
    approve_by_two(
        *officers,
        rounds.open_round,
        season=season,
        number=NUMBER,
        name=NAME,
        kind=RoundKind.SUPPLEMENTARY_RANKED,
        programme_types=list(PATTERNS),
        origins=[Origin.JUNIOR_THIS_YEAR],
        max_choices=3,
        max_majors_per_school=2,
        silence=Silence.DECLINE,
        keeps_waiting_list=False,
    )
    round = Round.objects.get(season=season, number=NUMBER)
    for kind, (opens, closes) in _SPANS.items():
        approve_by_two(
            *officers,
            windows.set_window,
            season=season,
            round=round,
            kind=kind,
            opens_at=opens,
            closes_at=closes,
            source="演示",
        )
    return round


def list_leavers(run: AdmissionRun, count: int) -> list[int]:
    """Row ids of `count` persons with a seat in this run; they take another one before the next."""
    return [row[0] for row in fetch_all(_LEAVERS, {"run": run.pk, "count": count})]


def compare(run: AdmissionRun) -> AdmissionRun:
    """Compare the run with the one before, which is required of the officer who proposes it."""
    first, _ = province_officers()
    return first.act(inspection.compare, run=run)
