"""The messages of a family, by page."""

import re

from tests.support.builders.web_season import Desk, posted, text
from tests.support.query_counter import statements
from yangguang.actions.messages.enqueue import enqueue_for_family
from yangguang.models import AuditEntry, Guardian, Message, Person


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


def test_a_family_corrects_the_phone_that_gets_copies_and_the_old_one_gets_none_any_more(desk: Desk) -> None:
    person = Person.objects.get()
    Guardian.objects.create(person=person, name="某大甲", relation="父亲", phone="15450000009")
    url = desk.url("guardian-phone/")

    assert "短信同时抄送监护人 154****0009" in text(desk.client.get("/me/messages/"))
    assert "短信已经抄送到这个手机号" in text(posted(desk.client, url, {"phone": "154 5000 0009"}))
    assert desk.proves(url, {"phone": "154 5000 0010"}).status_code == 302
    assert "短信同时抄送监护人 154****0010" in text(desk.client.get("/me/messages/"))
    enqueue_for_family(person.pk, "e", "s", "录取", "录取")
    copies = Message.objects.exclude(guardian=None).order_by("pk")

    assert [(copy.guardian.phone.reveal(), copy.text[:4]) for copy in copies if copy.guardian] == [
        ("15450000009", "【阳光招"),
        ("15450000010", "录取"),
    ]
    assert "154" not in str(AuditEntry.objects.get(action="guardian.change_phone").facts)


def test_without_a_guardian_there_is_nothing_to_correct(desk: Desk) -> None:
    Guardian.objects.all().delete()

    assert "抄送" not in text(desk.client.get("/me/messages/"))
    assert "没有登记监护人" in text(posted(desk.client, desk.url("guardian-phone/"), {"phone": "15450000010"}))
