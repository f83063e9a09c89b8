"""Waiting lists: places, free seats and offers, for refreshing a list and for the pages. (F-D8)"""

from django.db.models import Case, Exists, OuterRef, QuerySet, When

from yangguang import clock
from yangguang.models import Application, Round, Season, Unit, WaitingOffer
from yangguang.postgres.sql import Row, fetch_all, fetch_row
from yangguang.queries.applicants.aptitude_tests import SCORES_THERE
from yangguang.rules.admissions import offer_states
from yangguang.rules.base.state_machine import render_states

# One row for every waiting choice, with its place in the published run. An applicant waits who got no seat in the
# run, or who accepted one and waits for a higher choice; after an offer, only for choices above it. Programmes held
# back by the verifier have no published order yet.
PLACES = """
SELECT run.round_id, s.application_id, w.programme AS programme_id, w.nth::int AS rank, s.places[w.nth] AS place,
       CASE WHEN n.id = ANY(%(dedicated)s) THEN %(special)s ELSE %(general)s END AS kind
FROM yangguang_admissionrun AS run
JOIN yangguang_round AS r ON r.id = run.round_id
JOIN yangguang_season AS e ON e.id = r.season_id
JOIN yangguang_placement AS s ON s.run_id = run.id
JOIN yangguang_application AS a ON a.id = s.application_id AND a.state = 'CHOSEN'
JOIN yangguang_person AS n ON n.id = a.person_id
LEFT JOIN live_claim AS c ON c.person_root_id = n.root_id AND c.intake_year = e.year
LEFT JOIN yangguang_admission AS h ON h.id = c.admission_id
CROSS JOIN LATERAL unnest(s.programmes) WITH ORDINALITY AS w(programme, nth)
JOIN yangguang_programme AS l ON l.id = w.programme
WHERE run.id = %(run)s AND s.codes[w.nth] IN ('outranked', 'tied_at_cut', 'no_seats')
  AND NOT coalesce(run.report -> 'held_back', '[]') ? l.code
  AND CASE WHEN c.id IS NULL THEN s.rank IS NULL AND NOT EXISTS (
               SELECT 1 FROM yangguang_admission AS d WHERE d.application_id = a.id AND d.round_id = r.id)
           ELSE h.application_id = a.id AND h.round_id = r.id AND h.state = 'WAITING' AND w.nth < h.rank END
  AND w.nth < coalesce((SELECT min(o.rank) FROM yangguang_waitingoffer AS o
                        WHERE o.application_id = a.id AND o.round_id = r.id), 32767)
"""
# Every waiting choice whose quota has a free seat.
WANTED = f"""
SELECT a.number, w.application_id, w.rank, w.programme_id, w.kind, w.place, {SCORES_THERE} AS scores,
       EXISTS (SELECT 1 FROM yangguang_identitycase AS k WHERE k.state = 'OPEN'
               AND a.person_id IN (k.person_id, k.other_id)) AS quarantined
FROM yangguang_waitingplace AS w
JOIN yangguang_application AS a ON a.id = w.application_id
JOIN yangguang_quota AS b ON b.programme_id = w.programme_id AND b.code = w.kind
LEFT JOIN yangguang_aptitudetestresult AS t ON t.application_id = a.id AND t.programme_id = w.programme_id
WHERE w.round_id = %(round)s AND b.taken < b.seats
ORDER BY a.number COLLATE "C", w.rank
"""
FREE_SEATS = """
SELECT l.id AS programme_id, l.code, p.school_id, b.code AS kind, b.seats - b.taken AS seats, b.tie
FROM yangguang_quota AS b
JOIN yangguang_programme AS l ON l.id = b.programme_id
JOIN yangguang_plan AS p ON p.id = l.plan_id AND p.state = 'PUBLISHED'
JOIN yangguang_roundprogramme AS rl ON rl.programme_id = l.id AND rl.round_id = %(round)s
WHERE b.taken < b.seats AND EXISTS (SELECT 1 FROM yangguang_waitingplace AS w
    WHERE w.round_id = rl.round_id AND w.programme_id = l.id AND w.kind = b.code)
ORDER BY l.code, b.priority
"""
TAKEN_BY_SCHOOL = """
SELECT p.school_id, sum(b.taken)::int AS taken FROM yangguang_quota AS b
JOIN yangguang_programme AS l ON l.id = b.programme_id
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_season AS s ON s.id = p.season_id
WHERE s.year = %(year)s AND p.school_id = ANY(%(schools)s) GROUP BY p.school_id
"""


def list_open_lists() -> QuerySet[Round]:
    """The published rounds that keep a list which has not ended, in order."""
    rounds = Round.objects.filter(keeps_waiting_list=True, runs__state="PUBLISHED", waiting_list__ended_at=None)
    return rounds.select_related("season").order_by("season_id", "number")


def list_overdue_lists() -> QuerySet[Round]:
    """The rounds whose list has ended with offers that were not answered in time, in order."""
    overdue = WaitingOffer.objects.filter(round=OuterRef("pk"), state=offer_states.OPEN, answer_by__lte=clock.now())
    rounds = Round.objects.filter(Exists(overdue), waiting_list__ended_at__isnull=False)
    return rounds.select_related("season").order_by("season_id", "number")


_WINDOW = "LEFT JOIN effective_window(r.season_id, r.id, 'waiting') AS w ON true"
_OWN_PLACES = f"""
SELECT r.name AS round_name, p.rank, p.position, k.refreshed_at AS at, w.closes_at AS ends_at
FROM yangguang_waitingplace AS p
JOIN yangguang_round AS r ON r.id = p.round_id
JOIN yangguang_waitinglist AS k ON k.round_id = r.id
{_WINDOW}
WHERE p.application_id = %s ORDER BY r.number, p.rank
"""


def list_own_places(application: Application) -> list[Row]:
    """The places of this application by round and choice, `position` as of `at` (`_OWN_PLACES`); one query."""
    return fetch_all(_OWN_PLACES, (application.pk,))


def list_own_offers(application: Application) -> list[WaitingOffer]:
    """The offers to this application with school, programme and round, open ones first; one query."""
    rows = WaitingOffer.objects.filter(application=application).select_related("school", "programme", "round")
    return list(rows.order_by(Case(When(state=offer_states.OPEN, then=0), default=1), "-offered_at", "rank"))


_OF_SCHOOL = f"""
SELECT r.name AS round, l.code AS programme, l.major,
       (SELECT count(*) FROM yangguang_waitingplace AS p WHERE p.round_id = r.id AND p.programme_id = l.id) AS waiting,
       count(o.id) FILTER (WHERE o.state = 'OPEN') AS open,
       count(o.id) FILTER (WHERE o.state = 'ACCEPTED') AS accepted,
       count(o.id) FILTER (WHERE o.state IN {render_states(offer_states.NOT_ACCEPTED)}) AS not_accepted,
       min(o.answer_by) FILTER (WHERE o.state = 'OPEN') AS next_deadline, k.refreshed_at, w.closes_at AS ends_at,
       k.ended_at
FROM yangguang_round AS r
JOIN yangguang_roundprogramme AS rl ON rl.round_id = r.id
JOIN yangguang_programme AS l ON l.id = rl.programme_id
JOIN yangguang_plan AS n ON n.id = l.plan_id AND n.school_id = %s
JOIN yangguang_admissionrun AS run ON run.round_id = r.id AND run.state = 'PUBLISHED'
LEFT JOIN yangguang_waitinglist AS k ON k.round_id = r.id
LEFT JOIN yangguang_waitingoffer AS o ON o.round_id = r.id AND o.programme_id = l.id
{_WINDOW}
WHERE r.season_id = %s AND r.keeps_waiting_list
GROUP BY r.id, r.name, r.number, l.id, l.code, l.major, k.refreshed_at, w.closes_at, k.ended_at
ORDER BY r.number, l.code
"""


def count_waiting_by_programme(school: Unit, season: Season) -> list[Row]:
    """The lists of a school's programmes by round: applicants, offers by state, instants (`_OF_SCHOOL`); one query."""
    return fetch_all(_OF_SCHOOL, (school.pk, season.pk))


_COUNTS = f"""
SELECT (SELECT count(DISTINCT application_id) FROM yangguang_waitingplace WHERE round_id = r.id) AS applicants,
       (SELECT count(*) FROM yangguang_waitingplace WHERE round_id = r.id) AS choices,
       count(o.id) FILTER (WHERE o.state = 'OPEN') AS open,
       count(o.id) FILTER (WHERE o.state = 'ACCEPTED') AS accepted,
       count(o.id) FILTER (WHERE o.state = 'DECLINED') AS declined,
       count(o.id) FILTER (WHERE o.state = 'LAPSED') AS lapsed,
       count(o.id) FILTER (WHERE o.state = 'ENDED') AS ended, k.refreshed_at, k.ended_at, w.opens_at, w.closes_at
FROM yangguang_round AS r
LEFT JOIN yangguang_waitinglist AS k ON k.round_id = r.id
LEFT JOIN yangguang_waitingoffer AS o ON o.round_id = r.id
{_WINDOW}
WHERE r.id = %s GROUP BY r.id, k.refreshed_at, k.ended_at, w.opens_at, w.closes_at
"""


def count_waiting_list(round: Round) -> Row:
    """The list of one round: applicants, choices, offers by state, instants (`_COUNTS`); one query."""
    return fetch_row(_COUNTS, (round.pk,))
