"""Pages after the results: a round with a waiting list, the families' browsers, and acts with their code."""

from typing import Any

import pytest
from django.test import Client

from tests.support.builders.officers import family_at, sends
from tests.support.builders.waiting_list import Waited
from tests.support.builders.web_season import code_for, posted, sealed_in
from tests.support.personas import FAMILY_PHONE, Personas
from yangguang.models import Account, Application
from yangguang.models.base.fields import blind


def at_home(application: Application, phone: str = FAMILY_PHONE) -> Client:
    """The family's browser; its account has a phone for codes."""
    account = Account.objects.get(pk=application.person.account_id)
    account.phone, account.phone_hash = phone, blind(phone)
    account.save(update_fields=["phone", "phone_hash"])
    return family_at(account.pk)


def confirm_with_code(client: Client, url: str, data: dict[str, Any]) -> Any:
    """Submit the form, request the code, and act with it."""
    confirmation = posted(client, url, sealed_in(sends(client, url, data)) | {"_step": "send"})
    return posted(client, url, sealed_in(confirmation) | {"_step": "act", "_code": code_for(FAMILY_PHONE)})


def url(application: Application, tail: str = "") -> str:
    return f"/me/{application.public_id}/{tail}"


@pytest.fixture
def waited(personas: Personas) -> Waited:
    """P1 is admitted to A; P3 is admitted to B and waits for A; P5 waits for A behind P3."""
    waited = Waited.lay(personas)
    waited.laid.programme("A", 1)
    waited.laid.programme("B", 1)
    for nth, (number, codes) in enumerate({"P1": "AB", "P3": "AB", "P5": "A"}.items()):
        waited.apply(number, 600 - 10 * nth, *codes)
    waited.publish()
    waited.accepts("P3", wait=True)
    waited.offer_due()
    return waited
