"""Waiting lists read: who waits where at which place, what is free for them, what stands on the pages. (F-D8)"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yangguang.models import Application, Round, Season, Unit
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.applicants.aptitude_tests import SCORES_THERE
from yangguang.queries.seasons.windows import effective_span
from yangguang.rules.admissions import offer_states
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.seasons.rounds import WindowKind

# One row for every choice somebody still waits for, in the order of the published run. Waiting are those the run
# left without a seat, and those who accepted and wait for more; whoever refused an offer, or has one, waits only
# for what stands above it. Held-back programmes have no published order yet.
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
# Everyone who waits for a kind of seats that has a free one, at schools that may still admit.
WANTED = f"""
SELECT a.number, w.application_id, w.rank, w.programme_id, w.kind, w.place, {SCORES_THERE},
       EXISTS (SELECT 1 FROM yangguang_identitycase AS k WHERE k.state = 'OPEN'
               AND a.person_id IN (k.person_id, k.other_id))
FROM yangguang_waitingplace AS w
JOIN yangguang_application AS a ON a.id = w.application_id
JOIN yangguang_quota AS b ON b.programme_id = w.programme_id AND b.code = w.kind
LEFT JOIN yangguang_aptitudetestresult AS t ON t.application_id = a.id AND t.programme_id = w.programme_id
WHERE w.round_id = %(round)s AND b.taken < b.seats
ORDER BY a.number COLLATE "C", w.rank
"""
SEATS = """
SELECT l.id, l.code, p.school_id, b.code, b.seats - b.taken, b.tie
FROM yangguang_quota AS b
JOIN yangguang_programme AS l ON l.id = b.programme_id
JOIN yangguang_plan AS p ON p.id = l.plan_id AND p.state = 'PUBLISHED'
JOIN yangguang_roundprogramme AS rl ON rl.programme_id = l.id AND rl.round_id = %(round)s
WHERE b.taken < b.seats AND EXISTS (SELECT 1 FROM yangguang_waitingplace AS w
    WHERE w.round_id = rl.round_id AND w.programme_id = l.id AND w.kind = b.code)
ORDER BY l.code, b.priority
"""
TAKEN = """
SELECT p.school_id, sum(b.taken) FROM yangguang_quota AS b
JOIN yangguang_programme AS l ON l.id = b.programme_id
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_season AS s ON s.id = p.season_id
WHERE s.year = %(year)s AND p.school_id = ANY(%(schools)s) GROUP BY p.school_id
"""
# Rounds whose list is not over: published, keeping a list, and not yet closed by a run.
_LISTS = """
SELECT r.id FROM yangguang_round AS r
JOIN yangguang_admissionrun AS run ON run.round_id = r.id AND run.state = 'PUBLISHED'
LEFT JOIN yangguang_waitinglist AS w ON w.round_id = r.id
WHERE r.keeps_waiting_list AND w.ended_at IS NULL ORDER BY r.season_id, r.number
"""


def open_lists() -> list[Round]:
    """The rounds whose list has work to do or an end to announce, in order."""
    keys = [row[0] for row in fetch_all(_LISTS)]
    return list(Round.objects.select_related("season").filter(pk__in=keys).order_by("season_id", "number"))


# Of a list that has ended, offers still run their hours; then their seats are free again.
_OVERDUE = """
SELECT DISTINCT o.round_id FROM yangguang_waitingoffer AS o JOIN yangguang_waitinglist AS w ON w.round_id = o.round_id
WHERE o.state = 'OPEN' AND o.answer_by <= yg_now() AND w.ended_at IS NOT NULL
"""


def overdue_lists() -> list[Round]:
    """Rounds whose list has ended with offers that nobody answered in time."""
    return list(
        Round.objects.filter(pk__in=[row[0] for row in fetch_all(_OVERDUE)]).order_by("season_id", "number")
    )


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """Where one application waits: `position` among those waiting for seats open to this person, as of `at`."""

    round: int
    round_name: str
    rank: int
    programme: UUID
    school: str
    major: str
    position: int
    at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """One offer from a list, open or over; `reason` is a code of `rules.admissions.end_reasons`."""

    public_id: UUID
    round_name: str
    rank: int
    school: str
    major: str
    state: str
    offered_at: datetime
    answer_by: datetime
    ended_at: datetime | None
    cause: str
    reason: str


_WINDOW = "LEFT JOIN effective_window(r.season_id, r.id, 'waiting') AS w ON true"
_OWN_PLACES = f"""
SELECT r.id, r.name, p.rank, l.public_id, u.name, l.major, p.position, k.refreshed_at, w.closes_at
FROM yangguang_waitingplace AS p
JOIN yangguang_round AS r ON r.id = p.round_id
JOIN yangguang_waitinglist AS k ON k.round_id = r.id
JOIN yangguang_programme AS l ON l.id = p.programme_id
JOIN yangguang_plan AS n ON n.id = l.plan_id JOIN yangguang_unit AS u ON u.id = n.school_id
{_WINDOW}
WHERE p.application_id = %s ORDER BY r.number, p.rank
"""
_OWN_OFFERS = """
SELECT o.public_id, r.name, o.rank, u.name, l.major, o.state, o.offered_at, o.answer_by, o.ended_at, o.cause, o.reason
FROM yangguang_waitingoffer AS o
JOIN yangguang_round AS r ON r.id = o.round_id
JOIN yangguang_programme AS l ON l.id = o.programme_id
JOIN yangguang_unit AS u ON u.id = o.school_id
WHERE o.application_id = %s ORDER BY o.state <> 'OPEN', o.offered_at DESC, o.rank
"""


def own_places(application: Application) -> list[OwnPlace]:
    """Where this application waits, by round and choice; one query."""
    return [OwnPlace(*row) for row in fetch_all(_OWN_PLACES, (application.pk,))]


def own_offers(application: Application) -> list[OwnOffer]:
    """What was offered to this application, the open ones first; one query."""
    return [OwnOffer(*row) for row in fetch_all(_OWN_OFFERS, (application.pk,))]


@dataclass(frozen=True, slots=True)
class ProgrammeWaiting:
    """One programme's list at a school: persons waiting, offers by state, and when the list ends."""

    round: str
    programme: str
    major: str
    waiting: int
    open: int
    accepted: int
    refused: int
    next_deadline: datetime | None
    refreshed_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None


_OF_SCHOOL = f"""
SELECT r.name, l.code, l.major,
       (SELECT count(*) FROM yangguang_waitingplace AS p WHERE p.round_id = r.id AND p.programme_id = l.id),
       count(o.id) FILTER (WHERE o.state = 'OPEN'), count(o.id) FILTER (WHERE o.state = 'ACCEPTED'),
       count(o.id) FILTER (WHERE o.state IN {render_states(offer_states.NOT_TAKEN)}),
       min(o.answer_by) FILTER (WHERE o.state = 'OPEN'), k.refreshed_at, w.closes_at, k.ended_at
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


def lists_at(school: Unit, season: Season) -> list[ProgrammeWaiting]:
    """The lists of a school's programmes in the season, by round and programme; one query."""
    return [ProgrammeWaiting(*row) for row in fetch_all(_OF_SCHOOL, (school.pk, season.pk))]


def list_span(round: Round) -> tuple[datetime | None, datetime | None]:
    """The window in which the round's list is worked through; (None, None) when there is none."""
    return effective_span(WindowKind.WAITING, round) or (None, None)


@dataclass(frozen=True, slots=True)
class ListState:
    """One round's list: persons and choices waiting, offers by state, when it was worked through and when it ends."""

    people: int
    choices: int
    open: int
    accepted: int
    declined: int
    lapsed: int
    ended: int
    refreshed_at: datetime | None
    ended_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None


_STATE = f"""
SELECT (SELECT count(DISTINCT application_id) FROM yangguang_waitingplace WHERE round_id = r.id),
       (SELECT count(*) FROM yangguang_waitingplace WHERE round_id = r.id),
       count(o.id) FILTER (WHERE o.state = 'OPEN'), count(o.id) FILTER (WHERE o.state = 'ACCEPTED'),
       count(o.id) FILTER (WHERE o.state = 'DECLINED'), count(o.id) FILTER (WHERE o.state = 'LAPSED'),
       count(o.id) FILTER (WHERE o.state = 'ENDED'), k.refreshed_at, k.ended_at, w.opens_at, w.closes_at
FROM yangguang_round AS r
LEFT JOIN yangguang_waitinglist AS k ON k.round_id = r.id
LEFT JOIN yangguang_waitingoffer AS o ON o.round_id = r.id
{_WINDOW}
WHERE r.id = %s GROUP BY r.id, k.refreshed_at, k.ended_at, w.opens_at, w.closes_at
"""


def list_state(round: Round) -> ListState:
    """The list of one round in numbers; one query."""
    row = fetch_one(_STATE, (round.pk,))
    assert row is not None
    return ListState(*row)
