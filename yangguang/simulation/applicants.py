"""The students of the simulation: each acts for itself, one action at a time, with its family's telephone.

A process has one group of students and keeps them between tasks (`workers`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import Any
from zlib import crc32

from django.db.models import F, QuerySet

from yangguang.actions.accounts import accounts
from yangguang.actions.admissions import answers, direct_enrolment, transfers, waiting_list_actions, withdrawals
from yangguang.actions.applicants import registration
from yangguang.actions.applicants.registration import Registration
from yangguang.actions.base.action import Action
from yangguang.actions.choices import choices
from yangguang.actions.records import records
from yangguang.models import (
    Admission,
    Application,
    Programme,
    Season,
    SeatClaim,
    StudentRecord,
    Unit,
    WaitingOffer,
)
from yangguang.models.base.fields import blind
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.rules.accounts.roles import Role
from yangguang.rules.admissions import claim_states
from yangguang.rules.admissions.withdrawals import WithdrawalReason
from yangguang.rules.base.refusals import Refused
from yangguang.simulation.choice_model import RoundOptions
from yangguang.simulation.clients import PhoneClient
from yangguang.simulation.distributions import Track
from yangguang.simulation.population import Student, generate_students

Act = Callable[[], object]
NOTICE = "2024-1"
_MODEL_TRACKS = {
    Track.RANKED: Application.Track.CHOOSES,
    Track.IMPORTED_3_2: Application.Track.EXAM_BOARD,
    Track.IMPORTED_FIVE_YEAR: Application.Track.EXAM_BOARD,
    Track.DIRECT: Application.Track.DIRECT,
    Track.SPRING: Application.Track.DIRECT,
}


@dataclass(slots=True)
class Applicant:
    """A registered student with the rows that belong to it."""

    student: Student
    actor: Actor
    application: Application


class ApplicantGroup:
    """The students of one worker. Families that share a phone are in one group: only the newest code counts.

    Args:
        size: number of students of the whole season.
        seed: of the people and their choices.
        worker, workers: this process, from 0, and how many there are.
    """

    def __init__(self, size: int, seed: int, worker: int, workers: int) -> None:
        self.worker, self.workers = worker, workers
        everyone = generate_students(size, seed)
        self.students = [one for one in everyone if crc32(one.phone.encode()) % workers == worker]
        self.phone = PhoneClient()
        self.homes = dict(Unit.objects.filter(level="COUNTY").values_list("region_code", "pk"))
        self.applicants: dict[int, Applicant] = {}
        self.refused: Counter[str] = Counter()

    def run(self, task: str, arguments: dict[str, object]) -> int:
        """Do the acts of a task one after another; returns how many were not refused.

        Args:
            task: name of a method below that gives acts; `arguments` are its arguments.
        """
        return sum(self._try(act) for act in getattr(self, task)(**arguments))

    def _try(self, act: Act) -> bool:
        """One act of one student; a refusal is counted by its sentence."""
        try:
            act()
        except Refused as refusal:
            self.refused[refusal.what] += 1
            return False
        return True

    # Tasks.

    def register(self, season: int, tracks: list[str]) -> Iterator[Act]:
        """Log in by code, read the notice, consent, register."""
        term = Season.objects.get(pk=season)
        return (partial(self._register, term, one) for one in self.students if one.track in tracks)

    def submit_choices(self, round: int, *, supplementary: bool = False, scarce: bool = False) -> Iterator[Act]:
        """Submit an ordered list of choices.

        Args:
            supplementary: students with a seat take no part, and one in five of the others has given up.
            scarce: every first choice is one of the programmes with the fewest seats left, so that some wait.
        """
        options = RoundOptions(round)
        claims = SeatClaim.objects.filter(intake_year=options.round.season.year, state__in=claim_states.LIVE)
        seated = set(claims.values_list("person_root", flat=True)) if supplementary else set()
        for person, one in self.applicants.items():
            gives_up = supplementary and one.student.choice_seed % 5 == 0
            if one.student.track is Track.RANKED and person not in seated and not gives_up:
                yield partial(self._submit, one, options, version=0, scarce=scarce)

    def resubmit_choices(self, round: int) -> Iterator[Act]:
        """Students who change their minds submit another list."""
        options = RoundOptions(round)
        for one in self.applicants.values():
            if one.student.track is Track.RANKED and one.student.submits_again:
                yield partial(self._submit, one, options, version=1, scarce=False)

    def enrol_directly(self, round: int, tracks: list[str]) -> Iterator[Act]:
        """Register directly into a free seat.

        Each process has separate programmes: who gets a last seat follows from the seed and not from which
        process is faster.
        """
        options = RoundOptions(round, self.worker, self.workers)
        for one in self.applicants.values():
            if one.student.track in tracks:
                yield partial(self._take_free_seat, one, options, direct_enrolment.enrol)

    def transfer(self, round: int, people: list[int], *, seated: bool = True) -> Iterator[Act]:
        """These students move to a free seat of the round, if one is open to them; without a seat they take one."""
        options = RoundOptions(round, self.worker, self.workers)
        action = transfers.transfer if seated else direct_enrolment.enrol
        for person in people:
            if one := self.applicants.get(person):
                yield partial(self._take_free_seat, one, options, action)

    def answer(self, round: int) -> Iterator[Act]:
        """Accept or decline the admission; a few miss the deadline."""
        for one, admission in self._with_rows(Admission.objects.filter(round=round, state="OFFERED")):
            if not one.student.misses_answer:
                action = answers.decline if one.student.choice_seed % 100 < 4 else answers.accept
                yield partial(self._confirm, one, action, admission=admission)

    def answer_partly(self, round: int, declining: list[int]) -> Iterator[Act]:
        """In a round with a waiting list: `declining` persons decline, some accept and wait, others accept.

        Half of the students who did not get their first choice wait for a higher one; four in ten do not answer yet.
        """
        for one, admission in self._with_rows(Admission.objects.filter(round=round, state="OFFERED")):
            chance = Random(one.student.choice_seed ^ 6).random()
            if admission.person_id in declining:
                yield partial(self._confirm, one, answers.decline, admission=admission)
            elif admission.rank > 1 and chance < 0.5:
                yield partial(self._confirm, one, answers.accept, admission=admission, wait=True)
            elif chance < 0.6:
                yield partial(self._confirm, one, answers.accept, admission=admission)

    def accept_offers(self, round: int, people: list[int]) -> Iterator[Act]:
        """These students accept the seat that the waiting list offers them."""
        offers = WaitingOffer.objects.filter(round=round, state="OPEN", application__person__in=people)
        for one, offer in self._with_rows(offers, person="application__person_id"):
            yield partial(self._confirm, one, waiting_list_actions.accept, offer=offer)

    def request_withdrawal(self, round: int, people: list[int]) -> Iterator[Act]:
        """These students ask to give up their seat, each for one of the reasons."""
        accepted = Admission.objects.filter(round=round, state="ACCEPTED", person__in=people)
        for one, admission in self._with_rows(accepted):
            reason = list(WithdrawalReason)[one.student.choice_seed % len(WithdrawalReason)]
            yield partial(self._confirm, one, withdrawals.ask, admission=admission, reason=reason, note="")

    def confirm_records(self, season: int) -> Iterator[Act]:
        """Confirm the record or report an error in it; one in forty has not done so yet."""
        completed = StudentRecord.objects.filter(admission__application__season=season, state="COMPLETED")
        for one, record in self._with_rows(completed):
            wrong = one.student.reports_error
            answer = {"opinion": "WRONG", "field": "school_class"} if wrong else {"opinion": "AGREES", "field": ""}
            if one.student.choice_seed % 40:
                yield partial(self._confirm, one, records.confirm, record=record, note="", **answer)

    # What one student does.

    def _confirm(self, applicant: Applicant, action: Action[..., object], **kwargs: object) -> None:
        self.phone.confirm(applicant.student.phone, applicant.actor, action, **kwargs)

    def _register(self, season: Season, student: Student) -> None:
        number = student.phone
        code = self.phone.request_code(number, "account.enter", accounts.enter_content(number))
        account = accounts.enter(by=GUEST.with_step_up(code=code, phone_hash=blind(number)), phone=number, browser="")
        actor = Actor(role=Role.STUDENT, account=account.pk)
        form = registration_form(student, self.homes[student.home])
        application = registration.register(by=actor, season=season, form=form)
        person = application.person_id
        actor = replace(actor, people=(person,))
        self.applicants[person] = Applicant(student, actor, application)
        if student.spelling:
            # The same number in another spelling is refused: it is the same person.
            again = replace(form, id_number=student.spelling)
            self._try(partial(registration.register, by=actor, season=season, form=again))

    def _submit(self, applicant: Applicant, options: RoundOptions, *, version: int, scarce: bool) -> None:
        student = applicant.student
        rng = Random(student.choice_seed + 7 * options.round.number + version)
        chosen = options.draw_choices(student.origin, self.homes[student.home], rng, scarce=scarce)
        if not chosen:
            raise Refused("没有可选的专业")
        programmes = [one.id for one in chosen]
        self._confirm(
            applicant, choices.submit, application=applicant.application, round=options.round, programmes=programmes
        )

    def _take_free_seat(self, applicant: Applicant, options: RoundOptions, action: Action[..., object]) -> None:
        """The first of several drawn programmes with a seat left; the page offers no others."""
        student = applicant.student
        rng = Random(student.choice_seed)
        drawn = [options.draw_choices(student.origin, self.homes[student.home], rng) for _ in range(6)]
        free = next((one for some in drawn for one in some if options.seats_left[one.id] > 0), None)
        if free is None:
            raise Refused("没有找到有名额的专业")
        row = Programme(pk=free.id, public_id=free.public_id)
        self._confirm(applicant, action, application=applicant.application, round=options.round, programme=row)
        options.seats_left[free.id] -= 1

    def _with_rows(self, rows: QuerySet[Any], person: str = "person_id") -> Iterable[tuple[Applicant, Any]]:
        """Each student of this group with its row, in the order of the persons; `person` is the path to the person."""
        for row in rows.annotate(of_person=F(person)).order_by(person):
            if applicant := self.applicants.get(row.of_person):
                yield applicant, row


def registration_form(student: Student, home: int) -> Registration:
    """The form as this family fills it in; `home` is the row id of the county."""
    return Registration(
        name=student.name,
        id_number=student.id_number,
        origin=student.origin.value,
        home=home,
        track=_MODEL_TRACKS[student.track].value,
        guardian_name=student.guardian_name,
        guardian_relation="父母" if student.guardian_name else "",
        guardian_phone=student.guardian_phone,
        consent_by="guardian" if student.guardian_name else "student",
        consent_text=NOTICE,
        needs=student.special_needs,
    )
