"""The review period: the versions of a family with who, when and which device; disputes; extensions in use. (F-N2)"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from yangguang.models import Application, ChoiceDispute, ChoiceVersion, Round, Window, WindowException
from yangguang.postgres.sql import fetch_all
from yangguang.queries.applicants.student_home import programme_names
from yangguang.queries.choices.programme_options import RoundWindow
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import FAMILY
from yangguang.rules.choices import dispute_states
from yangguang.rules.choices.choice_changes import list_changes
from yangguang.rules.runs.rounds import RANKING
from yangguang.rules.seasons.windows import WindowKind, window_status

_SPANS = """
SELECT r.id, w.opens_at, w.closes_at FROM yangguang_round AS r, effective_window(r.season_id, r.id, %s) AS w
WHERE r.season_id = %s
"""


def running_exceptions(round: Round, at: datetime) -> tuple[int, datetime | None]:
    """How many persons may still submit in this round after its window closed, and until when the last of them."""
    windows = Window.objects.filter(kind=WindowKind.CHOICES, season=round.season_id)
    windows = windows.filter(Q(round=round) | Q(round=None))
    rows = WindowException.objects.filter(window__in=windows, until__gt=at)
    totals = rows.aggregate(persons=Count("person", distinct=True), until=Max("until"))
    return totals["persons"], totals["until"]


def list_reviews(application: Application, at: datetime) -> list[RoundWindow]:
    """The ranked rounds in which this application has choices, with their review periods if any; three queries."""
    params = (WindowKind.REVIEW.value, application.season_id)
    spans = {row.id: (row.opens_at, row.closes_at) for row in fetch_all(_SPANS, params)}
    chosen = set(application.versions.values_list("round_id", flat=True))
    rounds = Round.objects.filter(pk__in=spans.keys() & chosen, kind__in=sorted(RANKING)).order_by("number")
    return [RoundWindow(round, *spans[round.pk], window_status(*spans[round.pk], at)) for round in rounds]


@dataclass(frozen=True, slots=True)
class VersionForFamily:
    """One version with its choices by name and a phrase for each change to the previous version."""

    version: ChoiceVersion
    names: list[str]
    changes: list[str]


def version_history(by: Actor, application: Application, round: Round) -> list[VersionForFamily]:
    """Every version of the round that `by` may read, the newest first; two queries."""
    rows = ChoiceVersion.objects.for_actor(by, Right.CHOICE_READ).filter(application=application, round=round)
    versions = list(rows.order_by("number"))
    names = programme_names(sorted({programme for version in versions for programme in version.programmes}))
    history: list[VersionForFamily] = []
    for version in versions:
        after = [names[programme] for programme in version.programmes]
        changes = list_changes(history[-1].names, after) if history else []
        history.append(VersionForFamily(version, after, changes))
    return history[::-1]


@dataclass(frozen=True, slots=True)
class VersionForOfficer:
    """One version without its schools: who, when, from which device and how much changed.

    Args:
        choices, changes: number of choices, and of ranks changed since the previous version.
        shared: number of other applications filled in from the same device.
        is_named: the family called this version its own. is_disputed: it disputes this one.
    """

    number: int
    at: datetime
    submitted_by: str
    device_kind: str
    choices: int
    changes: int
    shared: int
    is_named: bool
    is_disputed: bool


def versions_for_officer(dispute: ChoiceDispute) -> list[VersionForOfficer]:
    """The versions of the dispute's round, the oldest first; two queries."""
    rows = ChoiceVersion.objects.filter(application=dispute.application_id, round=dispute.round_id)
    versions = list(rows.order_by("number"))
    same = ChoiceVersion.objects.filter(device__in={version.device for version in versions} - {""})
    sharing = same.values_list("device").annotate(Count("application", distinct=True))
    applications: dict[str, int] = dict(sharing)
    codes = [[str(programme) for programme in version.programmes] for version in versions]
    return [
        VersionForOfficer(
            number=version.number,
            at=version.recorded_at,
            submitted_by=version.get_submitted_by_display(),
            device_kind=version.get_device_kind_display(),
            choices=len(version.programmes),
            changes=len(list_changes(before, after)) if before else 0,
            shared=applications.get(version.device, 1) - 1,
            is_named=version.pk == dispute.back_to_id,
            is_disputed=version.pk == dispute.disputed_id,
        )
        for version, before, after in zip(versions, [[], *codes], codes, strict=False)
    ]


def disputes(by: Actor) -> QuerySet[ChoiceDispute]:
    """The disputes this officer or auditor may see; a family sees its own."""
    right = Right.RESULT_LOOKUP_SELF if by.role in FAMILY else Right.DISPUTE_READ
    return ChoiceDispute.objects.for_actor(by, right).select_related(
        "application__person", "application__home", "round", "disputed", "back_to", "proposed_by", "decided_by"
    )


def list_disputes(by: Actor, *, waiting: bool) -> QuerySet[ChoiceDispute]:
    """The disputes among them that wait for an officer, or those that wait no more."""
    waits = Q(state__in=dispute_states.WAITING)
    return disputes(by).filter(waits if waiting else ~waits)
