"""A published round that keeps a waiting list, and students who answer: what the tests of the list start from."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.support.builders.consent import CODE
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import SHELL, Personas
from yangguang import clock
from yangguang.actions.admissions import answers, direct_enrolment, waiting_list_actions
from yangguang.actions.base.audit_record import content_of
from yangguang.actions.base.step_up import code_hash
from yangguang.models import Account, Admission, Application, OneTimeCode, Round, WaitingOffer, WaitingPlace
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.roles import Role
from yangguang.rules.seasons.windows import WindowKind


def family_of(application: Application) -> Actor:
    account = Account.objects.get(pk=application.person.account_id)
    return Actor(role=Role.STUDENT, account=account.pk, people=(application.person_id,))


def says(application: Application, act: Any, /, **kwargs: Any) -> Any:
    """The applicant does the act with a fresh code for exactly this content."""
    who = family_of(application)
    content = content_of(act.spec.name, kwargs)
    OneTimeCode.objects.create(
        account_id=who.account,
        phone_hash=application.person.account.phone_hash,
        content=content,
        code_hash=code_hash(CODE, content),
        expires_at=clock.now() + timedelta(minutes=5),
    )
    return act(by=who.with_step_up(code=CODE), **kwargs)


@dataclass
class Waited:
    """A ranked round with its list open; applicants by 报名号."""

    laid: Ranked
    people: dict[str, Application] = field(default_factory=dict)

    @classmethod
    def lay(cls, personas: Personas, **how: Any) -> "Waited":
        laid = Ranked.lay(personas, **how)
        Round.objects.filter(pk=laid.round.pk).update(keeps_waiting_list=True)
        laid.round.keeps_waiting_list = True
        laid.window(WindowKind.ANSWER, -1, 5)
        laid.window(WindowKind.WAITING, -1, 9)
        return cls(laid)

    def apply(self, number: str, score: int, *codes: str, **more: Any) -> None:
        self.people[number] = self.laid.apply(score, *codes, number=number, **more)

    def publish(self) -> None:
        self.laid.close()
        self.laid.published()

    def held(self, number: str) -> Admission:
        """The live admission of the applicant."""
        return Admission.objects.get(application=self.people[number], state__in=LIVE)

    def accepts(self, number: str, *, wait: bool = False) -> None:
        says(self.people[number], answers.accept, admission=self.held(number), wait=wait)

    def declines(self, number: str) -> None:
        says(self.people[number], answers.decline, admission=self.held(number))

    def offer_due(self) -> int:
        return int(waiting_list_actions.offer_due(by=SHELL, round=self.laid.round))

    def offers(self, state: str = "OPEN") -> dict[str, str]:
        """报名号 → programme code of the offers in a state."""
        rows = WaitingOffer.objects.filter(state=state).values_list("application__number", "programme__code")
        return dict(rows.order_by("application__number"))

    def takes(self, number: str, **how: Any) -> Admission:
        offer = WaitingOffer.objects.get(application=self.people[number], state="OPEN")
        admission: Admission = says(self.people[number], waiting_list_actions.accept, offer=offer, **how)
        return admission

    def refuses(self, number: str) -> None:
        offer = WaitingOffer.objects.get(application=self.people[number], state="OPEN")
        says(self.people[number], waiting_list_actions.decline, offer=offer)

    def places(self, code: str) -> list[str]:
        """报名号 of students who wait for a programme, first to last."""
        rows = WaitingPlace.objects.filter(programme__code=code).order_by("kind", "position")
        return list(rows.values_list("application__number", flat=True))

    def seats(self) -> dict[str, str]:
        """报名号 → programme code of every student who holds a seat."""
        rows = Admission.objects.filter(state__in=LIVE).values_list("application__number", "programme__code")
        return dict(rows.order_by("application__number"))


LIVE = ("OFFERED", "ACCEPTED", "WAITING", "CHECKED_IN")


def seated_at_a(personas: Personas) -> tuple[Ranked, Application]:
    """A round of direct registration with one seat in A, which the student has taken, and one free in B."""
    laid = Ranked.lay(personas, number=5, kind="direct")
    laid.programme("A", 1)
    laid.programme("B", 1)
    laid.window(WindowKind.CHOICES, -1, 1)
    student = laid.apply(None, number="N1")
    says(student, direct_enrolment.enrol, application=student, round=laid.round, programme=laid.programmes["A"])
    return laid, student
