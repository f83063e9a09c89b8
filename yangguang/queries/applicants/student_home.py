"""What a family reads about itself: its applications and what happened to each. (F-B5, F-B7)"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from yangguang.models import Admission, Application, ChoiceVersion, Placement, Season, StudentRecord
from yangguang.postgres.sql import fetch_all
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right

_PROGRAMME_NAMES = """
SELECT l.id, u.name || ' · ' || l.major AS name FROM yangguang_programme AS l
JOIN yangguang_plan AS p ON p.id = l.plan_id JOIN yangguang_unit AS u ON u.id = p.school_id WHERE l.id = ANY(%s)
"""


def applications(by: Actor) -> list[Application]:
    """This family's applications, the newest season first."""
    return list(_own_applications(by).order_by("-season__year", "season__term", "-recorded_at"))


def newest_application(by: Actor) -> Application | None:
    """The application that the family's pages are about when none is named."""
    return next(iter(applications(by)), None)


def application(by: Actor, public_id: object) -> Application:
    """One of this family's applications.

    Raises:
        NotFound: there is none with this id, or it is another family's.
    """
    row: Application = _own_applications(by).get_or_not_found(public_id=public_id)
    return row


def _own_applications(by: Actor) -> Any:
    return Application.objects.for_actor(by, Right.RESULT_LOOKUP_SELF).select_related("season", "person", "home")


def season_to_join(by: Actor) -> Season | None:
    """The season that a family registers for now."""
    season: Season | None = Season.objects.for_actor(by).order_by("-is_current", "-year", "term").first()
    return season


@dataclass(frozen=True, slots=True)
class Journey:
    """Everything that happened to one application, oldest first in each list."""

    application: Application
    admissions: list[Admission]
    records: list[StudentRecord]
    versions: list[ChoiceVersion] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)


def fetch_journey(application: Application) -> Journey:
    """The whole journey of one application; four queries."""
    admissions = application.admissions.select_related("round", "school", "programme", "run")
    records = StudentRecord.objects.filter(admission__application=application).select_related("school")
    placements = application.placements.filter(run__state="PUBLISHED").select_related("run__round")
    return Journey(
        application,
        admissions=list(admissions.order_by("published_at", "id")),
        records=list(records.order_by("id")),
        versions=list(application.versions.select_related("round").order_by("number")),
        placements=list(placements.order_by("run__published_at", "run_id")),
    )


def fetch_seats_and_records(applications: list[Application]) -> list[Journey]:
    """Journeys with admissions and records alone, which show the status of each application; two queries."""
    admissions = list(Admission.objects.filter(application__in=applications).order_by("published_at", "id"))
    rows = StudentRecord.objects.filter(admission__application__in=applications).select_related("admission")
    records = list(rows.order_by("id"))
    return [
        Journey(
            one,
            admissions=[row for row in admissions if row.application_id == one.pk],
            records=[row for row in records if row.admission.application_id == one.pk],
        )
        for one in applications
    ]


def versions(by: Actor, application: Application) -> QuerySet[ChoiceVersion]:
    """Every submitted version of an application, the newest first."""
    rows: QuerySet[ChoiceVersion] = ChoiceVersion.objects.for_actor(by, Right.CHOICE_READ)
    return rows.filter(application=application).select_related("round").order_by("-number")


def programme_names(programmes: list[int]) -> dict[int, str]:
    """ "某校 · 某专业" by row id of the programme; one query."""
    return {row.id: row.name for row in fetch_all(_PROGRAMME_NAMES, (programmes,))}
