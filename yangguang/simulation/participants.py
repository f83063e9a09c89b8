"""Who takes part in what happens after the results of a round.

Persons are chosen by application number, so that the outcome does not depend on the process in which they act.
Every list holds row ids of persons.
"""

from yangguang.models import Admission, AdmissionRun, Round, WaitingOffer
from yangguang.postgres.sql import fetch_all

# First choices in a programme that others named first and did not get.
_FIRST_CHOICES = """
SELECT a.person_id FROM yangguang_admission AS a JOIN yangguang_application AS p ON p.id = a.application_id
WHERE a.round_id = %s AND a.state = 'OFFERED' AND a.rank = 1 AND EXISTS (
    SELECT 1 FROM yangguang_placement AS s
    WHERE s.run_id = a.run_id AND s.programmes[1] = a.programme_id AND s.codes[1] IN ('outranked', 'tied_at_cut'))
ORDER BY p.number LIMIT %s
"""
# Persons whose seat others wanted come first: without them the next run differs more.
_LEAVERS = """
SELECT a.person_id FROM yangguang_placement AS s JOIN yangguang_application AS a ON a.id = s.application_id
WHERE s.run_id = %s AND s.rank IS NOT NULL
ORDER BY EXISTS (SELECT 1 FROM yangguang_placement AS o
    WHERE o.run_id = s.run_id AND o.programmes[1] = s.programmes[s.rank]
      AND o.codes[1] IN ('outranked', 'tied_at_cut')) DESC,
    a.number LIMIT %s
"""


def list_holders(round: Round, first: int, last: int) -> list[int]:
    """Persons who accepted a seat of the round, from number `first`, counted from 0, up to before `last`."""
    accepted = Admission.objects.filter(round=round, state="ACCEPTED").order_by("application__number")
    return list(accepted.values_list("person", flat=True)[first:last])


def list_first_choices(round: Round, count: int) -> list[int]:
    """Persons with a seat for which others wait, `count` at most."""
    return [row.person_id for row in fetch_all(_FIRST_CHOICES, (round.pk, count))]


def list_leavers(run: AdmissionRun, count: int) -> list[int]:
    """Persons with a seat in this run, `count` at most; they take another one before the next."""
    return [row.person_id for row in fetch_all(_LEAVERS, (run.pk, count))]


def list_offered(round: Round) -> list[int]:
    """Persons with an open offer from the waiting list."""
    offers = WaitingOffer.objects.filter(round=round, state="OPEN").order_by("application__number")
    return list(offers.values_list("application__person", flat=True))
