"""The places a family chooses from: every county under its city, and a city without counties as its own county."""

import pytest

from tests.support.personas import Personas, unit
from yangguang.queries.organisation.counties import counties_by_city, own_province

pytestmark = pytest.mark.django_db


def test_a_city_stands_for_itself_only_where_it_has_no_county(personas: Personas) -> None:
    unit("省直县", "COUNTY", personas.province)

    names = {city: {area.name for area in areas} for city, areas in counties_by_city().items()}

    assert names == {"测试省": {"乙市", "省直县"}, "甲市": {"甲市一县"}}
    assert own_province() == personas.province
