"""A family at its browser that fills the registration in, page after page, with the values of the test."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.support.personas import FAMILY_PHONE, Personas
from yangguang.models import Account, Application, Person
from yangguang.rules.base.id_number import check_digit


def number_of(serial: int, *, age: int = 15) -> str:
    """A well-formed number of no person, under a place code that was never given."""
    born = date.today().replace(day=1) - timedelta(days=366 * age)
    head = f"490101{born:%Y%m%d}{serial:03d}"
    return head + check_digit(head)


@dataclass
class Family:
    """One signed-in family; what it does not say is filled in rightly."""

    personas: Personas
    phone: str = FAMILY_PHONE
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def signs_in(self) -> "Family":
        session = self.client.session
        session["account"] = self.personas.family(self.phone).account
        session.save()
        return self

    def opens(self, step: str) -> str:
        """What the page of this step, or "review", carries of the answers that it shows; "" where there is no page."""
        carried = re.search(
            r'name="_displayed" value="([^"]+)"', self.client.get(f"/me/register/{step}/").content.decode()
        )
        return carried[1] if carried else ""

    def posts(self, step: str, data: dict[str, Any]) -> HttpResponse:
        return self.client.post(f"/me/register/{step}/", {"_displayed": self.opens(step)} | data)

    def submits(self) -> HttpResponse:
        return self.posts("review", {})

    def answers(self, **typed: Any) -> HttpResponse:
        """Go through the steps; the answer of the first page that does not let one pass, or of the review."""
        return self.fills(**typed) or self.submits()

    def fills(self, **typed: Any) -> HttpResponse | None:
        """Fill the steps in; the answer of the first page that does not let one pass, None when all do."""
        steps: dict[str, dict[str, Any]] = {
            "consent": {"consent_by": "guardian", "agree": "on"},
            "person": {"name": "欧阳小满", "id_number": number_of(1)},
            "origin": {
                "origin": "junior_this_year",
                "home": str(self.personas.county.public_id),
                "track": "CHOOSES",
                "junior_school": "甲市实验初中",
            },
            "guardian": {"guardian_name": "欧阳大满", "guardian_relation": "父亲", "guardian_phone": "15450000001"},
            "needs": {"needs": ""},
        }
        for step, data in steps.items():
            answer = self.posts(step, data | {name: typed[name] for name in data.keys() & typed.keys()})
            if answer.status_code != 302:
                return answer
        return None

    @property
    def people(self) -> list[Person]:
        return list(Person.objects.filter(account=Account.objects.get(phone_hash__isnull=False)))

    @property
    def applications(self) -> int:
        return Application.objects.count()
