"""Nobody's number leaves its sealed column: not for other columns, logs, pages, files, addresses. (GB/T 35273)"""

import io
import logging
import re
import zipfile
from collections.abc import Iterator

import pytest
import structlog
from django.db import connection
from django.http import HttpResponse

from tests.access.conftest import closed, laid, world
from tests.access.sites import SITES, Browser
from tests.access.test_routes import SIGN_IN, may
from tests.access.world import World
from tests.support.builders.family import Family, number_of
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import FAMILY_PHONE, Personas
from yangguang import clock, logs
from yangguang.actions.admissions import check_ins
from yangguang.actions.records import records
from yangguang.models import Application, Guardian, Message, Person
from yangguang.queries.audit.invariants.plaintext import find_plain_personal_data
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.id_number import mask as mask_id
from yangguang.rules.base.names import mask_phone
from yangguang.rules.seasons.windows import SHANGHAI, WindowKind

__all__ = ["closed", "laid", "world"]
pytestmark = pytest.mark.django_db
NUMBER, GUARDIANS_PHONE = number_of(1), "15450000001"
SECRETS = (NUMBER, FAMILY_PHONE, GUARDIANS_PHONE)


@pytest.fixture
def programmes() -> Iterator[io.StringIO]:
    """Everything this process logs, as production logs it."""
    buffer, handlers, level = io.StringIO(), logging.root.handlers[:], logging.root.level
    logs.configure(readable=False, to=buffer)
    yield buffer
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


def season(personas: Personas) -> Family:
    """One family's whole way through the pages and actions: registered, chosen, admitted, checked in, recorded."""
    personas.open(WindowKind.REGISTRATION)
    family = Family(personas).signs_in()
    assert family.answers(id_number=NUMBER).status_code == 302
    ranked = Ranked.lay(personas)
    ranked.programme("A", 2)
    application = Application.objects.get()
    Application.objects.update(scores=[500])
    ranked.choose(application, "A")
    ranked.close()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE yangguang_choiceversion SET recorded_at = recorded_at - interval '5 days'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    ranked.published()
    personas.open(WindowKind.CHECK_IN)
    today = clock.now().astimezone(SHANGHAI).date()
    personas.teacher.sign(
        check_ins.check_in_students, school=personas.school, numbers=[application.number], arrived_on=today
    )
    personas.pe1.sign(records.make_due, season=personas.season)
    return family


def clear_text(secret: str) -> list[str]:
    """Table and column of every value that holds the secret, as text or as bytes that spell it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND table_name LIKE 'yangguang%' OR table_name LIKE 'procrastinate_jobs' "
            "OR table_name LIKE 'django_session'"
        )
        columns: dict[str, list[str]] = {}
        for table, column in cursor.fetchall():
            columns.setdefault(table, []).append(column)
        found = []
        spelled = [secret, secret.encode().hex(), "".join(chr(ord(c) + 0xFEE0) for c in secret)]
        for table, names in columns.items():
            values = ", ".join(f"('{name}', \"{name}\"::text)" for name in names)
            cursor.execute(
                f"SELECT v.c FROM {table} CROSS JOIN LATERAL (VALUES {values}) AS v(c, value) WHERE v.value ~ %s",
                ("|".join(spelled),),
            )
            found += [f"{table}.{name}" for (name,) in cursor.fetchall()]
        return found


def test_after_a_season_no_number_is_in_the_clear_and_no_log_programme_has_one(
    personas: Personas, programmes: io.StringIO
) -> None:
    family = season(personas)
    logging.getLogger("django.request").error("来自 %s 的请求，证件 %s", FAMILY_PHONE, NUMBER)
    for url in ("/me/", f"/me/{Application.objects.get().public_id}/", f"/nowhere/{NUMBER}/", f"/me/?q={NUMBER}"):
        family.client.get(url)

    assert [found for secret in SECRETS for found in clear_text(secret)] == []
    assert list(find_plain_personal_data()) == []
    assert (Person.objects.get().id_number.reveal(), Guardian.objects.get().phone.reveal()) == (NUMBER, GUARDIANS_PHONE)
    written = programmes.getvalue()

    assert "来自" in written and "nowhere" in written, "nothing was logged, so nothing is proved"
    assert [secret for secret in SECRETS if secret in written] == []


def test_the_search_finds_a_number_that_was_put_in_the_clear(personas: Personas) -> None:
    season(personas)
    Message.objects.filter(person=Person.objects.get()).update(text=f"电话{FAMILY_PHONE}")

    assert "yangguang_message.text" in clear_text(FAMILY_PHONE)
    Person.objects.update(id_number=NUMBER.encode())

    assert "yangguang_person.id_number" in clear_text(NUMBER)


def test_what_was_typed_so_far_lies_sealed_in_the_session(personas: Personas) -> None:
    personas.open(WindowKind.REGISTRATION)
    family = Family(personas).signs_in()
    family.answers(id_number=NUMBER, guardian_phone="")
    kept = family.client.session["registration"]

    assert NUMBER not in kept
    assert "欧阳" not in kept
    assert clear_text(NUMBER) == []


def read(answer: HttpResponse) -> str:
    """All text of an answer, also of a workbook."""
    data = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            data = b"\n".join(book.read(name) for name in book.namelist())
    return data.decode("utf-8", "replace")


def secrets() -> dict[str, str]:
    """Every full number of the world → whose it is."""
    found = {}
    for person in Person.objects.select_related("account"):
        found[person.id_number.reveal()] = "number"
        found[person.account.phone.reveal()] = "phone"
    return found


_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.S)
_PRIVATE_FIELDS = re.compile(r'name="(id_number|phone|guardian_phone|name|guardian_name)"')


@pytest.mark.parametrize("role", SIGN_IN)
def test_no_page_or_file_shows_a_whole_number_and_no_form_puts_one_in_an_address(world: World, role: Role) -> None:
    browser, numbers, displayed, sent = Browser(world, role), secrets(), [], []
    names = {person.name for person in Person.objects.all()}
    for site in (site for site in SITES if may(role, site)):
        kinds = ("csv", "xlsx") if site.route.endswith("<str:kind>") else ("csv",)
        for kind in kinds:
            page = read(browser.ask("get", site.url(world, role).replace(".csv", f".{kind}")))
            displayed += [(site.route, numbers[number]) for number in numbers if number in page]
            if role is not Role.STUDENT:
                displayed += [(site.route, "name") for name in names if name in page]
            for head, body in _FORM.findall(page):
                if _PRIVATE_FIELDS.search(body) and "post" not in head:
                    sent.append(site.route)

    assert (displayed, sent) == ([], [])


def test_the_pages_do_speak_of_people_but_masked(world: World) -> None:
    """The other side of the test above: the masked forms are there, so the pages were not merely empty."""
    school = Browser(world, Role.VOCATIONAL_SCHOOL)
    page = read(school.ask("get", "/school/records/"))
    person = Person.objects.get(name="甲教小寒")

    assert "甲***" in page
    assert person.name not in page
    assert mask_id(person.id_number.reveal()) != person.id_number.reveal()
    assert str(person.id_number) == mask_id(person.id_number.reveal())
    assert str(person.account.phone) == mask_phone(person.account.phone.reveal())
    assert repr(person.id_number) == "<Sealed>"
    assert person.name not in str(person)


def test_a_look_up_is_a_post_and_its_answer_says_nothing_of_the_facts(world: World) -> None:
    guest = Browser(world, Role.GUEST)
    application = Application.objects.select_related("person").first()

    assert application is not None
    facts = {
        "number": application.number,
        "name": application.person.name,
        "id_number": application.person.id_number.reveal(),
    }
    right = guest.ask("post", "/result/", facts)

    assert (right.status_code, right.headers["Cache-Control"]) == (200, "no-store")
    wrong = [
        guest.ask("post", "/result/", facts | {"name": "别人"}),
        guest.ask("post", "/result/", facts | {"number": "2024000000000000"}),
    ]

    assert {answer.status_code for answer in wrong} <= {404, 422}
