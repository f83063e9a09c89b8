"""The outcome of a season: how many reached each step, by programme type, and a hash that a seed reproduces."""

from collections import Counter
from collections.abc import Iterator

from yangguang.gateways.ciphers import sm3
from yangguang.models import Season, Unit
from yangguang.postgres.sql import fetch_all
from yangguang.queries.reporting.counts import Population
from yangguang.queries.reporting.progress import count_by_programme_type, count_total
from yangguang.rules.accounts.actors import SYSTEM
from yangguang.rules.reporting.steps import Step

# Nothing here depends on row ids, instants or the order of acts.
_OUTCOME = """
SELECT a.number, a.state, coalesce(string_agg(
    concat_ws('/', o.number, l.code, m.rank, m.state, r.state), ','
    ORDER BY s.term, o.number, l.code, m.rank, m.state), '')
FROM yangguang_application AS a
LEFT JOIN yangguang_admission AS m ON m.application_id = a.id
LEFT JOIN yangguang_round AS o ON o.id = m.round_id
LEFT JOIN yangguang_season AS s ON s.id = o.season_id
LEFT JOIN yangguang_programme AS l ON l.id = m.programme_id
LEFT JOIN yangguang_studentrecord AS r ON r.admission_id = m.id
GROUP BY a.number, a.state ORDER BY a.number
"""


def count_steps() -> dict[str, int]:
    """How many applications of all seasons reached each step: the sums of the province's numbers on its pages."""
    totals = [count_total(of, SYSTEM).persons for of in _list_populations(at_school=False)]
    return {step.value: sum(persons[step] or 0 for persons in totals) for step in Step if step is not Step.COUNTED}


def count_programme_types() -> dict[str, int]:
    """Persons checked in, by programme type, in all seasons."""
    checked_in: Counter[str] = Counter()
    for of in _list_populations(at_school=True):
        for row in count_by_programme_type(of, SYSTEM):
            checked_in[row.group] += row.persons[Step.CHECKED_IN] or 0
    return {group: persons for group, persons in sorted(checked_in.items()) if persons}


def _list_populations(*, at_school: bool) -> Iterator[Population]:
    """All persons of each season."""
    province = Unit.objects.get(level=Unit.Level.PROVINCE)
    for season in Season.objects.order_by("pk"):
        yield Population(season, province, at_school=at_school)


def hash_outcome() -> str:
    """SM3 over every application's outcome, in order of 报名号."""
    return sm3("\n".join("\t".join(map(str, row)) for row in fetch_all(_OUTCOME)).encode()).hex()
