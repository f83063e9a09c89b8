"""The persons behind a number of the progress page. (F-G6, F-N10)"""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from yangguang.models import Admission, Application, Season, StudentRecord, Unit
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import admission_states, status_text
from yangguang.rules.records import record_states
from yangguang.rules.seasons.rounds import RoundKind

_COUNTED = (*admission_states.LIVE, admission_states.ABSENT)


def persons_of(by: Actor, season: Season, unit: Unit, step: str, *, at_school: bool) -> QuerySet[Application]:
    """The applications behind one number of the progress page, those the actor may read.

    Args:
        unit: home of the students, or place of the schools when `at_school`.
        step: a key of `queries.reporting.progress.STEPS`.
    """
    admissions = Admission.objects.filter(application=OuterRef("pk"))
    if at_school:
        readable = Admission.objects.for_actor(by, Right.APPLICATION_READ)
        admissions = readable.filter(application=OuterRef("pk"), school__path__startswith=unit.path)
        rows = Application.objects.filter(Exists(admissions.filter(state__in=_COUNTED)))
    else:
        rows = Application.objects.for_actor(by, Right.APPLICATION_READ)
        rows = rows.filter(home__path__startswith=unit.path)
    is_admitted = Q(Exists(admissions.filter(state__in=_COUNTED)))
    rows = rows.filter(~Q(state="WITHDRAWN") | is_admitted, season=season)
    return rows.filter(_condition(step, admissions, is_admitted)).select_related("person", "home")


def _condition(step: str, admissions: QuerySet[Admission], is_admitted: Q) -> Q:
    """Who has done the step, as in `queries.reporting.progress`."""
    checked_in = admissions.filter(state="CHECKED_IN")
    records = StudentRecord.objects.exclude(state=record_states.CANCELLED)
    confirmed = records.filter(state__in=record_states.CONFIRMED_OR_LATER)
    has_answered = ~Q(answered_at=None) | Q(state="CHECKED_IN")
    conditions = {
        "registered": Q(),
        "chosen": Q(choices_version__gt=0) | is_admitted,
        "admitted": is_admitted,
        "answered": Q(Exists(admissions.filter(has_answered, state__in=admission_states.LIVE))),
        "checked_in": Q(Exists(checked_in)),
        "recorded": Q(Exists(checked_in.filter(record__in=records))),
        "confirmed": Q(Exists(checked_in.filter(record__in=confirmed))),
    }
    return conditions[step]


def statuses_of(by: Actor, rows: Sequence[Application]) -> list[tuple[Application, str, str]]:
    """Each application with the badge and the label of its status; one query whatever their number."""
    admissions = Admission.objects.for_actor(by, Right.APPLICATION_READ).filter(application__in=rows)
    current: dict[int, tuple[bool, str, RoundKind]] = {}
    for admission in admissions.select_related("round").order_by("published_at", "pk"):
        key = (admission.state in status_text.CURRENT, admission.state, RoundKind(admission.round.kind))
        # The newest counts, but one with a seat before one that has ended.
        if key[0] >= current.get(admission.application_id, key)[0]:
            current[admission.application_id] = key
    return [(row, *status_text.describe_status(row.state, row.track, *current.get(row.pk, ())[1:])) for row in rows]
