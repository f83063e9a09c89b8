"""The round that is not published yet when the curtain falls: what officers see before a proposal can be tried on it.

It takes the lines that 免试注册 does not use and no waiting list holds, so it stands in nobody's way; all of it 演示.
"""

from yangguang.actions.runs import inspection, rounds
from yangguang.actions.seasons import windows
from yangguang.models import AdmissionRun, Round, Season
from yangguang.queries.rows import fetch_all
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.plans.programme_types import Pattern
from yangguang.rules.seasons.rounds import RoundKind, Silence, WindowKind
from yangguang.simulation import calendar
from yangguang.simulation.clients import approve_by_two
from yangguang.simulation.rounds import two_of_province

NUMBER, NAME = 7, "3+2与五年一贯制补录（演示）"
PATTERNS = (Pattern.THREE_PLUS_TWO, Pattern.FIVE_YEAR)
_SPANS = {
    WindowKind.CHOICES: (calendar.PENDING, calendar.PENDING_CHOICES_END),
    WindowKind.REVIEW: (calendar.PENDING_CHOICES_END, calendar.PENDING_REVIEW_END),
    WindowKind.ADMISSION: (calendar.PENDING_REVIEW_END, calendar.SEASON_ENDS),
    WindowKind.PUBLICATION: (calendar.THE_DAY_SHOWN, calendar.SEASON_ENDS),
    WindowKind.ANSWER: (calendar.THE_DAY_SHOWN, calendar.SEASON_ENDS),
    WindowKind.CHECK_IN: (calendar.THE_DAY_SHOWN, calendar.SEASON_ENDS),
}
_FREE = """
SELECT 1 FROM yangguang_planbucket AS b JOIN yangguang_planline AS l ON l.id = b.plan_line_id
JOIN yangguang_plan AS p ON p.id = l.plan_id
WHERE p.season_id = %s AND p.state = 'PUBLISHED' AND l.pattern = ANY(%s) AND b.taken < b.seats LIMIT 1
"""
# Those whose seat others wanted come first: without them the next run has more to say.
_LEAVERS = """
SELECT a.person_id FROM yangguang_placement AS s JOIN yangguang_application AS a ON a.id = s.application_id
WHERE s.run_id = %(run)s AND s.rank IS NOT NULL
ORDER BY EXISTS (SELECT 1 FROM yangguang_placement AS o
    WHERE o.run_id = s.run_id AND o.lines[1] = s.lines[s.rank] AND o.codes[1] IN ('outranked', 'tied_at_cut')) DESC,
    a.number LIMIT %(count)s
"""


def open_round(season: Season) -> Round | None:
    """The province opens it with two people and sets its windows; None when its lines have no seat left."""
    if not fetch_all(_FREE, (season.pk, [pattern.value for pattern in PATTERNS])):
        return None
    first, second = two_of_province()
    approve_by_two(
        first, second, rounds.open_round, season=season, number=NUMBER, name=NAME,
        kind=RoundKind.SUPPLEMENTARY_RANKED, patterns=list(PATTERNS), origins=[Origin.JUNIOR_THIS_YEAR],
        max_choices=3, max_majors_per_school=2, silence=Silence.DECLINE, keeps_waiting_list=False,
    )  # fmt: skip
    round = Round.objects.get(season=season, number=NUMBER)
    for kind, (opens, closes) in _SPANS.items():
        approve_by_two(
            first, second, windows.set_window, season=season, round=round, kind=kind, opens_at=opens,
            closes_at=closes, source="演示",
        )  # fmt: skip
    return round


def leavers(run: AdmissionRun, count: int) -> list[int]:
    """Row ids of persons who would get a seat by this run, and take another one first."""
    return [row[0] for row in fetch_all(_LEAVERS, {"run": run.pk, "count": count})]


def compare(run: AdmissionRun) -> AdmissionRun:
    """The officer who would propose it has looked at what changed since the run before."""
    first, _ = two_of_province()
    compared: AdmissionRun = first.act(inspection.compare, run=run)
    return compared
