"""The students of the rehearsal, a share in each process: every one acts for itself, one action at a time.

A process keeps its players between scenes; the director (`season`) names the scene and gets the counts back.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from zlib import crc32

from yangguang.actions.accounts import accounts
from yangguang.actions.admissions import (
    answers,
    direct_enrolment,
    transfers,
    waiting_list_actions,
    withdrawals,
)
from yangguang.actions.applicants import registration as people
from yangguang.actions.applicants.registration import Registration
from yangguang.actions.choices import choices
from yangguang.actions.records import records
from yangguang.models import (
    Admission,
    Application,
    PlanLine,
    Round,
    Season,
    StudentRecord,
    Unit,
    WaitingOffer,
)
from yangguang.models.base.fields import blind
from yangguang.queries.rows import fetch_all
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.rules.accounts.roles import Role
from yangguang.rules.admissions.withdrawals import Why
from yangguang.rules.base.refusals import Refused
from yangguang.simulation.choice_model import Offer
from yangguang.simulation.clients import PhoneClient
from yangguang.simulation.distributions import Track
from yangguang.simulation.population import Student
from yangguang.simulation.population import people as everyone

NOTICE = "2024-1"


@dataclass(slots=True)
class Player:
    """One student on stage: who, on which phone, and the rows that are theirs by now."""

    student: Student
    actor: Actor
    person: int = 0
    application: Application | None = None


class Troupe:
    """One of `of` shares of the students. A family shares a phone, and so a share: only the newest code counts.

    Args:
        n: how many students the whole rehearsal has. seed: of the people and their choices.
    """

    def __init__(self, n: int, seed: int, mine: int, of: int) -> None:
        self.mine, self.of = mine, of
        self.students = [one for one in everyone(n, seed) if crc32(one.phone.encode()) % of == mine]
        self.phone = PhoneClient()
        self.homes = dict(Unit.objects.filter(level="COUNTY").values_list("region_code", "pk"))
        self.players: dict[int, Player] = {}
        self.refused: Counter[str] = Counter()

    def register(self, season: int, tracks: list[str]) -> int:
        """Log in by code, read the notice, give consent, register. Returns how many got through."""
        term, done = Season.objects.get(pk=season), 0
        for student in self.students:
            if student.track in tracks:
                done += self._tries(self._register, term, student)
        return done

    def choose(
        self, round: int, *, again: bool = False, supplementary: bool = False, scarce: bool = False
    ) -> int:
        """Submit an ordered list; with `again`, only those who change their minds and submit another version.

        With `scarce`, everybody's first choice is one of the lines with the fewest seats left, so that some wait.
        """
        offer, done = Offer(Round.objects.select_related("season").get(pk=round)), 0
        seated = self._seated(offer.round.season.year) if supplementary else set()
        for player in self.players.values():
            student = player.student
            if (
                student.track is not Track.RANKED
                or player.person in seated
                or (again and not student.submits_again)
            ):
                continue
            if supplementary and student.choice_seed % 5 == 0:
                continue  # Some families give up after the main round.
            rng = Random(student.choice_seed + 7 * offer.round.number + (1 if again else 0))
            lines = [
                one.line for one in offer.picks(student.origin, self.homes[student.home], rng, scarce=scarce)
            ]
            done += self._tries(self._submit, player, offer.round, lines)
        return done

    def walk_in(self, round: int, tracks: list[str]) -> int:
        """Register directly into a free seat: the first that is free among the wishes, by own consent.

        Each process keeps to its own share of the lines, so that who gets a last seat follows from the seed, not
        from which process is faster.
        """
        offer, done = Offer(Round.objects.select_related("season").get(pk=round), self.mine, self.of), 0
        for player in self.players.values():
            if player.student.track in tracks:
                done += self._tries(self._claim, player, offer)
        return done

    def answer(self, round: int) -> int:
        """Accept or decline; a few miss the day."""
        done = 0
        for admission, public_id, person, _ in fetch_all(_OFFERED, (round, list(self.players))):
            player = self.players[person]
            if not player.student.misses_answer:
                row = Admission(pk=admission, public_id=public_id, person_id=person)
                done += self._tries(self._answer, player, row)
        return done

    def answer_some(self, round: int, decline: list[int]) -> int:
        """Where a list is kept: those named give up, one in two of the later choices waits, the rest has yet to
        answer."""
        done = 0
        for admission, public_id, person, rank in fetch_all(_OFFERED, (round, list(self.players))):
            player, row = self.players[person], Admission(pk=admission, public_id=public_id, person_id=person)
            mood = Random(player.student.choice_seed ^ 6).random()
            if person in decline:
                done += self._tries(self._gives, player, answers.decline, admission=row)
            elif rank > 1 and mood < 0.5:
                done += self._tries(self._gives, player, answers.accept, admission=row, wait=True)
            elif mood < 0.6:
                done += self._tries(self._gives, player, answers.accept, admission=row)
        return done

    def take_offers(self, round: int, people: list[int]) -> int:
        """These students, to whom the list has come, take the seat."""
        done, mine = 0, [person for person in people if person in self.players]
        for offer, public_id, person in fetch_all(_OFFERS, (round, mine)):
            row = WaitingOffer(pk=offer, public_id=public_id)
            done += self._tries(self._gives, self.players[person], waiting_list_actions.accept, offer=row)
        return done

    def ask_out(self, round: int, people: list[int]) -> int:
        """These students ask for release, each for a reason of their own."""
        done = 0
        for admission, public_id, person in fetch_all(
            _HELD, (round, [p for p in people if p in self.players])
        ):
            player, row = self.players[person], Admission(pk=admission, public_id=public_id, person_id=person)
            why = list(Why)[player.student.choice_seed % len(Why)]
            done += self._tries(self._gives, player, withdrawals.ask, admission=row, why=why, note="")
        return done

    def transfer(self, round: int, people: list[int], *, seated: bool = True) -> int:
        """These students move to a free seat of the round, if there is one open to them; or, without a seat, take
        one."""
        act = transfers.transfer if seated else direct_enrolment.claim
        offer, done = Offer(Round.objects.select_related("season").get(pk=round), self.mine, self.of), 0
        for person in people:
            if (player := self.players.get(person)) is not None:
                done += self._tries(self._claim, player, offer, act)
        return done

    def confirm(self, season: int) -> int:
        """Look at the record and say 一致 or 有误; one in forty has not come to it yet."""
        done = 0
        for record, public_id, person in fetch_all(_TO_CONFIRM, (season, list(self.players))):
            player = self.players[person]
            if player.student.choice_seed % 40:
                row = StudentRecord(pk=record, public_id=public_id, person_id=person)
                done += self._tries(self._confirm, player, row)
        return done

    def _register(self, season: Season, student: Student) -> None:
        number = student.phone
        code = self.phone.request_code(number, "account.enter", accounts.enter_content(number))
        account = accounts.enter(by=GUEST.with_factor(code=code, phone_hash=blind(number)), phone=number)
        actor = Actor(role=Role.STUDENT, account=account.pk)
        form = registration(student, self.homes[student.home])
        application = people.register(by=actor, season=season, form=form)
        person = application.person_id
        actor = Actor(role=Role.STUDENT, account=account.pk, people=(person,))
        self.players[person] = Player(student, actor, person, application)
        if student.spelling:
            # Somebody tries the same number in another spelling; it is the same person.
            again = replace(form, id_number=student.spelling)
            self._tries(people.register, by=actor, season=season, form=again)

    def _submit(self, player: Player, round: Round, lines: list[int]) -> None:
        if not lines:
            raise Refused("没有可选的专业")
        self.phone.confirm(
            player.student.phone, player.actor, choices.submit,
            application=player.application, round=round, lines=lines,
        )  # fmt: skip

    def _gives(self, player: Player, act: Callable[..., Any], **kwargs: Any) -> None:
        self.phone.confirm(player.student.phone, player.actor, act, **kwargs)

    def _claim(self, player: Player, offer: Offer, act: Callable[..., Any] = direct_enrolment.claim) -> None:
        rng = Random(player.student.choice_seed)
        wishes = [offer.picks(player.student.origin, self.homes[player.student.home], rng) for _ in range(6)]
        # The page shows the seats that are left; nobody asks for a full line.
        free = [one for some in wishes for one in some if offer.left[one.line] > 0]
        if not free:
            raise Refused("没有找到有名额的专业")
        self.phone.confirm(
            player.student.phone, player.actor, act, application=player.application,
            round=offer.round, plan_line=PlanLine(pk=free[0].line, public_id=free[0].public_id),
        )  # fmt: skip
        offer.left[free[0].line] -= 1

    def _answer(self, player: Player, admission: Admission) -> None:
        act = answers.decline if player.student.choice_seed % 100 < 4 else answers.accept
        self.phone.confirm(player.student.phone, player.actor, act, admission=admission)

    def _confirm(self, player: Player, record: StudentRecord) -> None:
        wrong = player.student.reports_error
        self.phone.confirm(
            player.student.phone, player.actor, records.confirm, record=record,
            says="WRONG" if wrong else "AGREES", field="school_class" if wrong else "", note="",
        )  # fmt: skip

    def _tries(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> int:
        """One act of one student; a refusal is part of the play and is counted by its sentence."""
        try:
            act(*args, **kwargs)
        except Refused as refusal:
            self.refused[refusal.what] += 1
            return 0
        return 1

    def _seated(self, year: int) -> set[int]:
        return {person for (person,) in fetch_all(_SEATED, (year,))}


_SEATED = """
SELECT person_root_id FROM live_claim WHERE intake_year = %s
"""
_OFFERED = """
SELECT id, public_id, person_id, rank FROM yangguang_admission
WHERE round_id = %s AND state = 'OFFERED' AND person_id = ANY(%s) ORDER BY person_id
"""
_OFFERS = """
SELECT o.id, o.public_id, a.person_id FROM yangguang_waitingoffer AS o
JOIN yangguang_application AS a ON a.id = o.application_id
WHERE o.round_id = %s AND o.state = 'OPEN' AND a.person_id = ANY(%s) ORDER BY a.person_id
"""
_HELD = """
SELECT id, public_id, person_id FROM yangguang_admission
WHERE round_id = %s AND state = 'ACCEPTED' AND person_id = ANY(%s) ORDER BY person_id
"""
_TO_CONFIRM = """
SELECT r.id, r.public_id, r.person_id FROM yangguang_studentrecord AS r
JOIN yangguang_admission AS a ON a.id = r.admission_id JOIN yangguang_application AS p ON p.id = a.application_id
WHERE p.season_id = %s AND r.state = 'COMPLETED' AND r.person_id = ANY(%s) ORDER BY r.person_id
"""


def registration(student: Student, home: int) -> Registration:
    """The form as this family fills it in."""
    track = Application.Track.CHOOSES
    if student.track in (Track.IMPORTED_3_2, Track.IMPORTED_FIVE_YEAR):
        track = Application.Track.EXAM_BOARD
    elif student.track in (Track.WALK_IN, Track.SPRING):
        track = Application.Track.WALK_IN
    return Registration(
        name=student.name,
        id_number=student.id_number,
        origin=student.origin.value,
        home=home,
        track=track.value,
        guardian_name=student.guardian_name,
        guardian_relation="父母" if student.guardian_name else "",
        guardian_phone=student.guardian_phone,
        consent_by="guardian" if student.guardian_name else "student",
        consent_text=NOTICE,
        needs=student.special_needs,
    )
