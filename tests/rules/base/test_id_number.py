"""Reading identity numbers: every spelling leads to one form, every fault to its own sentence."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from yangguang.rules.base.id_number import IdCardKind, IdNumber, age_on, check_digit, mask, read
from yangguang.rules.base.refusals import Refused

BORN = st.dates(date(1900, 1, 1), date(2024, 12, 31))
PLACES = st.integers(100000, 999999).map(str)
SERIALS = st.integers(0, 999).map(lambda n: f"{n:03}")


def make(place: str, born: date, serial: str) -> str:
    first17 = f"{place}{born:%Y%m%d}{serial}"
    return first17 + check_digit(first17)


NUMBERS = st.builds(make, PLACES, BORN, SERIALS)


def refusal(text: str, at: date | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        read(text, at)
    return caught.value


def test_the_example_of_the_standard_is_read() -> None:
    assert read("11010519491231002X") == IdNumber("11010519491231002X", date(1949, 12, 31), "女", IdCardKind.RESIDENT)


@given(NUMBERS)
def test_the_check_digit_agrees_with_an_independent_implementation(number: str) -> None:
    assert ric.calc_check_digit(number) == number[17]


@given(NUMBERS, st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_is_refused(number: str, where: int, by: int) -> None:
    wrong = number[:where] + str((int(number[where]) + by) % 10) + number[where + 1 :]
    refusal(wrong)


@given(NUMBERS, st.integers(0, 15))
def test_any_two_neighbouring_digits_swapped_are_refused(number: str, where: int) -> None:
    swapped = number[:where] + number[where + 1] + number[where] + number[where + 2 :]
    if swapped != number:
        refusal(swapped)


@given(NUMBERS, st.sampled_from([0, 0xFEE0]), st.booleans(), st.booleans())
def test_every_spelling_leads_to_the_same_number(number: str, width: int, small: bool, spaced: bool) -> None:
    text = number.lower() if small else number
    text = "".join(chr(ord(c) + width) for c in text)
    if spaced:
        text = f"　{text[:6]} {text[6:14]}　{text[14:]}\t"

    assert read(text).number == number


@pytest.mark.parametrize("sign", "xXｘＸⅩ×✕ХхΧχ*＊")
def test_every_sign_that_people_take_for_the_last_x_is_one(sign: str) -> None:
    number = next(one for one in (f"49010120100101{at:03d}" for at in range(99)) if check_digit(one) == "X")

    assert read(f"'{number}{sign}").number == f"{number}X"


def test_a_star_elsewhere_is_a_masked_number() -> None:
    assert refusal("490101********001*").what == "证件号码里有不该出现的字符"


@given(PLACES, st.dates(date(1900, 1, 1), date(1999, 12, 31)), SERIALS)
def test_the_fifteen_digit_form_is_refused_because_a_number_half_typed_looks_like_it(
    place: str, born: date, serial: str
) -> None:
    assert refusal(f"{place}{born:%y%m%d}{serial}").what == "请填18位号码"


@pytest.mark.parametrize("text", ["H12345678", "m1234567801", "12345678", "E12345678", "EA1234567", " Ｈ12345678 "])
def test_a_permit_or_passport_is_refused_with_the_place_of_registration(text: str) -> None:
    refused = refusal(text)

    assert refused.what == "这是通行证或护照的号码，网上报名不能用"
    assert "县级招生主管部门现场登记" in refused.now


@given(st.text(max_size=80))
def test_no_input_does_anything_but_read_or_refuse(text: str) -> None:
    try:
        assert len(read(text).number) == 18
    except Refused as refused:
        assert refused.what
        assert refused.now


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "没有填写证件号码"),
        (" 　", "没有填写证件号码"),
        ("1" * 10000, "证件号码太长"),
        ("49010120100101001", "证件号码是17位，长度不对"),
        ("490101-20100101-0013", "证件号码里有不该出现的字符"),
        ("49010120100101001A", "证件号码里有不该出现的字符"),
        ("٤٩٠١٠١٢٠١٠٠١٠١٠٠١٣", "证件号码里有不该出现的字符"),
        ("4901012010X1010013", "字母X的位置不对"),
        ("49010199010100X", "证件号码是15位，长度不对"),
        ("490101\x0020100101001", "证件号码里有不该出现的字符"),
        ("490101201002300013", "证件号码里的出生日期不存在"),
        ("490101201013010013", "证件号码里的出生日期不存在"),
        ("490101189912310013", "证件号码里的出生日期不合理"),
    ],
)
def test_each_fault_has_its_own_sentence(text: str, what: str) -> None:
    assert refusal(text).what == what


def test_a_wrong_check_digit_never_says_the_right_one() -> None:
    number = make("490101", date(2010, 1, 1), "001")
    for digit in set("0123456789X") - {number[17]}:
        refused = refusal(number[:17] + digit)
        assert (refused.what, refused.why) == ("证件号码有一位或几位写错了", "最后一位校验码与前17位对不上")
        assert number not in str(refused)


def test_a_birth_date_after_today_is_refused_and_today_is_not() -> None:
    number = make("490101", date(2024, 7, 2), "001")

    assert read(number, at=date(2024, 7, 2)).birth == date(2024, 7, 2)
    assert refusal(number, at=date(2024, 7, 1)).what == "证件号码里的出生日期不合理"


@pytest.mark.parametrize(("serial", "sex"), [("001", "男"), ("002", "女"), ("990", "女"), ("999", "男")])
def test_the_seventeenth_digit_gives_the_sex(serial: str, sex: str) -> None:
    assert read(make("490101", date(2010, 1, 1), serial)).sex == sex


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("410105", IdCardKind.RESIDENT),
        ("810000", IdCardKind.HMT),
        ("820000", IdCardKind.HMT),
        ("830000", IdCardKind.HMT),
    ],
)
def test_a_residence_permit_of_hong_kong_macao_and_taiwan_is_known_by_its_place(place: str, kind: IdCardKind) -> None:
    assert read(make(place, date(2010, 1, 1), "001")).kind is kind


def test_an_unknown_place_code_is_read_all_the_same() -> None:
    number = make("410381", date(2008, 5, 1), "001")

    assert read(number).number == number


@pytest.mark.parametrize(
    ("number", "masked"), [("490101201001010013", "490***********0013"), ("E12345678", "*******78"), ("A12", "***")]
)
def test_a_masked_number_keeps_its_ends_only(number: str, masked: str) -> None:
    assert mask(number) == masked


def test_the_number_is_masked_when_the_object_is_logged() -> None:
    assert repr(read("11010519491231002X")) == "IdNumber(110***********002X)"


@pytest.mark.parametrize(
    ("birth", "at", "age"),
    [
        (date(2010, 7, 2), date(2024, 7, 1), 13),
        (date(2010, 7, 2), date(2024, 7, 2), 14),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_age_turns_on_the_birthday(birth: date, at: date, age: int) -> None:
    assert age_on(birth, at) == age
