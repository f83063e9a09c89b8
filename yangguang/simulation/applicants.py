"""The students of the simulation: each acts for itself, one action at a time, with its family's telephone.

A process has one group of students and keeps them between tasks (`workers`).
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from random import Random
from typing import ParamSpec
from zlib import crc32

from yangguang.actions.accounts import accounts
from yangguang.actions.admissions import answers, direct_enrolment, transfers, waiting_list_actions, withdrawals
from yangguang.actions.applicants import registration
from yangguang.actions.applicants.registration import Registration
from yangguang.actions.base.action import Action
from yangguang.actions.choices import choices
from yangguang.actions.records import records
from yangguang.models import Admission, Application, Programme, Round, Season, StudentRecord, Unit, WaitingOffer
from yangguang.models.base.fields import blind
from yangguang.postgres.sql import fetch_all
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.rules.accounts.roles import Role
from yangguang.rules.admissions.withdrawals import WithdrawalReason
from yangguang.rules.base.refusals import Refused
from yangguang.simulation.choice_model import RoundOptions
from yangguang.simulation.clients import PhoneClient
from yangguang.simulation.distributions import Track
from yangguang.simulation.population import Student, generate_students

P = ParamSpec("P")
NOTICE = "2024-1"


@dataclass(slots=True)
class Applicant:
    """A registered student with the rows that belong to it."""

    student: Student
    actor: Actor
    person: int
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

    # Tasks: each returns the number of students who were not refused.

    def register(self, season: int, tracks: list[str]) -> int:
        """Log in by code, read the notice, consent, register."""
        term = Season.objects.get(pk=season)
        return sum(self._try(self._register, term, one) for one in self.students if one.track in tracks)

    def submit_choices(self, round: int, *, supplementary: bool = False, scarce: bool = False) -> int:
        """Submit an ordered list of choices.

        Args:
            supplementary: students with a seat take no part, and one in five of the others has given up.
            scarce: every first choice is one of the programmes with the fewest seats left, so that some wait.
        """
        options = self._options_of(round)
        seated = self._list_seated(options.round.season.year) if supplementary else set()
        choosing = [
            one
            for one in self._ranked()
            if one.person not in seated and not (supplementary and one.student.choice_seed % 5 == 0)
        ]
        return sum(self._try(self._submit, one, options, version=0, scarce=scarce) for one in choosing)

    def resubmit_choices(self, round: int) -> int:
        """Those who change their minds submit another list."""
        options = self._options_of(round)
        choosing = [one for one in self._ranked() if one.student.submits_again]
        return sum(self._try(self._submit, one, options, version=1, scarce=False) for one in choosing)

    def enrol_directly(self, round: int, tracks: list[str]) -> int:
        """Register directly into a free seat.

        Each process has programmes of its own: who gets a last seat follows from the seed and not from which
        process is faster.
        """
        options = self._options_of(round, share=True)
        enrolling = [one for one in self.applicants.values() if one.student.track in tracks]
        return sum(self._try(self._take_free_seat, one, options, direct_enrolment.enrol) for one in enrolling)

    def transfer(self, round: int, people: list[int], *, seated: bool = True) -> int:
        """These students move to a free seat of the round, if one is open to them; without a seat they take one."""
        options = self._options_of(round, share=True)
        action = transfers.transfer if seated else direct_enrolment.enrol
        return sum(self._try(self._take_free_seat, one, options, action) for one in self._among(people))

    def answer(self, round: int) -> int:
        """Accept or decline the admission; a few miss the deadline."""
        done = 0
        for applicant, row, _ in self._list_offered(round):
            if not applicant.student.misses_answer:
                action = answers.decline if applicant.student.choice_seed % 100 < 4 else answers.accept
                done += self._try(self._confirm, applicant, action, admission=row)
        return done

    def answer_partly(self, round: int, declining: list[int]) -> int:
        """In a round with a waiting list: `declining` persons decline, some accept and wait, others accept.

        Half of those who did not get their first choice wait for a higher one; four in ten do not answer yet.
        """
        done = 0
        for applicant, row, rank in self._list_offered(round):
            chance = Random(applicant.student.choice_seed ^ 6).random()
            if applicant.person in declining:
                done += self._try(self._confirm, applicant, answers.decline, admission=row)
            elif rank > 1 and chance < 0.5:
                done += self._try(self._confirm, applicant, answers.accept, admission=row, wait=True)
            elif chance < 0.6:
                done += self._try(self._confirm, applicant, answers.accept, admission=row)
        return done

    def accept_offers(self, round: int, people: list[int]) -> int:
        """These students accept the seat that the waiting list offers them."""
        done, ours = 0, [one.person for one in self._among(people)]
        for offer, public_id, person in fetch_all(_WAITING_OFFERS, (round, ours)):
            row = WaitingOffer(pk=offer, public_id=public_id)
            done += self._try(self._confirm, self.applicants[person], waiting_list_actions.accept, offer=row)
        return done

    def request_withdrawal(self, round: int, people: list[int]) -> int:
        """These students ask to give up their seat, each for one of the reasons."""
        done, ours = 0, [one.person for one in self._among(people)]
        for admission, public_id, person in fetch_all(_ACCEPTED, (round, ours)):
            applicant = self.applicants[person]
            row = Admission(pk=admission, public_id=public_id, person_id=person)
            why = list(WithdrawalReason)[applicant.student.choice_seed % len(WithdrawalReason)]
            done += self._try(self._confirm, applicant, withdrawals.ask, admission=row, why=why, note="")
        return done

    def confirm_records(self, season: int) -> int:
        """Confirm the record or report an error in it; one in forty has not done so yet."""
        done = 0
        for record, public_id, person in fetch_all(_COMPLETED_RECORDS, (season, list(self.applicants))):
            applicant = self.applicants[person]
            if applicant.student.choice_seed % 40 == 0:
                continue
            row = StudentRecord(pk=record, public_id=public_id, person_id=person)
            wrong = applicant.student.reports_error
            answer = {"opinion": "WRONG", "field": "school_class"} if wrong else {"opinion": "AGREES", "field": ""}
            done += self._try(self._confirm, applicant, records.confirm, record=row, note="", **answer)
        return done

    # What one student does.

    def _try(self, step: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> int:
        """One step of one student: 1, or 0 for a refusal, which is counted by its sentence."""
        try:
            step(*args, **kwargs)
        except Refused as refusal:
            self.refused[refusal.what] += 1
            return 0
        return 1

    def _confirm(self, applicant: Applicant, action: Action[..., object], **kwargs: object) -> None:
        self.phone.confirm(applicant.student.phone, applicant.actor, action, **kwargs)

    def _register(self, season: Season, student: Student) -> None:
        number = student.phone
        code = self.phone.request_code(number, "account.enter", accounts.enter_content(number))
        account = accounts.enter(by=GUEST.with_step_up(code=code, phone_hash=blind(number)), phone=number)
        actor = Actor(role=Role.STUDENT, account=account.pk)
        form = registration_form(student, self.homes[student.home])
        application = registration.register(by=actor, season=season, form=form)
        person = application.person_id
        actor = Actor(role=Role.STUDENT, account=account.pk, people=(person,))
        self.applicants[person] = Applicant(student, actor, person, application)
        if student.spelling:
            # The same number in another spelling is refused: it is the same person.
            again = replace(form, id_number=student.spelling)
            self._try(registration.register, by=actor, season=season, form=again)

    def _submit(self, applicant: Applicant, options: RoundOptions, *, version: int, scarce: bool) -> None:
        student = applicant.student
        rng = Random(student.choice_seed + 7 * options.round.number + version)
        chosen = options.draw_choices(student.origin, self.homes[student.home], rng, scarce=scarce)
        if not chosen:
            raise Refused("没有可选的专业")
        programmes = [one.programme for one in chosen]
        self._confirm(
            applicant, choices.submit, application=applicant.application, round=options.round, programmes=programmes
        )

    def _take_free_seat(self, applicant: Applicant, options: RoundOptions, action: Action[..., object]) -> None:
        """The first of several drawn programmes with a seat left; the page offers no others."""
        student = applicant.student
        rng = Random(student.choice_seed)
        drawn = [options.draw_choices(student.origin, self.homes[student.home], rng) for _ in range(6)]
        free = [one for some in drawn for one in some if options.seats_left[one.programme] > 0]
        if not free:
            raise Refused("没有找到有名额的专业")
        row = Programme(pk=free[0].programme, public_id=free[0].public_id)
        self._confirm(applicant, action, application=applicant.application, round=options.round, programme=row)
        options.seats_left[free[0].programme] -= 1

    # Who takes part.

    def _options_of(self, round: int, *, share: bool = False) -> RoundOptions:
        row = Round.objects.select_related("season").get(pk=round)
        return RoundOptions(row, self.worker, self.workers) if share else RoundOptions(row)

    def _ranked(self) -> Iterable[Applicant]:
        return [one for one in self.applicants.values() if one.student.track is Track.RANKED]

    def _among(self, people: list[int]) -> list[Applicant]:
        """Those of these persons who are in this group, in the order of `people`."""
        return [self.applicants[person] for person in people if person in self.applicants]

    def _list_seated(self, year: int) -> set[int]:
        return {person for (person,) in fetch_all(_SEATED, (year,))}

    def _list_offered(self, round: int) -> list[tuple[Applicant, Admission, int]]:
        """Who is to answer, the admission, and the rank of the choice."""
        return [
            (self.applicants[person], Admission(pk=admission, public_id=public_id, person_id=person), rank)
            for admission, public_id, person, rank in fetch_all(_OFFERED, (round, list(self.applicants)))
        ]


_SEATED = """
SELECT person_root_id FROM live_claim WHERE intake_year = %s
"""
_OFFERED = """
SELECT id, public_id, person_id, rank FROM yangguang_admission
WHERE round_id = %s AND state = 'OFFERED' AND person_id = ANY(%s) ORDER BY person_id
"""
_WAITING_OFFERS = """
SELECT o.id, o.public_id, a.person_id FROM yangguang_waitingoffer AS o
JOIN yangguang_application AS a ON a.id = o.application_id
WHERE o.round_id = %s AND o.state = 'OPEN' AND a.person_id = ANY(%s) ORDER BY a.person_id
"""
_ACCEPTED = """
SELECT id, public_id, person_id FROM yangguang_admission
WHERE round_id = %s AND state = 'ACCEPTED' AND person_id = ANY(%s) ORDER BY person_id
"""
_COMPLETED_RECORDS = """
SELECT r.id, r.public_id, r.person_id FROM yangguang_studentrecord AS r
JOIN yangguang_admission AS a ON a.id = r.admission_id JOIN yangguang_application AS p ON p.id = a.application_id
WHERE p.season_id = %s AND r.state = 'COMPLETED' AND r.person_id = ANY(%s) ORDER BY r.person_id
"""
_MODEL_TRACKS = {
    Track.RANKED: Application.Track.CHOOSES,
    Track.IMPORTED_3_2: Application.Track.EXAM_BOARD,
    Track.IMPORTED_FIVE_YEAR: Application.Track.EXAM_BOARD,
    Track.DIRECT: Application.Track.DIRECT,
    Track.SPRING: Application.Track.DIRECT,
}


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
