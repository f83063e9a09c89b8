"""What must exist before a season: units and rules, officers with their keys, the list of schools."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from yangguang.actions.accounts import accounts, keys
from yangguang.actions.organisation import directory
from yangguang.actions.seasons import working_days
from yangguang.models import Account, SecurityKey, Unit
from yangguang.reference import rows
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.rules.accounts.roles import Role
from yangguang.rules.organisation.sectors import Sector
from yangguang.sheets import digest
from yangguang.simulation.clients import OfficerClient, approve_by_two

APTITUDE_TESTS = {("DEMO-S01", "音乐表演"): 20, ("DEMO-S13", "工艺美术"): 20, ("DEMO-S13", "绘画"): 30}
"""School code and major → the most points of the school's own aptitude test; 演示."""
CONSOLE = Actor(role=Role.OPERATOR, name="命令行")
_TITLE = "河南省教育厅关于公布2024年河南省具有中等职业教育招生资质备案的通知"
LIST_2024 = f"《{_TITLE}》（教办职成〔2024〕114号）；名单为演示"

# The role of an officer, by level and sector.
_BUREAUS = {
    "PROVINCE": {Sector.EDUCATION: Role.PROVINCE_EDUCATION, Sector.LABOUR: Role.PROVINCE_LABOUR},
    "CITY": {Sector.EDUCATION: Role.CITY_EDUCATION, Sector.LABOUR: Role.CITY_LABOUR},
    "COUNTY": {Sector.EDUCATION: Role.COUNTY_EDUCATION, Sector.LABOUR: Role.COUNTY_LABOUR},
}
_SCHOOLS = {Sector.EDUCATION: Role.VOCATIONAL_SCHOOL, Sector.LABOUR: Role.TECHNICIAN_SCHOOL}


@dataclass(frozen=True)
class Position:
    """An account to open and the role it gets."""

    username: str
    role: Role
    unit: Unit
    sector: Sector


def load_reference_data() -> None:
    """Units, schools, rule rows, the five 严禁, seasons, rounds, windows and holidays, as the files have them."""
    directory.load(
        by=CONSOLE,
        units=rows("units"),
        schools=rows("schools"),
        rules=rows("policy_rules"),
        violations=rows("prohibitions_2023"),
        seasons=rows("seasons"),
        rounds=rows("rounds"),
        windows=rows("windows"),
    )
    days = rows("calendar_days")
    working_days.load(by=CONSOLE, rows=days, digest=digest(json.dumps(days, ensure_ascii=False).encode()))


def officer(unit: Unit, sector: Sector, number: int = 1) -> OfficerClient:
    """The n-th officer of a unit, a bureau or a school."""
    return OfficerClient(username_of(unit, sector, number))


def province_officers(sector: Sector = Sector.EDUCATION) -> tuple[OfficerClient, OfficerClient]:
    """The two officers of the province who carry out dual approval."""
    province = Unit.objects.get(level="PROVINCE")
    return officer(province, sector, 1), officer(province, sector, 2)


def username_of(unit: Unit, sector: Sector, number: int) -> str:
    """Log-in names of the demonstration: "edu-410100-1", "lab-410100-1", "demo-s01-1"."""
    head = "" if unit.level == "SCHOOL" else "edu-" if sector is Sector.EDUCATION else "lab-"
    return f"{head}{unit.code.lower()}-{number}"


def name_of(username: str) -> str:
    """The two officers of one unit have different names, because both sign."""
    return f"演示人员{'乙' if username.endswith('-2') else '甲'}"


def serial_of(username: str) -> str:
    return f"演示优盾-{username}"


def list_positions(schools: list[Unit]) -> Iterator[Position]:
    """Every position the season needs: the province, the city, the counties of its schools, the schools."""
    areas = {area.pk: area for school in schools for area in _list_above(school)}
    for area in areas.values():
        for sector, role in _BUREAUS[area.level].items():
            for number in (1, 2):
                yield Position(username_of(area, sector, number), role, area, sector)
    for school in schools:
        sector = Sector(school.sector)
        # The results of an aptitude test take two officers of the school.
        for number in (1, 2) if school.code in {code for code, _ in APTITUDE_TESTS} else (1,):
            yield Position(username_of(school, sector, number), _SCHOOLS[sector], school, sector)


def _list_above(school: Unit) -> Iterator[Unit]:
    unit = school.parent
    while unit is not None:
        yield unit
        unit = unit.parent


def open_accounts(schools: list[Unit], report: Callable[[str], None]) -> None:
    """Open every account and bind its key: at the province from the console, below it by officers of the province."""
    positions = list(list_positions(schools))
    at_province = [one for one in positions if one.unit.level == "PROVINCE"]
    for one in at_province:
        found_account(one.username, one.role, one.unit, one.sector.value)
    for role, username in ((Role.AUDITOR, "auditor"), (Role.OPERATOR, "operator")):
        found_account(username, role, at_province[0].unit)
    for number, one in enumerate((one for one in positions if one not in at_province), 1):
        open_account(one)
        if number % 40 == 0:
            report(f"已开设 {number} 个下级账号")


def found_account(username: str, role: Role, unit: Unit, sector: str = "") -> None:
    """Open an account from the console; its holder binds the key that comes with it."""
    done = accounts.open_first(
        by=CONSOLE,
        username=username,
        name=name_of(username),
        role=role,
        unit=unit,
        sector=sector,
        serial=serial_of(username),
    )
    bind_key(username, done.code)


def open_account(position: Position) -> None:
    """Open an account as an officer of the province; its key is issued, received at the unit, and bound."""
    username, unit, serial = position.username, position.unit, serial_of(position.username)
    first, second = province_officers(position.sector)
    first.sign(
        accounts.open_staff,
        username=username,
        name=name_of(username),
        role=position.role,
        unit=unit,
        sector=position.sector.value,
    )
    approve_by_two(first, second, keys.issue, unit=unit, serials=[serial])
    account, key = Account.objects.get(username=username), SecurityKey.objects.get(serial=serial)
    bind_key(username, OfficerClient(username).act(keys.receive, key=key, account=account))


def bind_key(username: str, code: str) -> None:
    """Bind the officer's key with its one-time code, as the page /login/key/ does."""
    options = keys.ask_binding(by=GUEST, username=username, code=code)
    assert options is not None, "the code was made a moment ago"
    keys.bind(by=GUEST, username=username, answer=OfficerClient(username).key.register(options))


def publish_school_list(schools: list[Unit]) -> None:
    """The province publishes the schools of each sector."""
    for sector in Sector:
        listed = [school for school in schools if school.sector == sector]
        approve_by_two(*province_officers(sector), directory.publish_list, year=2024, basis=LIST_2024, schools=listed)
