"""A family, a season with an open round and its programmes: what the tests of the student's pages start from."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client, TestCase

from tests.support.builders.enrolment import Enrolled, id_number
from tests.support.personas import FAMILY_PHONE, Personas
from yangguang import clock
from yangguang.actions.applicants import registration
from yangguang.actions.applicants.registration import Registration
from yangguang.gateways.sms import FakeSms
from yangguang.models import Application, Plan, Programme, Round, RoundProgramme, Window
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.seasons.windows import WindowKind


def posted(client: Client, url: str, data: dict[str, Any], **more: Any) -> HttpResponse:
    """A POST whose messages are sent at once, as they are outside of a test's transaction."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return client.post(url, data, **more)


def code_for(phone: str) -> str:
    """The six digits of the newest message to this phone."""
    code = re.search(r"验证码(\d{6})", FakeSms().messages(phone)[-1].text)
    assert code is not None
    return code[1]


def sealed_in(answer: HttpResponse) -> dict[str, str]:
    """The hidden fields of a confirm page."""
    fields = dict(re.findall(r'<input type="hidden" name="(_typed|_key)" value="([^"]*)"', answer.content.decode()))
    assert set(fields) == {"_typed", "_key"}
    return fields


def displayed_on(browser: Client, url: str) -> str:
    """What the page carries of what it shows; "" where it carries nothing."""
    carried = re.search(r'name="_displayed" value="([^"]+)"', browser.get(url).content.decode())
    return carried[1] if carried else ""


@dataclass
class Desk:
    """One registered family with a browser, before a round of three programmes."""

    personas: Personas
    by: Actor
    application: Application
    round: Round
    programmes: list[Programme]
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    @classmethod
    def lay(cls, personas: Personas, *, kind: str = "ranked", programmes: int = 3, open_now: bool = True) -> "Desk":
        personas.open(WindowKind.REGISTRATION)
        by = personas.family()
        form = Registration(
            name="某小阳",
            id_number=id_number(7),
            origin="junior_this_year",
            home=personas.county.pk,
            consent_text="试",
            guardian_name="某大阳",
            guardian_phone="15450000001",
            consent_by="guardian",
        )
        application = registration.register(by=by, season=personas.season, form=form)
        desk = cls(
            personas,
            Actor(by.role, by.account, people=(application.person_id,)),
            application,
            Round.objects.create(season=personas.season, number=2, name="集中录取", kind=kind, max_choices=3),
            [],
        )
        if open_now:
            desk.open()
        enrolled = Enrolled(personas, desk.round)
        for serial in range(programmes):
            desk.programmes.append(desk.offer(enrolled, serial))
        session = desk.client.session
        session["account"] = by.account
        session.save()
        return desk

    def open(self, *, hours: int = 48) -> Window:
        now = clock.now()
        return Window.objects.create(
            season=self.personas.season,
            round=self.round,
            kind=WindowKind.CHOICES.value,
            opens_at=now - timedelta(days=2),
            closes_at=now + timedelta(hours=hours),
        )

    def offer(self, enrolled: Enrolled, serial: int) -> Programme:
        """One more programme of the round, at a separate school unless it is the first two."""
        plan, _ = Plan.objects.get_or_create(
            school=self.personas.school, season=self.personas.season, defaults={"capacity": 500, "state": "PUBLISHED"}
        )
        programme = Programme.objects.create(
            plan=plan,
            code=f"T{serial:03d}",
            major=f"护理{serial}",
            programme_type="three_year",
            study_form="full_time",
            years=3,
            seats=20,
        )
        programme.quotas.create(code="general", name="普通", seats=20, mode="at_least", tie="all_wait")
        RoundProgramme.objects.create(round=self.round, programme=programme, seats=20)
        return programme

    def url(self, tail: str = "") -> str:
        return f"/me/{self.application.public_id}/{tail}"

    @property
    def choices_url(self) -> str:
        return self.url(f"choices/{self.round.number}/")

    def edit(self, **data: Any) -> HttpResponse:
        return self.client.post(
            self.choices_url + "edit/", {"_displayed": displayed_on(self.client, self.choices_url)} | data
        )

    def add(self, *programmes: Programme) -> None:
        for programme in programmes:
            assert self.edit(add=str(programme.public_id)).status_code == 302

    def proves(self, url: str, first: dict[str, Any] | None = None, phone: str = FAMILY_PHONE) -> HttpResponse:
        """Go through both steps of an act: open it, ask for the code, type it."""
        carried = {} if first is None else {"_displayed": displayed_on(self.client, url)}
        opened = self.client.get(url) if first is None else posted(self.client, url, carried | first)
        sent = posted(self.client, url, sealed_in(opened) | {"_step": "send"})
        return posted(self.client, url, sealed_in(sent) | {"_step": "act", "_code": code_for(phone)})

    def fresh(self) -> Application:
        self.application.refresh_from_db()
        return self.application


def text(answer: HttpResponse) -> str:
    """What a reader sees: the page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
