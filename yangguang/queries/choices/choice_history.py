"""The review period: a family's versions with who, when and from what; disputes that wait; time given back. (F-N2)"""

from collections.abc import Sequence
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
from yangguang.rules.choices.choice_changes import changes
from yangguang.rules.seasons.rounds import RANKING, WindowKind
from yangguang.rules.seasons.windows import WindowStatus, window_status

_EXCEPTIONS = """
SELECT count(DISTINCT e.person_id), max(e.until)
FROM yangguang_windowexception AS e JOIN yangguang_window AS w ON w.id = e.window_id
WHERE w.kind = %s AND w.season_id = %s AND (w.round_id = %s OR w.round_id IS NULL) AND e.until > %s
"""
_SPANS = """
SELECT r.id, w.opens_at, w.closes_at FROM yangguang_round AS r, effective_window(r.season_id, r.id, %s) AS w
WHERE r.season_id = %s
"""
_SHARING = """
SELECT device, count(DISTINCT application_id) FROM yangguang_choiceversion
WHERE device = ANY(%s) AND device <> '' GROUP BY device
"""


def open_claims(round: Round) -> int:
    """How many disputes of the round wait for an officer; the run waits with them."""
    return ChoiceDispute.objects.filter(round=round, state__in=dispute_states.WAITING).count()


def running_exceptions(round: Round, at: datetime) -> tuple[int, datetime | None]:
    """How many persons may still submit in this round after its window closed, and until when the last of them."""
    row = fetch_one(_EXCEPTIONS, (WindowKind.CHOICES.value, round.season_id, round.pk, at))
    assert row is not None
    return int(row[0]), row[1]


@dataclass(frozen=True, slots=True)
class Review:
    """One round of an application in (or before, or after) its review period."""

    round: Round
    opens: datetime | None
    closes: datetime | None
    status: WindowStatus
    versions: int

    @property
    def is_open(self) -> bool:
        return self.status is WindowStatus.OPEN


def reviews_of(application: Application, at: datetime) -> list[Review]:
    """The ranked rounds in which this application has choices and that have a review period; three queries."""
    spans = {pk: (a, b) for pk, a, b in fetch_all(_SPANS, (WindowKind.REVIEW.value, application.season_id))}
    counted: dict[int, int] = {}
    for pk in application.versions.values_list("round_id", flat=True):
        counted[pk] = counted.get(pk, 0) + 1
    rounds = Round.objects.filter(pk__in=[pk for pk in counted if pk in spans], kind__in=sorted(RANKING))
    return [
        Review(one, *spans[one.pk], window_status(*spans[one.pk], at), counted[one.pk])
        for one in rounds.order_by("number")
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """One version as its family reads it: the version, its choices by name, and what it changed."""

    version: ChoiceVersion
    names: list[str]
    changed: list[str]


def history(by: Actor, application: Application, round: Round) -> list[Told]:
    """Every version of the round, the newest first, with what each changed; two queries."""
    rows = ChoiceVersion.objects.for_actor(by, Right.CHOICE_READ).filter(application=application, round=round)
    found = list(rows.order_by("number"))
    names = programme_names(sorted({programme for one in found for programme in one.programmes}))
    told: list[Told] = []
    before: list[str] = []
    for one in found:
        after = [names[programme] for programme in one.programmes]
        told.append(Told(one, after, changes(before, after) if before else []))
        before = after
    return told[::-1]


@dataclass(frozen=True, slots=True)
class Trace:
    """One version as an officer reads it: never which schools, only who, when, from what and how much changed."""

    number: int
    at: datetime
    hand: str
    machine: str
    choices: int
    moved: int
    shared: int
    """How many other applications were filled in from the same device."""
    named: bool
    disputed: bool


def traces(of: ChoiceDispute) -> list[Trace]:
    """The versions of the dispute's round, the oldest first; two queries."""
    found = list(
        ChoiceVersion.objects.filter(application=of.application_id, round=of.round_id).order_by("number")
    )
    shared: dict[str, int] = dict(fetch_all(_SHARING, ([one.device for one in found],)))
    before: Sequence[int] = []
    rows = []
    for one in found:
        moved = (
            len(
                changes(
                    [str(programme) for programme in before], [str(programme) for programme in one.programmes]
                )
            )
            if before
            else 0
        )
        rows.append(
            Trace(
                one.number, one.recorded_at, one.get_hand_display(), one.get_machine_display(),
                len(one.programmes), moved,
                max(int(shared.get(one.device, 1)) - 1, 0), one.pk == of.back_to_id, one.pk == of.disputed_id,
            )
        )  # fmt: skip
        before = one.programmes
    return rows


def disputes(by: Actor) -> QuerySet[Any]:
    """The disputes this officer or auditor may see; a family sees its own."""
    right = Right.RESULT_LOOKUP_SELF if by.role in FAMILY else Right.DISPUTE_READ
    return ChoiceDispute.objects.for_actor(by, right).select_related(
        "application__person",
        "application__home",
        "round",
        "disputed",
        "back_to",
        "proposed_by",
        "decided_by",
    )


def waiting_disputes(by: Actor) -> QuerySet[Any]:
    """Those of them that wait for an officer."""
    return disputes(by).filter(state__in=dispute_states.WAITING)


def waiting_dispute(application: Application, round: Round) -> ChoiceDispute | None:
    """The dispute of this application that waits, or None."""
    return ChoiceDispute.objects.filter(
        application=application, round=round, state__in=dispute_states.WAITING
    ).first()
