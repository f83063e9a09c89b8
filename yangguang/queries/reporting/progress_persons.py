"""The persons behind a number of the progress page, and the status of each. (F-G6, F-N10)"""

from collections.abc import Sequence

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from yangguang.models import Admission, Application
from yangguang.queries.reporting.counts import Population, select_members
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.admissions import status_text
from yangguang.rules.reporting.steps import Step
from yangguang.rules.runs.rounds import RoundKind


def list_members(by: Actor, of: Population, step: Step) -> QuerySet[Application]:
    """The applications behind one number, those the actor may read."""
    members = select_members(of, by, "p.id = yangguang_application.id")
    exists = f"EXISTS (SELECT 1 FROM {members.source} WHERE {members.condition} AND f.{step.value} AND f.is_readable)"
    params = (*members.source_params, *members.condition_params)
    rows: QuerySet[Application] = Application.objects.filter(RawSQL(exists, params, output_field=BooleanField()))
    return rows.filter(season=of.season).select_related("person", "home")


def statuses_of(rows: Sequence[Application]) -> list[tuple[Application, str, str]]:
    """Each application with the badge and the label of its status; one query whatever their number.

    The status of a student whom a school elsewhere or of the other sector admitted is the same for every reader of
    the application; it names no school.
    """
    admissions = Admission.objects.filter(application__in=rows)
    current: dict[int, tuple[bool, str, RoundKind]] = {}
    for admission in admissions.select_related("round").order_by("published_at", "pk"):
        key = (admission.state in status_text.CURRENT, admission.state, RoundKind(admission.round.kind))
        # The newest counts, but one with a seat before one that has ended.
        if key[0] >= current.get(admission.application_id, key)[0]:
            current[admission.application_id] = key
    return [(row, *status_text.describe_status(row.state, row.track, *current.get(row.pk, ())[1:])) for row in rows]
