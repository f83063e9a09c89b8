"""Who and what is there before a season: units and rules, officers with their keys, the list of schools."""

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
from yangguang.rules.organisation.sectors import Line
from yangguang.sheets import digest
from yangguang.simulation.clients import OfficerClient, approve_by_two

OWN_TESTS = {("DEMO-S01", "音乐表演"): 20, ("DEMO-S13", "工艺美术"): 20, ("DEMO-S13", "绘画"): 30}
"""School code and major to the most points of its own test; 演示."""
SHELL = Actor(role=Role.OPERATOR, name="命令行")
_TITLE = "河南省教育厅关于公布2024年河南省具有中等职业教育招生资质备案的通知"
LIST_2024 = f"《{_TITLE}》（教办职成〔2024〕114号）；名单为演示"

# Roles at each level of the tree, by line; bureaus that decide by two have two people.
_BUREAUS = {
    "PROVINCE": {Line.EDUCATION: Role.PROVINCE_EDUCATION, Line.LABOUR: Role.PROVINCE_LABOUR},
    "CITY": {Line.EDUCATION: Role.CITY_EDUCATION, Line.LABOUR: Role.CITY_LABOUR},
    "COUNTY": {Line.EDUCATION: Role.COUNTY_EDUCATION, Line.LABOUR: Role.COUNTY_LABOUR},
}
_SCHOOLS = {Line.EDUCATION: Role.VOCATIONAL_SCHOOL, Line.LABOUR: Role.TECHNICIAN_SCHOOL}


@dataclass(frozen=True)
class Post:
    """One seat to fill: log-in name, role, unit, line."""

    username: str
    role: Role
    unit: Unit
    line: Line


def load() -> None:
    """Units, schools, rule rows, the five 严禁, seasons, rounds and windows, as they stand in the files."""
    directory.load(
        by=SHELL,
        units=rows("units"),
        schools=rows("schools"),
        rules=rows("policy_rules"),
        violations=rows("prohibitions_2023"),
        seasons=rows("seasons"),
        rounds=rows("rounds"),
        windows=rows("windows"),
    )
    days = rows("calendar_days")
    working_days.load(by=SHELL, rows=days, digest=digest(json.dumps(days, ensure_ascii=False).encode()))


def officer(unit: Unit, line: Line, number: int = 1) -> OfficerClient:
    """The n-th officer of a unit's bureau or school."""
    return OfficerClient(username_of(unit, line, number))


def username_of(unit: Unit, line: Line, number: int) -> str:
    """Log-in names of the demonstration: "edu-410100-1", "lab-410100-1", "demo-s01-1"."""
    head = "" if unit.level == "SCHOOL" else "edu-" if line is Line.EDUCATION else "lab-"
    return f"{head}{unit.code.lower()}-{number}"


def name_of(username: str) -> str:
    """Two officers of one bureau must be told apart where both have signed."""
    return f"演示人员{'乙' if username.endswith('-2') else '甲'}"


def posts(schools: list[Unit]) -> Iterator[Post]:
    """Every seat the season needs: the province, the city, the counties of its schools, the schools."""
    areas = {area.pk: area for school in schools for area in _above(school)}
    for area in areas.values():
        for line, role in _BUREAUS[area.level].items():
            for number in (1, 2):
                yield Post(username_of(area, line, number), role, area, line)
    for school in schools:
        line = Line(school.line)
        # A school with a test of its own reports its points by two people.
        for number in (1, 2) if school.code in {code for code, _ in OWN_TESTS} else (1,):
            yield Post(username_of(school, line, number), _SCHOOLS[line], school, line)


def _above(school: Unit) -> Iterator[Unit]:
    unit = school.parent
    while unit is not None:
        yield unit
        unit = unit.parent


def staff(schools: list[Unit], say: Callable[[str], None]) -> None:
    """Open every account and bring every key its whole way; the first four officers come from the command line."""
    every = list(posts(schools))
    founders = [post for post in every if post.unit.level == "PROVINCE"]
    for post in founders:
        founded = accounts.found(
            by=SHELL, username=post.username, name=name_of(post.username), role=post.role, unit=post.unit,
            line=post.line.value, serial=serial_of(post.username),
        )  # fmt: skip
        bind(post.username, founded.code)
    for role, name in ((Role.AUDITOR, "auditor"), (Role.OPERATOR, "operator")):
        province = founders[0].unit
        founded = accounts.found(
            by=SHELL,
            username=name,
            name=name_of(name),
            role=role,
            unit=province,
            line="",
            serial=serial_of(name),
        )
        bind(name, founded.code)
    for number, post in enumerate((post for post in every if post.unit.level != "PROVINCE"), 1):
        province = next(p.unit for p in founders)
        first, second = officer(province, post.line, 1), officer(province, post.line, 2)
        first.sign(
            accounts.open_staff, username=post.username, name=name_of(post.username), role=post.role, unit=post.unit,
            line=post.line.value,
        )  # fmt: skip
        approve_by_two(first, second, keys.issue, unit=post.unit, serials=[serial_of(post.username)])
        account = Account.objects.get(username=post.username)
        key = SecurityKey.objects.get(serial=serial_of(post.username))
        bind(post.username, OfficerClient(post.username).act(keys.receive, key=key, account=account))
        if number % 40 == 0:
            say(f"已开设 {number} 个下级账号")


def serial_of(username: str) -> str:
    return f"演示优盾-{username}"


def bind(username: str, code: str) -> None:
    """The officer plugs the received key in and types the code that came with it, as at /login/key/."""
    options = keys.ask_binding(by=GUEST, username=username, code=code)
    assert options is not None, "the code was made a moment ago"
    keys.bind(by=GUEST, username=username, answer=OfficerClient(username).key.register(options))


def publish_list(schools: list[Unit]) -> None:
    """Each line's province publishes its schools."""
    for line in Line:
        mine = [school for school in schools if school.line == line]
        province = Unit.objects.get(level="PROVINCE")
        approve_by_two(officer(province, line, 1), officer(province, line, 2), directory.publish_list,
             year=2024, basis=LIST_2024, schools=mine)  # fmt: skip
