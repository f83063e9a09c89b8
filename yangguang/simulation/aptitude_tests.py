"""Aptitude tests: two schools test students who chose their programmes; two officers of each load the points."""

from random import Random

from yangguang.actions.applicants import aptitude_tests
from yangguang.gateways.ciphers import sm3
from yangguang.models import Application, Programme, Season
from yangguang.queries.applicants.aptitude_tests import AptitudeTestRow
from yangguang.sheets.aptitude_tests import format_typed
from yangguang.simulation.clients import approve_by_two, school_officer

TOOK_PART = 0.6


def load_results(season: Season, seed: int) -> int:
    """Load points that follow from the seed and the 报名号.

    Returns:
        how many students have points.
    """
    tested = Programme.objects.filter(plan__season=season, aptitude_test_max__gt=0).select_related("plan__school")
    done = 0
    for programme in tested.order_by("code"):
        rows: list[AptitudeTestRow] = []
        applications = Application.objects.filter(season=season, programmes__contains=[programme.pk])
        for number in applications.order_by("number").values_list("number", flat=True):
            chance = Random(f"aptitude test {seed} {number} {programme.code}")
            if chance.random() < TOOK_PART:
                rows.append(AptitudeTestRow(len(rows) + 1, number, chance.randint(1, programme.aptitude_test_max)))
        if rows:
            first, second = (school_officer(programme.plan.school, number) for number in (1, 2))
            digest = sm3(format_typed(rows).encode()).hex()
            done += approve_by_two(first, second, aptitude_tests.load, programme=programme, rows=rows, digest=digest)
    return done
