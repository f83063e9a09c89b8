"""谁看过我的信息: the entries of the log about the own family."""

import re

from django.test import Client

from tests.support.builders.web_season import Desk, text
from yangguang.models import AuditEntry, Person
from yangguang.rules.base.events import EVENTS

OTHER_PHONE = "15400000002"


def listed(browser: Client) -> list[str]:
    """What was done, row by row."""
    rows = re.findall(r"<li>(.*?)</li>", browser.get("/me/seen/").content.decode(), re.S)
    acts = [name for row in rows for name in EVENTS.values() if f">{name}<" in row]
    assert len(acts) == len([row for row in rows if "row-name" in row])
    return acts


def test_every_entry_about_the_family_is_listed_and_none_of_others(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    person = Person.objects.get()
    other = desk.personas.family(OTHER_PHONE)
    entries = AuditEntry.objects.filter(person=person.pk).order_by("-at", "-public_id")
    expected = [EVENTS[action] for action in entries.values_list("action", flat=True)]

    own = listed(desk.client)
    page = text(desk.client.get("/me/seen/"))
    session = desk.client.session
    session["account"] = other.account
    session.save()

    assert own == expected
    assert {"实名与报名", "保存志愿草稿"} <= set(own)
    assert "本人" in page
    assert listed(desk.client) == []
