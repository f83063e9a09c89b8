"""The stages of everyone below a unit, and the persons behind each number, under one condition. (F-G6, F-N10)"""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from yangguang.models import Admission, Application, Season, StudentRecord, Unit
from yangguang.postgres.sql import fetch_one
from yangguang.queries.reporting.counts import FACTS, SUMS, Stages
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import status_text
from yangguang.rules.records import record_states
from yangguang.rules.seasons.rounds import RoundKind

_BELOW = f"""
SELECT count(*), count(*) FILTER (WHERE f.chosen), {SUMS}
FROM ({FACTS}) AS f JOIN yangguang_unit AS h ON h.id = f.home_id WHERE h.path LIKE %(path)s
"""
_AT_SCHOOLS = f"""
SELECT {SUMS} FROM ({FACTS}) AS f JOIN yangguang_unit AS u ON u.id = f.school_id WHERE u.path LIKE %(path)s
"""
HOLDING = ("OFFERED", "ACCEPTED", "WAITING", "CHECKED_IN", "ABSENT")
LIVE = ("OFFERED", "ACCEPTED", "WAITING", "CHECKED_IN")
CONFIRMED = (
    record_states.CONFIRMED, record_states.VERIFIED, record_states.EXPORTED, record_states.APPROVED
)  # fmt: skip
STAGES = {
    "registered": "报名",
    "chosen": "填报志愿",
    "admitted": "录取",
    "answered": "应答",
    "checked_in": "报到",
    "recorded": "省级学籍",
    "confirmed": "本人确认",
}


def below(season: Season, unit: Unit) -> Stages:
    """All students whose home lies in `unit`; one query."""
    row = fetch_one(_BELOW, {"season": season.pk, "path": f"{unit.path}%"})
    assert row is not None
    return Stages(*row)


def at_schools(season: Season, unit: Unit) -> Stages:
    """All students admitted by the schools in `unit`, from the admission on; one query."""
    row = fetch_one(_AT_SCHOOLS, {"season": season.pk, "path": f"{unit.path}%"})
    assert row is not None
    return Stages(None, None, *row)


def persons(by: Actor, season: Season, unit: Unit, stage: str, *, at_school: bool) -> QuerySet[Application]:
    """The applications behind one number of the progress page, those the actor may read.

    Args:
        unit: home of the students, or place of the schools when `at_school`.
        stage: a key of `STAGES`; another word is read as "registered".
    """
    admissions = Admission.objects.filter(application=OuterRef("pk"))
    if at_school:
        seen = Admission.objects.for_actor(by, Right.APPLICATION_READ)
        here = seen.filter(application=OuterRef("pk"), school__path__startswith=unit.path)
        rows = Application.objects.filter(Exists(here.filter(state__in=HOLDING)))
        admissions = here
    else:
        rows = Application.objects.for_actor(by, Right.APPLICATION_READ).filter(
            home__path__startswith=unit.path
        )
    rows = rows.filter(season=season)
    holding = Exists(admissions.filter(state__in=HOLDING))
    rows = rows.filter(~Q(state="WITHDRAWN") | holding)
    records = StudentRecord.objects.exclude(state=record_states.CANCELLED)
    came = admissions.filter(state="CHECKED_IN")
    conditions = {
        "chosen": Q(choices_version__gt=0) | holding,
        "admitted": holding,
        "answered": Exists(
            admissions.filter(state__in=LIVE).filter(~Q(answered_at=None) | Q(state="CHECKED_IN"))
        ),
        "checked_in": Exists(came),
        "recorded": Exists(came.filter(record__in=records)),
        "confirmed": Exists(came.filter(record__in=records.filter(state__in=CONFIRMED))),
    }
    if stage in conditions:
        rows = rows.filter(conditions[stage])
    return rows.select_related("person", "home")


def stages_of(by: Actor, rows: Sequence[Application]) -> list[tuple[Application, str, str]]:
    """Each application with the look and the words of its true stage; one query whatever their number."""
    seen = Admission.objects.for_actor(by, Right.APPLICATION_READ).filter(
        application__in=[r.pk for r in rows]
    )
    counts: dict[int, tuple[bool, str, RoundKind]] = {}
    for application, state, kind in seen.order_by("published_at", "pk").values_list(
        "application", "state", "round__kind"
    ):
        one = (state in status_text.HELD, state, RoundKind(kind))
        # The newest counts, but one that still holds a seat before one that has ended.
        if one[0] >= counts.get(application, one)[0]:
            counts[application] = one
    said = {pk: (state, kind) for pk, (_, state, kind) in counts.items()}
    return [(row, *status_text.say_stage(row.state, row.track, *said.get(row.pk, ()))) for row in rows]
