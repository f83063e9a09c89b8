"""The look-up by three facts: one answer for everything unknown, the same work, throttled, kept in the log."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse

from tests.support.builders.enrolment import id_number
from tests.support.builders.officers import seen
from tests.support.builders.policy import set_rule
from tests.support.builders.public_season import PublicSeason
from tests.support.personas import Personas
from tests.support.query_counter import statements
from yangguang.models import Admission, Allowance, AuditEntry, Person
from yangguang.rules.base.numbers import luhn

pytestmark = pytest.mark.django_db
NAME = "某小阳"


@pytest.fixture
def public_season(personas: Personas) -> PublicSeason:
    cache.clear()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    return PublicSeason.lay(personas)


@pytest.fixture
def admitted(public_season: PublicSeason) -> Admission:
    return public_season.admitted(NAME)


def facts(admitted: Admission, **other: str) -> dict[str, str]:
    own = {"number": admitted.application.number, "name": NAME}
    own["id_number"] = admitted.person.id_number.reveal()
    return own | other


def ask(public_season: PublicSeason, data: dict[str, str]) -> HttpResponse:
    return public_season.client.post("/result/", data)


def body(answer: HttpResponse) -> str:
    """The page without what was typed and without the forgery token."""
    return re.sub(r'value="[^"]*"', "", answer.content.decode())


def other_number() -> str:
    return "242000000000000" + luhn("242000000000000")


def test_the_three_facts_show_the_own_result_with_the_name_masked(
    public_season: PublicSeason, admitted: Admission
) -> None:
    answer = ask(public_season, facts(admitted))
    page = seen(answer)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "某**" in page
    assert NAME not in page
    assert facts(admitted)["id_number"] not in answer.content.decode()
    assert "甲市第一职业学校 · 护理" in page
    assert "待应答" in page
    assert "第 1 志愿录取" in page
    assert "您排第3位，已被录取" in page


def test_other_spellings_of_the_same_facts_are_the_same_facts(public_season: PublicSeason, admitted: Admission) -> None:
    number = admitted.application.number
    wide = number.translate({ord(c): 0xFF10 + int(c) for c in "0123456789"})
    spelled = facts(
        admitted, number=f" {wide[:8]} {wide[8:]} ", name="某 小 阳", id_number=facts(admitted)["id_number"].lower()
    )

    answer = ask(public_season, spelled)

    assert answer.status_code == 200
    assert "甲市第一职业学校 · 护理" in seen(answer)


@pytest.mark.parametrize("written", ["买买提.江", "买买提•江\u200b", " 买买提 · 江"])
def test_a_dot_in_another_spelling_is_no_other_name(
    public_season: PublicSeason, admitted: Admission, written: str
) -> None:
    Person.objects.filter(pk=admitted.person_id).update(name="买买提·江")

    assert ask(public_season, facts(admitted, name=written)).status_code == 200


def test_whatever_is_wrong_the_answer_is_the_same_after_the_same_queries(
    public_season: PublicSeason, admitted: Admission
) -> None:
    ask(public_season, facts(admitted))
    wrongs = [
        {"number": other_number()},
        {"name": "某小阴"},
        {"id_number": id_number(2)},
        {"number": other_number(), "name": "某甲", "id_number": id_number(9)},
    ]
    answers, counts = [], []
    for data in (facts(admitted, **wrong) for wrong in [*wrongs, {}]):
        with statements() as sent:
            answers.append(ask(public_season, data))
        counts.append(len(sent))

    assert answers.pop().status_code == 200
    assert {answer.status_code for answer in answers} == {404}
    assert len(set(counts)) == 1
    assert len({body(answer) for answer in answers}) == 1
    assert "没有查到结果" in seen(answers[0])
    assert "不说明是哪一项" in seen(answers[0])


def test_nothing_typed_is_lost_and_each_fault_stands_beside_its_field(public_season: PublicSeason) -> None:
    answer = ask(public_season, {"number": "123", "name": "张3", "id_number": "11010119000230001X"})
    page = seen(answer)

    assert answer.status_code == 422
    assert b'value="123"' in answer.content
    assert "报名号是16位数字" in page
    assert "姓名里有数字" in page
    assert "出生日期不存在" in page
    assert AuditEntry.objects.filter(action="result.look_up").count() == 0


@pytest.mark.parametrize("field", ["number", "name", "id_number"])
@pytest.mark.parametrize("typed", ["", "\x00", "‮123", "x" * 500, "=cmd()"])
def test_bad_input_is_a_sentence_never_a_failure(
    public_season: PublicSeason, admitted: Admission, field: str, typed: str
) -> None:
    answer = ask(public_season, facts(admitted, **{field: typed}))

    assert answer.status_code == 422
    assert "需要改正" in seen(answer)


def test_each_look_up_is_one_entry_that_names_the_person_but_no_fact(
    public_season: PublicSeason, admitted: Admission
) -> None:
    ask(public_season, facts(admitted))
    ask(public_season, facts(admitted, name="某小阴"))
    known, unknown = AuditEntry.objects.filter(action="result.look_up").order_by("at", "pk")
    entries = {entry.person: entry.facts["found"] for entry in (known, unknown)}

    assert entries == {admitted.person_id: True, None: False}
    said = str([(entry.facts, entry.subject) for entry in (known, unknown)])

    assert not any(fact in said for fact in facts(admitted).values())


def test_the_number_is_throttled_from_everywhere_and_others_are_not(
    public_season: PublicSeason, admitted: Admission
) -> None:
    set_rule("result.per_number", 12)
    for _ in range(12):
        assert ask(public_season, facts(admitted, name="某小阴")).status_code == 404
    refused = public_season.client.post("/result/", facts(admitted), headers={"user-agent": "another device"})

    assert refused.status_code == 429
    assert "查询太频繁" in seen(refused)
    assert ask(public_season, facts(admitted, number=other_number())).status_code == 404
    Allowance.objects.update(began_at="2020-01-01T00:00Z")

    assert ask(public_season, facts(admitted)).status_code == 200


def test_one_device_cannot_try_number_after_number(public_season: PublicSeason, admitted: Admission) -> None:
    set_rule("result.per_device", 2)
    heads = [f"24200000000000{n}" for n in range(3)]
    answers = [ask(public_season, facts(admitted, number=head + luhn(head))).status_code for head in heads]

    assert answers == [404, 404, 429]


def test_the_form_is_asked_for_with_a_token_and_kept_by_nobody(public_season: PublicSeason) -> None:
    answer = public_season.get("/result/")

    assert b"csrfmiddlewaretoken" in answer.content
    assert answer.headers["Cache-Control"] == "no-store"
    strict = type(public_season.client)(enforce_csrf_checks=True)

    assert strict.post("/result/", {"number": "1"}).status_code == 403
