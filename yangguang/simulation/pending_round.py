"""A round that is computed and not yet published, for visitors to try the proposal. All of it is 演示.

Its programme types are used by no direct enrolment and no waiting list, so that it does not disturb other rounds.
"""

from django.db.models import F

from yangguang.actions.runs import rounds
from yangguang.actions.seasons import windows
from yangguang.models import Quota, Round, Season
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.windows import WindowKind
from yangguang.simulation import calendar
from yangguang.simulation.clients import approve_for_province

NAME = "3+2与五年一贯制补录（演示）"
PROGRAMME_TYPES = [ProgrammeType.THREE_PLUS_TWO, ProgrammeType.FIVE_YEAR]
_AFTER_DISPLAY_DAY = (calendar.DISPLAY_DAY, calendar.SEASON_ENDS)
_WINDOWS = {
    WindowKind.CHOICES: (calendar.PENDING, calendar.PENDING_CHOICES_END),
    WindowKind.REVIEW: (calendar.PENDING_CHOICES_END, calendar.PENDING_REVIEW_END),
    WindowKind.ADMISSION: (calendar.PENDING_REVIEW_END, calendar.SEASON_ENDS),
    WindowKind.PUBLICATION: _AFTER_DISPLAY_DAY,
    WindowKind.ANSWER: _AFTER_DISPLAY_DAY,
    WindowKind.CHECK_IN: _AFTER_DISPLAY_DAY,
}


def open_round(season: Season) -> Round | None:
    """Open the round and set its windows; None when its programmes have no seat left."""
    free = Quota.objects.filter(taken__lt=F("seats"), programme__programme_type__in=PROGRAMME_TYPES)
    if not free.filter(programme__plan__season=season, programme__plan__state="PUBLISHED").exists():
        return None
    round = approve_for_province(
        rounds.open_round,
        season=season,
        number=7,
        name=NAME,
        kind=RoundKind.SUPPLEMENTARY_RANKED,
        programme_types=PROGRAMME_TYPES,
        origins=[Origin.JUNIOR_THIS_YEAR],
        keeps_waiting_list=False,
    )
    for kind, (opens_at, closes_at) in _WINDOWS.items():
        times = {"opens_at": opens_at, "closes_at": closes_at}
        approve_for_province(windows.set_window, season=season, round=round, kind=kind, source="演示", **times)
    return round
