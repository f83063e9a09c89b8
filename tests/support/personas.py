"""The people of the tests: two provincial officers, a city, a county, a school, a family."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.support.clients import OfficerClient, PhoneClient
from tests.support.fixture_cache import again
from yangguang import clock
from yangguang.actions.accounts import accounts, keys
from yangguang.models import Season, Unit, Window
from yangguang.models.base.fields import blind
from yangguang.queries.accounts.actors import load_actor
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.rules.accounts.roles import Role
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.seasons.windows import WindowKind

SHELL = Actor(role=Role.OPERATOR, name="命令行")
FAMILY_PHONE = "15400000001"


def unit(name: str, level: str, parent: Unit | None, *, sector: str = "", **more: object) -> Unit:
    """One unit under `parent`; its code is its name."""
    row = Unit.objects.create(
        code=name[:24], name=name, level=level, kind=name[-1], parent=parent, sector=sector, **more
    )
    row.path = f"{parent.path if parent else ''}{row.pk}/"
    row.save(update_fields=["path"])
    return row


def officer(username: str, role: Role, at: Unit | None, sector: str = Sector.EDUCATION.value) -> OfficerClient:
    """An officer whose key was issued, received, bound."""
    serial = f"DEMO-{username}"
    first = accounts.open_first(
        by=SHELL, username=username, name="某某", role=role, unit=at, sector=sector, serial=serial if at else ""
    )
    if at:
        bound(username, first.code)
    return OfficerClient(username)


def bound(username: str, code: str) -> OfficerClient:
    """The officer has plugged the key in and typed the code that came with it."""
    client = OfficerClient(username)
    options = keys.ask_binding(by=GUEST, username=username, code=code)
    assert options is not None
    keys.bind(by=GUEST, username=username, answer=client.key.register(options))
    return client


@dataclass
class Personas:
    """Everyone a test may need, created once for each test."""

    province: Unit
    city: Unit
    county: Unit
    other_city: Unit
    school: Unit
    season: Season
    pe1: OfficerClient
    pe2: OfficerClient
    ce: OfficerClient
    me: OfficerClient
    teacher: OfficerClient

    def open(self, kind: WindowKind, *, days: int = 30) -> Window:
        """A window of the season that is open now."""
        now = clock.now()
        return Window.objects.create(
            season=self.season, kind=kind.value, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=days)
        )

    def family(self, phone: str = FAMILY_PHONE) -> Actor:
        """A family that has logged in with a code."""
        code = PhoneClient().request_code(phone, "account.enter", accounts.enter_content(phone))
        account = accounts.enter(by=GUEST.with_step_up(code=code, phone_hash=blind(phone)), phone=phone, browser="")
        return load_actor(account.pk)


@pytest.fixture
def personas(db: None) -> Personas:
    return again("personas", called)


def called() -> Personas:
    """Units, season, and officers whose keys are still in their pockets."""
    province = unit("测试省", "PROVINCE", None)
    city, other = unit("甲市", "CITY", province), unit("乙市", "CITY", province)
    county = unit("甲市一县", "COUNTY", city)
    school = unit("甲市第一职业学校", "SCHOOL", county, sector=Sector.EDUCATION.value, governed_by="COUNTY")
    return Personas(
        province,
        city,
        county,
        other,
        school,
        Season.objects.create(year=clock.now().year, term="AUTUMN"),
        officer("pe1", Role.PROVINCE_EDUCATION, province),
        officer("pe2", Role.PROVINCE_EDUCATION, province),
        officer("ce", Role.COUNTY_EDUCATION, county),
        officer("me", Role.CITY_EDUCATION, city),
        officer("teacher", Role.VOCATIONAL_SCHOOL, school),
    )
