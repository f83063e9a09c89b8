"""The messages of a family, by page."""

import re

from tests.support.builders.web_season import Desk, text
from tests.support.query_counter import statements
from yangguang.models import Message, Person


def test_messages_page_by_key_with_the_same_queries(desk: Desk) -> None:
    person = Person.objects.get()
    counts = []
    for upto in (1, 3):
        for n in range(upto):
            Message.objects.get_or_create(person=person, event="e", subject=f"s{upto}{n}", defaults={"text": f"第{n}"})
        with statements() as queries:
            assert "第0" in text(desk.client.get("/me/messages/"))
        counts.append(len(queries))

    assert counts[0] == counts[1]
    for n in range(30):
        Message.objects.create(person=person, event="f", subject=f"n{n:02d}", text=f"通知{n:02d}")
    first = desk.client.get("/me/messages/").content.decode()
    nxt = re.search(r'rel="next" href="([^"]+)"', first)

    assert nxt is not None
    second = desk.client.get("/me/messages/" + nxt[1].replace("&amp;", "&"))
    seen = re.findall(r"通知\d\d", first) + re.findall(r"通知\d\d", second.content.decode())

    assert sorted(seen) == [f"通知{n:02d}" for n in range(30)]
