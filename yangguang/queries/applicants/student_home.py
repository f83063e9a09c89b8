"""What a family sees of itself: applications, what happened, what waits, who looked. (F-B5, F-B7, F-B14)"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from yangguang.models import (
    Admission,
    Application,
    AuditEntry,
    ChoiceVersion,
    Person,
    Placement,
    Season,
    StudentRecord,
    Unit,
)
from yangguang.postgres.sql import fetch_all
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import FAMILY, Role
from yangguang.rules.base.events import say_action


def applications(by: Actor) -> list[Application]:
    """This family's applications, the newest season first."""
    rows = Application.objects.for_actor(by, Right.RESULT_LOOKUP_SELF).select_related(
        "season", "person", "home"
    )
    return list(rows.order_by("-season__year", "season__term", "-recorded_at"))


def newest(by: Actor) -> Application | None:
    """The application that the family's pages are about when none is named."""
    return next(iter(applications(by)), None)


def application(by: Actor, public_id: object) -> Application:
    """One of this family's applications.

    Raises:
        NotFound: it is somebody else's, or nobody's.
    """
    rows = Application.objects.for_actor(by, Right.RESULT_LOOKUP_SELF).select_related(
        "season", "person", "home"
    )
    found: Application = rows.get_or_not_found(public_id=public_id)
    return found


def season_to_join(by: Actor) -> Season | None:
    """The season that a family registers for now."""
    found: Season | None = Season.objects.for_actor(by).order_by("-is_current", "-year", "term").first()
    return found


@dataclass(frozen=True, slots=True)
class Journey:
    """Everything that happened to one application, oldest first in each list."""

    application: Application
    versions: list[ChoiceVersion]
    placements: list[Placement]
    admissions: list[Admission]
    records: list[StudentRecord]


def journey(of: Application) -> Journey:
    """Five queries, whatever happened."""
    return Journey(
        of,
        list(of.versions.select_related("round").order_by("number")),
        list(
            of.placements.filter(run__state="PUBLISHED")
            .select_related("run__round")
            .order_by("run__published_at", "run_id")
        ),
        list(
            of.admissions.select_related("round", "school", "programme", "run").order_by("published_at", "id")
        ),
        list(StudentRecord.objects.filter(admission__application=of).select_related("school").order_by("id")),
    )


def seats_and_records(of: list[Application]) -> list[Journey]:
    """The admissions and records alone, for where each application stands; two queries for all of them."""
    admissions = list(Admission.objects.filter(application__in=of).order_by("published_at", "id"))
    records = list(
        StudentRecord.objects.filter(admission__application__in=of).select_related("admission").order_by("id")
    )
    return [
        Journey(
            one,
            [],
            [],
            [a for a in admissions if a.application_id == one.pk],
            [r for r in records if r.admission.application_id == one.pk],
        )
        for one in of
    ]


def versions(by: Actor, of: Application) -> QuerySet[ChoiceVersion]:
    """Every submitted version of an application, the newest first."""
    rows: QuerySet[ChoiceVersion] = ChoiceVersion.objects.for_actor(by, Right.CHOICE_READ)
    return rows.filter(application=of).select_related("round").order_by("-number")


def programme_names(programmes: list[int]) -> dict[int, str]:
    """ "某校 · 某专业（培养类型）" by row id of the programme; one query."""
    return {
        programme: f"{school} · {major}"
        for programme, school, major in fetch_all(
            "SELECT l.id, u.name, l.major FROM yangguang_programme AS l JOIN yangguang_plan AS p ON p.id = l.plan_id "
            "JOIN yangguang_unit AS u ON u.id = p.school_id WHERE l.id = ANY(%s)",
            (programmes,),
        )
    }


@dataclass(frozen=True, slots=True)
class Look:
    """One entry of the log about this family's data, in words."""

    at: datetime
    says: str
    who: str
    own: bool
    denied: bool


def looks(by: Actor) -> QuerySet[AuditEntry]:
    """The log entries about the persons of this family; nothing for anybody else."""
    allowed = by.may(Right.AUDIT_LOG_WHO_SAW_ME) is not None
    return AuditEntry.objects.filter(person__in=by.people if allowed else ())


def told(by: Actor, entries: list[AuditEntry]) -> list[Look]:
    """The entries in words; one query for the units."""
    units = dict(Unit.objects.filter(pk__in={e.unit for e in entries if e.unit}).values_list("pk", "name"))
    return [
        Look(
            entry.at,
            say_action(entry.action),
            _who(by, entry, units),
            entry.account is not None and entry.account == by.account,
            entry.outcome == AuditEntry.Outcome.DENIED,
        )
        for entry in entries
    ]


def _who(by: Actor, entry: AuditEntry, units: dict[int, str]) -> str:
    role = Role(entry.role)
    if entry.account is not None and entry.account == by.account:
        return "本人"
    if role in FAMILY:
        return f"另一个{role.label}账号"
    return f"{units.get(entry.unit or 0, '')} {role.label}".strip()


def persons(by: Actor) -> list[Person]:
    """The persons this account may act for."""
    return list(Person.objects.for_actor(by, Right.APPLICATION_READ).order_by("pk"))
