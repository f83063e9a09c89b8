"""The site on a local port over committed rows, and the cast that lives there: what every journey starts from."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.test.testcases import LiveServerThread

from tests.actions.crowd import committed
from tests.cast import Cast, officer, unit
from yangguang import clock
from yangguang.models import PolicyRule, Season
from yangguang.rules.lines import Line
from yangguang.rules.roles import Role

__all__ = ["committed", "on_stage", "site"]


@pytest.fixture
def site(transactional_db: None, settings: Any) -> Iterator[str]:
    """Address of the running site, as in the demonstration.

    pytest-django's own server would flush the tables afterwards, which history tables refuse; `committed` wipes them.
    """
    settings.DEMO = True
    cache.clear()
    Path(configured.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    server = LiveServerThread("localhost", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://localhost:{server.port}"
    server.terminate()


@pytest.fixture
def on_stage(site: str) -> Cast:
    """The cast of `tests.cast`, committed, so that the server's own connections see it."""
    province = unit("测试省", "PROVINCE", None)
    city, other = unit("甲市", "CITY", province), unit("乙市", "CITY", province)
    county = unit("甲市一县", "COUNTY", city)
    school = unit("甲市第一职业学校", "SCHOOL", county, line=Line.EDUCATION.value, governed_by="COUNTY")
    for key, value in (("person.child_under", 14), ("person.adult_from", 18)):
        PolicyRule.objects.create(key=key, value=value, says="测试", valid_from="2021-01-01", source="测试")
    return Cast(
        province, city, county, other, school,
        Season.objects.create(year=clock.now().year, term="AUTUMN", is_current=True),
        officer("pe1", Role.PROVINCE_EDUCATION, province), officer("pe2", Role.PROVINCE_EDUCATION, province),
        officer("ce", Role.COUNTY_EDUCATION, county), officer("me", Role.CITY_EDUCATION, city),
        officer("teacher", Role.VOCATIONAL_SCHOOL, school),
    )  # fmt: skip
