"""One identity number in five spellings, from five phones at once: one person, one registration. (T2.01)"""

import os
from dataclasses import replace

import pytest

from tests.support.builders.crowd import at_once
from tests.support.builders.family import number_of
from tests.support.personas import Personas
from yangguang.actions.applicants import registration
from yangguang.actions.applicants.registration import Registration
from yangguang.models import Account, Application, Consent, Guardian, Person
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import WindowKind

NUMBER = next(number for number in (number_of(serial) for serial in range(200)) if number.endswith("X"))
SPELLINGS = [
    NUMBER,
    NUMBER.lower(),
    f" {NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}",
    "".join(chr(ord(c) + 0xFEE0) for c in NUMBER),
    NUMBER + "　",
]
FAMILIES = 10


def said_by(personas: Personas, *, accounts: int, request_key: str = "") -> list[object]:
    personas.open(WindowKind.REGISTRATION)
    form = Registration(
        name="某小满",
        id_number=NUMBER,
        origin="junior_this_year",
        home=personas.county.pk,
        consent_text="试",
        guardian_name="某大满",
        guardian_relation="父亲",
        guardian_phone="15450000001",
        consent_by="guardian",
    )
    known = [Account.objects.create(username=f"family{n}").pk for n in range(accounts)]

    def one(n: int) -> object:
        by = Actor(role=Role.STUDENT, account=known[n % accounts], request_key=request_key)
        spelled = NUMBER if request_key else SPELLINGS[n % len(SPELLINGS)]
        return registration.register(by=by, season=personas.season, form=replace(form, id_number=spelled))

    return at_once([lambda n=n: one(n) for n in range(FAMILIES)], FAMILIES)


def counts() -> tuple[int, int, int, int]:
    return tuple(model.objects.count() for model in (Person, Application, Consent, Guardian))  # type: ignore[return-value]


@pytest.mark.parametrize("accounts", [FAMILIES, 1])
def test_one_number_in_many_spellings_is_one_person(personas: Personas, accounts: int) -> None:
    """From ten families, or from ten devices of one family."""
    said = said_by(personas, accounts=accounts)
    refused = [answer for answer in said if not isinstance(answer, Application)]

    assert counts() == (1, 1, 1, 1)
    assert len(refused) == FAMILIES - 1
    assert all(isinstance(answer, Refused) and "已经报过名" in answer.what for answer in refused), refused


def test_without_one_canonical_index_it_is_many_persons(personas: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "blind", lambda _: os.urandom(32))
    said_by(personas, accounts=FAMILIES)

    assert Person.objects.count() == FAMILIES


def test_one_registration_sent_ten_times_gets_one_answer(personas: Personas) -> None:
    said = said_by(personas, accounts=1, request_key="k" * 32)

    assert {getattr(answer, "pk", answer) for answer in said} == {Application.objects.get().pk}
    assert counts() == (1, 1, 1, 1)
