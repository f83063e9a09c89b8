"""After the results of a round: offers from its waiting list, withdrawals, and the persons who take part in them.

Persons are chosen by application number, so that the outcome does not depend on the process in which they act.
"""

from yangguang.actions.admissions import waiting_list_actions, withdrawals
from yangguang.models import Round
from yangguang.postgres.sql import fetch_all
from yangguang.simulation.setup import CONSOLE

_HOLDERS = """
SELECT a.person_id FROM yangguang_admission AS a JOIN yangguang_application AS p ON p.id = a.application_id
WHERE a.round_id = %s AND a.state = 'ACCEPTED' ORDER BY p.number LIMIT %s OFFSET %s
"""
# First choices in a programme that others named first and did not get.
_FIRST_CHOICES = """
SELECT a.person_id FROM yangguang_admission AS a JOIN yangguang_application AS p ON p.id = a.application_id
WHERE a.round_id = %s AND a.state = 'OFFERED' AND a.rank = 1 AND EXISTS (
    SELECT 1 FROM yangguang_placement AS s
    WHERE s.run_id = a.run_id AND s.programmes[1] = a.programme_id AND s.codes[1] IN ('outranked', 'tied_at_cut'))
ORDER BY p.number LIMIT %s
"""
_OFFERED = """
SELECT p.person_id FROM yangguang_waitingoffer AS o JOIN yangguang_application AS p ON p.id = o.application_id
WHERE o.round_id = %s AND o.state = 'OPEN' ORDER BY p.number
"""


def list_holders(round: Round, count: int, *, skip: int = 0) -> list[int]:
    """Row ids of `count` persons who accepted a seat of the round, after the first `skip`."""
    return [person for (person,) in fetch_all(_HOLDERS, (round.pk, count, skip))]


def list_first_choices(round: Round, count: int) -> list[int]:
    """Row ids of `count` persons with a seat for which others wait."""
    return [person for (person,) in fetch_all(_FIRST_CHOICES, (round.pk, count))]


def list_offered(round: Round) -> list[int]:
    """Row ids of persons with an open offer from the waiting list."""
    return [person for (person,) in fetch_all(_OFFERED, (round.pk,))]


def offer_due(round: Round) -> int:
    """Work through the waiting list as the hourly job does; returns the number of offers."""
    return waiting_list_actions.offer_due(by=CONSOLE, round=round)


def carry_out_withdrawals() -> int:
    """Carry out the withdrawals whose time for the school's comment is over, as the job does."""
    return withdrawals.carry_out(by=CONSOLE)
