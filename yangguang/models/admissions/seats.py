"""Seat claims: one person holds at most one seat in an intake year, in any school or register. (R5.02, T3.01)"""

from django.db import models
from django.db.models import Q

from yangguang.models.admissions.admissions import Admission
from yangguang.models.applicants.persons import OutsideEnrolment, Person
from yangguang.models.base.fields import RecordedAt
from yangguang.models.base.triggers import append_only, choices, freeze, guard_transitions, known_states, require_match
from yangguang.models.plans.plans import Quota
from yangguang.rules.admissions import claim_states


class SeatClaim(models.Model):
    """A person's claim to a seat; the partial unique index enforces 一人一席."""

    # The unique index below serves all queries but that of a merged person's claims, which is rare.
    person_root = models.ForeignKey(Person, models.PROTECT, related_name="claims", db_index=False, verbose_name="学生")
    intake_year = models.PositiveSmallIntegerField("招生年度")
    quota = models.ForeignKey(
        Quota, models.PROTECT, null=True, related_name="claims", db_index=False, verbose_name="名额"
    )
    admission = models.OneToOneField(
        Admission, models.PROTECT, null=True, related_name="claim", db_constraint=False, verbose_name="录取"
    )
    outside = models.ForeignKey(
        OutsideEnrolment, models.PROTECT, null=True, db_index=False, verbose_name="外部名单学籍"
    )
    state = models.CharField(
        "状态", max_length=10, choices=choices(claim_states.TRANSITIONS), default=claim_states.HELD
    )
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "占位"
        triggers = (
            guard_transitions(claim_states.TRANSITIONS),
            require_match(
                """
                LEFT JOIN yangguang_admission AS a ON a.id = f.admission_id AND a.quota_id = f.quota_id
                WHERE a.id IS NULL AND f.admission_id IS NOT NULL
                """,
                "a claim must hold a seat of the quota that its admission says",
            ),
            freeze("quota_id", "admission_id", "outside_id"),
        )
        constraints = (
            known_states(claim_states.TRANSITIONS, "claim_state_known"),
            models.UniqueConstraint(
                fields=("person_root", "intake_year"),
                condition=Q(state__in=claim_states.LIVE),
                name="one_person_one_seat",
            ),
            models.CheckConstraint(
                condition=Q(admission__isnull=False, quota__isnull=False) | Q(outside__isnull=False),
                name="claim_rests_on_something",
            ),
        )
        indexes = (
            models.Index(fields=("quota", "state"), name="claim_quota_state"),
            models.Index(fields=("outside",), condition=Q(outside__isnull=False), name="claim_of_outside"),
        )


class SeatEvent(models.Model):
    """A change of a claim's state; append-only."""

    claim = models.ForeignKey(
        SeatClaim, models.PROTECT, related_name="events", db_constraint=False, verbose_name="占位"
    )
    state = models.CharField("状态", max_length=10, choices=choices(claim_states.TRANSITIONS))
    cause = models.CharField("由谁造成", max_length=10, choices=Admission.Cause.choices)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "占位变动"
        triggers = (
            append_only(),
            require_match(
                "LEFT JOIN yangguang_seatclaim AS c ON c.id = f.claim_id WHERE c.id IS NULL",
                "an event must be of a claim",
            ),
        )
