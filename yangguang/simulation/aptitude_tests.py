"""Aptitude tests: two schools test students who chose their programmes; two officers of each load the points."""

from random import Random

from yangguang.actions.applicants import aptitude_tests
from yangguang.gateways.ciphers import sm3
from yangguang.models import Programme, Season
from yangguang.postgres.sql import fetch_all
from yangguang.queries.applicants.aptitude_tests import AptitudeTestRow
from yangguang.rules.organisation.sectors import Sector
from yangguang.sheets.aptitude_tests import format_typed
from yangguang.simulation.clients import approve_by_two
from yangguang.simulation.setup import officer

TOOK_PART = 0.6
_NAMED = """
SELECT number FROM yangguang_application WHERE season_id = %s AND programmes @> ARRAY[%s]::bigint[] ORDER BY number
"""


def load_results(season: Season, seed: int) -> int:
    """Load points that follow from the seed and the 报名号.

    Returns:
        how many students have points.
    """
    tested = Programme.objects.filter(plan__season=season, aptitude_test_max__gt=0).select_related("plan__school")
    done = 0
    for programme in tested.order_by("code"):
        rows: list[AptitudeTestRow] = []
        for (number,) in fetch_all(_NAMED, (season.pk, programme.pk)):
            chance = Random(f"aptitude test {seed} {number} {programme.code}")
            if chance.random() < TOOK_PART:
                rows.append(AptitudeTestRow(len(rows) + 1, number, chance.randint(1, programme.aptitude_test_max)))
        if rows:
            school = programme.plan.school
            first, second = (officer(school, Sector(school.sector), n) for n in (1, 2))
            digest = sm3(format_typed(rows).encode()).hex()
            done += approve_by_two(first, second, aptitude_tests.load, programme=programme, rows=rows, digest=digest)
    return done
