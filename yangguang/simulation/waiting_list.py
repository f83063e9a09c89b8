"""After the results in the rehearsal: a list worked through, a release nobody answers, a transfer; few people each."""

from yangguang.actions.admissions import waiting_list_actions, withdrawals
from yangguang.models import Round
from yangguang.queries.rows import fetch_all
from yangguang.simulation.setup import SHELL

# By application number, so that the same people are asked whatever process plays them.
_HOLDING = """
SELECT a.person_id FROM yangguang_admission AS a JOIN yangguang_application AS p ON p.id = a.application_id
WHERE a.round_id = %s AND a.state = 'ACCEPTED' ORDER BY p.number LIMIT %s OFFSET %s
"""


# Those at their first choice in a line that others named and did not get.
_WANTED = """
SELECT a.person_id FROM yangguang_admission AS a JOIN yangguang_application AS p ON p.id = a.application_id
WHERE a.round_id = %s AND a.state = 'OFFERED' AND a.rank = 1 AND EXISTS (
    SELECT 1 FROM yangguang_placement AS s
    WHERE s.run_id = a.run_id AND s.lines[1] = a.plan_line_id AND s.codes[1] IN ('outranked', 'tied_at_cut'))
ORDER BY p.number LIMIT %s
"""


def first_choices(round: Round, count: int) -> list[int]:
    """Row ids of persons whose seat somebody else waits for."""
    return [row[0] for row in fetch_all(_WANTED, (round.pk, count))]


_OFFERED = """
SELECT p.person_id FROM yangguang_waitingoffer AS o JOIN yangguang_application AS p ON p.id = o.application_id
WHERE o.round_id = %s AND o.state = 'OPEN' ORDER BY p.number
"""


def offered(round: Round) -> list[int]:
    """Row ids of persons to whom the list has come."""
    return [row[0] for row in fetch_all(_OFFERED, (round.pk,))]


def holders(round: Round, count: int, after: int = 0) -> list[int]:
    """Row ids of persons who accepted a seat of the round: `count` of them, `after` the first ones."""
    return [row[0] for row in fetch_all(_HOLDING, (round.pk, count, after))]


def offer_due(round: Round) -> int:
    """The hourly run of the list, as the job does it; returns how many seats were offered."""
    return int(waiting_list_actions.offer_due(by=SHELL, round=round))


def carry_out_releases() -> int:
    """The job that lets releases take effect when their clock has run out."""
    return int(withdrawals.carry_out(by=SHELL))
