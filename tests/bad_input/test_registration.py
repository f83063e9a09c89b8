"""What a family may type wrongly: a sentence beside the field, nothing half written, nothing lost. (issue: 坏输入)"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.support.builders.family import Family, number_of
from tests.support.builders.web_season import text
from yangguang import clock
from yangguang.models import Application, AuditEntry, Person, Window
from yangguang.rules.base.id_number import check_digit

Since = Callable[[], set[str]]


def wide(number: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in number)


def with_x() -> str:
    """A number whose check digit is X."""
    return next(n for n in (number_of(serial) for serial in range(1, 200)) if n.endswith("X"))


def wrong_digit() -> str:
    right = number_of(1)
    return right[:17] + ("0" if right[17] != "0" else "1")


BAD_NUMBERS = {
    "a wrong check digit": (wrong_digit, "证件号码有一位或几位写错了"),
    "an impossible day": (lambda: _checked("49010120100230001"), "出生日期不存在"),
    "a birth in the future": (lambda: _checked("49010120900101001"), "出生日期不合理"),
    "a birth before 1900": (lambda: _checked("49010118000101001"), "出生日期不合理"),
    "seventeen digits": (lambda: number_of(1)[:17], "长度不对"),
    "a letter inside": (lambda: number_of(1)[:5] + "X" + number_of(1)[6:], "字母X的位置不对"),
    "fifteen digits": (lambda: "410101090101001", "请填18位号码"),
    "a permit": (lambda: "H12345678", "县级招生主管部门现场登记"),
    "a NUL": (lambda: number_of(1)[:9] + "\x00" + number_of(1)[9:], "看不见的控制字符"),
    "a float of a spreadsheet": (lambda: "4.90101201001e+17", "不该出现的字符"),
    "nothing": (lambda: "  ", "请填写"),
    "a whole novel": (lambda: "1" * 5000, "64"),
}
BAD_NAMES = {
    "forty-one characters": ("阳" * 41, "超过40个字"),
    "a digit": ("张3", "姓名里有数字"),
    "a NUL": ("张\x00三", "看不见的控制字符"),
    "a private character": ("张\ue000", "自造字"),
    "a dot at the end": ("买买提·", "间隔号位置不对"),
    "markup": ("<script>", "不能使用的字符"),
    "nothing": ("", "请填写"),
}


def _checked(first17: str) -> str:
    return first17 + check_digit(first17)


def refused_beside(page: str, field: str) -> str:
    """The sentence beside the field; the summary on top links to it."""
    found = re.search(rf'id="id_{field}_error"[^>]*>(.*?)</', page, re.S)
    assert found is not None, "no sentence beside the field"
    assert f'href="#id_{field}"' in page
    assert "什么都没有提交" in page
    return re.sub(r"<[^>]+>", "", found[1]).strip()


@pytest.mark.parametrize("case", sorted(BAD_NUMBERS))
def test_a_bad_number_is_said_beside_it_and_nothing_is_written(family: Family, untouched: Since, case: str) -> None:
    make, sentence = BAD_NUMBERS[case]
    untouched()
    answer = family.answers(id_number=make())
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Traceback" not in page
    assert sentence in refused_beside(page, "id_number")
    assert "欧阳小满" in page, "what was typed rightly is lost"
    assert untouched() == set()


@pytest.mark.parametrize("case", sorted(BAD_NAMES))
def test_a_bad_name_is_said_beside_it_and_nothing_is_written(family: Family, untouched: Since, case: str) -> None:
    name, sentence = BAD_NAMES[case]
    untouched()
    answer = family.answers(name=name)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Traceback" not in page
    assert "<script>" not in page
    assert sentence in refused_beside(page, "name")
    assert untouched() == set()


@pytest.mark.parametrize("name", ["阳" * 40, "买买提·吐尔逊", "𠮷田㐂", "李  白", "Anna Maria"])
def test_a_long_rare_or_foreign_name_is_a_name(family: Family, name: str) -> None:
    assert family.answers(name=name).status_code == 302
    assert Person.objects.get().name.replace(" ", "") == name.replace(" ", "")


@pytest.mark.parametrize("spelling", ["as printed", "full width", "small x", "spaces", "copied from a chat"])
def test_every_spelling_of_a_number_is_the_same_person(family: Family, spelling: str) -> None:
    right = with_x()
    typed = {
        "as printed": right,
        "full width": "".join(chr(ord(c) + 0xFEE0) for c in right),
        "small x": right.lower(),
        "spaces": f" {right[:6]} {right[6:14]}　{right[14:]} ",
        "copied from a chat": f"\u202a{right[:6]}\u200b{right[6:]}\u202c",
    }

    assert family.answers(id_number=typed[spelling]).status_code == 302
    assert Person.objects.get().id_number.reveal() == right


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("guardian_phone", "12345", "手机号码不对"),
        ("guardian_phone", "1545000000\x00", "看不见的控制字符"),
        ("guardian_name", "父\ue000亲", "自造字"),
        ("guardian_relation", "路人", "选择"),
        ("home", "00000000-0000-0000-0000-000000000000", "选择"),
        ("origin", "martian", "选择"),
        ("track", "SKIPS_THE_LINE", "选择"),
        ("needs", "ALL", "选择"),
        ("consent_by", "nobody", "选择"),
        ("junior_school", "甲\u202e校", "看不见的"),
        ("junior_school", "请打电话15400000009找我", "手机号"),
    ],
)
def test_every_other_field_says_what_is_wrong_with_it(
    family: Family, untouched: Since, field: str, value: str, sentence: str
) -> None:
    untouched()
    answer = family.answers(**{field: value})

    assert answer.status_code == 422
    assert sentence in refused_beside(answer.content.decode(), field)
    assert untouched() == set()


def test_a_family_from_another_province_chooses_it_first_and_its_county_then(family: Family) -> None:
    origin = family.answers(home="elsewhere")

    assert origin.status_code == 302, "the steps of our own province do not stop anybody"
    assert not family.people, "nobody is registered without a place"
    provinces = family.client.get("/me/register/province/").content.decode()

    assert "四川省" in provinces
    assert "锦江区" not in provinces
    assert family.posts("province", {"province": "510000"}).headers["Location"] == "/me/register/place/"
    places = family.client.get("/me/register/place/").content.decode()

    assert "锦江区" in places
    assert "朝阳区" not in places
    assert len(places) < 60_000
    assert family.posts("place", {"place": "110105"}).status_code == 422, "a county of another province"
    family.posts("place", {"place": "510104"})

    assert "锦江区" in family.client.get("/me/register/review/").content.decode()
    family.posts("province", {"province": "110000"})

    assert family.client.get("/me/register/review/").headers["Location"] == "/me/register/place/"
    family.posts("place", {"place": "110105"})

    assert family.submits().status_code == 302
    made = Application.objects.get()

    assert (made.home, made.place) == (family.personas.province, "110105")


@pytest.mark.parametrize("span", ["closed", "not yet", "no end", "none"])
def test_outside_the_window_the_form_says_when_and_keeps_what_was_typed(family: Family, span: str) -> None:
    now, day = clock.now(), timedelta(days=1)
    spans = {"closed": (now - 9 * day, now - day), "not yet": (now + day, now + 9 * day), "no end": (now - day, None)}
    if span == "none":
        Window.objects.all().delete()
    else:
        opens, closes = spans[span]
        Window.objects.update(opens_at=opens, closes_at=closes)
    people = Person.objects.count()
    answer = family.answers()
    page = text(answer)
    texts = {
        "closed": "报名已经截止",
        "not yet": "报名还没有开始",
        "no end": "还没有公布完整",
        "none": "还没有公布完整",
    }

    assert answer.status_code == 409
    assert texts[span] in page
    assert "Traceback" not in page
    assert "欧阳小满" in page, "the review page is gone"
    assert (Person.objects.count(), Application.objects.count()) == (people, 0)
    assert AuditEntry.objects.filter(action="person.register", outcome="DENIED").count() == 1
