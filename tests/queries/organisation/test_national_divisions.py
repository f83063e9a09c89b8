"""Every province can be chosen without its list being long. (R1.08)"""

import pytest

from yangguang.queries.organisation.national_divisions import counties, name_of_place, provinces


def test_all_provinces_are_there() -> None:
    codes = [code for code, _ in provinces()]
    assert (len(codes), codes[0], codes[-1]) == (34, "110000", "820000")


@pytest.mark.parametrize("province", [code for code, _ in provinces()])
def test_every_province_has_a_place_and_none_overloads_an_old_telephone(province: str) -> None:
    places = [one for group in counties(province).values() for one in group]

    assert 1 <= len(places) <= 200
    assert all(code[:2] == province[:2] for code, _ in places)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("510104", "四川省成都市锦江区"),
        ("110101", "北京市东城区"),
        ("429004", "湖北省仙桃市"),
        ("820000", "澳门特别行政区"),
        ("999999", ""),
    ],
)
def test_a_place_is_named_from_the_province_down(code: str, sentence: str) -> None:
    assert name_of_place(code) == sentence
