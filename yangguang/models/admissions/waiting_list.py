"""Waiting lists: places, offers by rank, and students' standing answers. (F-D8, F-D13)"""

from django.db import models
from django.db.models import Q

from yangguang.models.admissions.admissions import Admission
from yangguang.models.applicants.applications import Application
from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.base.triggers import choices, guard_transitions, known_states
from yangguang.models.plans.plans import Programme, Quota
from yangguang.models.runs.rounds import Round
from yangguang.models.runs.runs import AdmissionRun
from yangguang.rules.admissions import offer_states


class WaitingList(models.Model):
    """The waiting list of one round: when it was last refreshed, and when it ended."""

    round = models.OneToOneField(Round, models.PROTECT, related_name="waiting_list", verbose_name="批次")
    run = models.ForeignKey(AdmissionRun, models.PROTECT, verbose_name="录取运算")
    refreshed_at = models.DateTimeField("最近一次递补")
    ended_at = models.DateTimeField("候补结束时间", null=True)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "候补名单"


class WaitingPlace(Scoped):
    """One application's place for one choice; every refresh of the list writes all places again."""

    scope = Scope(person="application__person")

    round = models.ForeignKey(Round, models.CASCADE, related_name="+", verbose_name="批次")
    application = models.ForeignKey(Application, models.CASCADE, related_name="waiting_places", verbose_name="报名")
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="waiting", verbose_name="计划行")
    # Code of the quota open to the person; no page shows it.
    kind = models.CharField("名额类别", max_length=20)
    rank = models.PositiveSmallIntegerField("志愿序号")
    place = models.PositiveIntegerField("录取排名中的位次")
    position = models.PositiveIntegerField("候补位次")

    class Meta:
        verbose_name = "候补位次"
        constraints = (models.UniqueConstraint(fields=("application", "round", "rank"), name="waits_once_a_choice"),)
        indexes = (models.Index(fields=("programme", "kind", "position"), name="waiting_of_programme"),)


class WaitingOffer(Scoped):
    """A freed seat offered by rank; it counts as taken in its quota until the offer is answered or ends."""

    scope = Scope(
        person="application__person", unit="school", sector="school__sector", others=(("home", "application__home"),)
    )

    public_id = PublicId()
    application = models.ForeignKey(Application, models.PROTECT, related_name="offers", verbose_name="报名")
    round = models.ForeignKey(Round, models.PROTECT, related_name="offers", verbose_name="批次")
    school = models.ForeignKey("Unit", models.PROTECT, related_name="+", verbose_name="学校")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="offers", verbose_name="计划行")
    quota = models.ForeignKey(Quota, models.PROTECT, related_name="offers", verbose_name="名额")
    rank = models.PositiveSmallIntegerField("志愿序号")
    place = models.PositiveIntegerField("录取排名中的位次")
    state = models.CharField(
        "状态", max_length=10, choices=choices(offer_states.TRANSITIONS), default=offer_states.OPEN
    )
    offered_at = models.DateTimeField("递补时间")
    answer_by = models.DateTimeField("应答截止")
    ended_at = models.DateTimeField("应答或终止时间", null=True)
    admission = models.OneToOneField(Admission, models.PROTECT, null=True, related_name="offer", verbose_name="录取")
    cause = models.CharField("由谁造成", max_length=10, choices=Admission.Cause.choices, default=Admission.Cause.SYSTEM)
    reason = models.CharField("原因", max_length=24, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "候补递补"
        triggers = (guard_transitions(offer_states.TRANSITIONS),)
        constraints = (
            known_states(offer_states.TRANSITIONS, "offer_state_known"),
            models.UniqueConstraint(fields=("application", "round", "programme"), name="one_offer_a_choice"),
            models.CheckConstraint(
                condition=Q(state="ACCEPTED") ^ Q(admission__isnull=True), name="accepted_offer_is_admission"
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN") ^ Q(ended_at__isnull=False), name="offer_is_open_or_ended"
            ),
        )
        indexes = (
            models.Index(fields=("round", "answer_by"), condition=Q(state="OPEN"), name="offers_open"),
            models.Index(fields=("quota",), condition=Q(state="OPEN"), name="offers_open_of_quota"),
        )


class StandingAnswer(Scoped):
    """自动应答: offers of the first `up_to` choices are accepted automatically; 0 switches it off. (F-D13)"""

    scope = Scope(person="application__person")

    application = models.OneToOneField(Application, models.PROTECT, related_name="auto_answer", verbose_name="报名")
    up_to = models.PositiveSmallIntegerField("自动接受到第几志愿")
    set_at = models.DateTimeField("设定时间")
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "自动应答"
