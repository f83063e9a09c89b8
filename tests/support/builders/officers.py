"""Officers at their browsers: a session in their seat, and both steps of a signed act."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.support.builders.web_season import displayed_on, sealed_in
from tests.support.clients import OfficerClient, signature_for
from tests.support.query_counter import statements
from yangguang.models import Account


def at_desk(who: OfficerClient) -> Client:
    """A browser in which the officer is signed in."""
    client = Client(raise_request_exception=False)
    session = client.session
    account = Account.objects.get(username=who.username)
    session["account"], session["seat"] = account.pk, account.role_assignments.get().pk
    session.save()
    return client


def family_at(account: int) -> Client:
    """A browser in which a family is signed in."""
    client = Client(raise_request_exception=False)
    session = client.session
    session["account"] = account
    session.save()
    return client


def sends(client: Client, url: str, data: dict[str, Any]) -> HttpResponse:
    """Open the page and send its form, with what it carries of what it shows."""
    return client.post(url, {"_displayed": displayed_on(client, url)} | data)


def signed(client: Client, url: str, data: dict[str, Any] | None = None) -> HttpResponse:
    """Read the confirm page, then sign with the officer's key."""
    confirmation = sends(client, url, data or {})
    assert confirmation.status_code == 200, seen(confirmation)
    return client.post(url, sealed_in(confirmation) | signature_for(confirmation, client))


def seen(answer: HttpResponse) -> str:
    """What a reader sees: the page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def page_of(client: Client, url: str) -> str:
    """What a reader sees of a page that answers."""
    answer = client.get(url)
    assert answer.status_code == 200, f"{url}: {seen(answer)}"
    return seen(answer)


def cost(client: Client, url: str) -> int:
    """How many statements a page costs that answers."""
    with statements() as sent:
        assert client.get(url).status_code == 200, url
    return len(sent)
