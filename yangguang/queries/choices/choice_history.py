"""The review period: the versions of a family with who, when and which device; disputes; extensions in use. (F-N2)"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from yangguang.models import Application, ChoiceDispute, ChoiceVersion, Round
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.applicants.student_home import programme_names
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import FAMILY
from yangguang.rules.choices import dispute_states
from yangguang.rules.choices.choice_changes import list_changes
from yangguang.rules.seasons.rounds import RANKING, WindowKind
from yangguang.rules.seasons.windows import WindowStatus, window_status

_EXCEPTIONS = """
SELECT count(DISTINCT e.person_id)::int AS persons, max(e.until) AS until
FROM yangguang_windowexception AS e JOIN yangguang_window AS w ON w.id = e.window_id
WHERE w.kind = %s AND w.season_id = %s AND (w.round_id = %s OR w.round_id IS NULL) AND e.until > %s
"""
_SPANS = """
SELECT r.id, w.opens_at, w.closes_at FROM yangguang_round AS r, effective_window(r.season_id, r.id, %s) AS w
WHERE r.season_id = %s
"""
_SHARING = """
SELECT device, count(DISTINCT application_id)::int AS applications FROM yangguang_choiceversion
WHERE device = ANY(%s) AND device <> '' GROUP BY device
"""


def running_exceptions(round: Round, at: datetime) -> tuple[int, datetime | None]:
    """How many persons may still submit in this round after its window closed, and until when the last of them."""
    row = fetch_one(_EXCEPTIONS, (WindowKind.CHOICES.value, round.season_id, round.pk, at))
    assert row is not None
    return row.persons, row.until


@dataclass(frozen=True, slots=True)
class Review:
    """The review period of one round for an application; `versions` is the number of its versions there."""

    round: Round
    opens: datetime | None
    closes: datetime | None
    status: WindowStatus
    versions: int

    @property
    def is_open(self) -> bool:
        return self.status is WindowStatus.OPEN


def list_reviews(application: Application, at: datetime) -> list[Review]:
    """The ranked rounds in which this application has choices and that have a review period; three queries."""
    params = (WindowKind.REVIEW.value, application.season_id)
    spans = {row.id: (row.opens_at, row.closes_at) for row in fetch_all(_SPANS, params)}
    versions = Counter(application.versions.values_list("round_id", flat=True))
    rounds = Round.objects.filter(pk__in=spans.keys() & versions.keys(), kind__in=sorted(RANKING))
    return [
        Review(round, *spans[round.pk], window_status(*spans[round.pk], at), versions[round.pk])
        for round in rounds.order_by("number")
    ]


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
    sharing = fetch_all(_SHARING, ([version.device for version in versions],))
    applications = {row.device: row.applications for row in sharing}
    codes = [[str(programme) for programme in version.programmes] for version in versions]
    return [
        VersionForOfficer(
            number=version.number,
            at=version.recorded_at,
            submitted_by=version.get_hand_display(),
            device_kind=version.get_machine_display(),
            choices=len(version.programmes),
            changes=len(list_changes(before, after)) if before else 0,
            shared=applications.get(version.device, 1) - 1,
            is_named=version.pk == dispute.back_to_id,
            is_disputed=version.pk == dispute.disputed_id,
        )
        for version, before, after in zip(versions, [[], *codes], codes, strict=False)
    ]


def disputes(by: Actor) -> QuerySet[Any]:
    """The disputes this officer or auditor may see; a family sees its own."""
    right = Right.RESULT_LOOKUP_SELF if by.role in FAMILY else Right.DISPUTE_READ
    return ChoiceDispute.objects.for_actor(by, right).select_related(
        "application__person", "application__home", "round", "disputed", "back_to", "proposed_by", "decided_by"
    )


def waiting_disputes(by: Actor) -> QuerySet[Any]:
    """The disputes among them that wait for an officer."""
    return disputes(by).filter(state__in=dispute_states.WAITING)


def waiting_dispute(application: Application, round: Round) -> ChoiceDispute | None:
    """The dispute of this application in the round that waits for an officer, or None."""
    rows = ChoiceDispute.objects.filter(application=application, round=round, state__in=dispute_states.WAITING)
    return rows.first()
