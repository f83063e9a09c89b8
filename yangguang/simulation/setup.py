"""What must exist before a season: units and rules, officers with their keys, the list of schools."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from yangguang import reference
from yangguang.actions.accounts import accounts, keys
from yangguang.actions.admissions import working_days
from yangguang.actions.organisation import directory
from yangguang.actions.organisation.directory_files import read_directory
from yangguang.models import Account, SecurityKey, Unit
from yangguang.rules.accounts.actors import CONSOLE, GUEST
from yangguang.rules.accounts.roles import Role
from yangguang.rules.organisation.sectors import Sector
from yangguang.sheets import digest
from yangguang.sheets.calendar import read_calendar
from yangguang.simulation.clients import OfficerClient, approve_by_two, province_officers, username_of

APTITUDE_TESTS = {("DEMO-S01", "音乐表演"): 20, ("DEMO-S13", "工艺美术"): 20, ("DEMO-S13", "绘画"): 30}
"""School code and major → the most points of the school's own aptitude test; 演示."""
_TITLE = "河南省教育厅关于公布2024年河南省具有中等职业教育招生资质备案的通知"
LIST_2024 = f"《{_TITLE}》（教办职成〔2024〕114号）；名单为演示"


@dataclass(frozen=True)
class Position:
    """An account to open: the arguments that `accounts.open_first` and `accounts.open_staff` share."""

    username: str
    name: str
    role: Role
    unit: Unit
    sector: str

    @property
    def serial(self) -> str:
        """Serial of the officer's key."""
        return f"演示优盾-{self.username}"


def load_reference_data() -> None:
    """Units, schools, rule rows, the five 严禁, seasons, rounds, windows and holidays, as the files have them."""
    directory.load(by=CONSOLE, **read_directory(Path(reference.__file__).parent))
    days = (Path(reference.__file__).parent / "calendar_days.csv").read_bytes()
    working_days.load(by=CONSOLE, rows=read_calendar(days, "calendar_days.csv"), digest=digest(days))


def list_positions(schools: list[Unit]) -> Iterator[Position]:
    """Every position the season needs: the province, the city, the counties of its schools, the schools."""
    for area in {area.pk: area for school in schools for area in list_above(school)}.values():
        for sector in Sector:
            for number in (1, 2):
                yield _officer(area, sector, number, Role[f"{area.level}_{sector.name}"])
    tested = {code for code, _ in APTITUDE_TESTS}
    for school in schools:
        sector = Sector(school.sector)
        role = Role.VOCATIONAL_SCHOOL if sector is Sector.EDUCATION else Role.TECHNICIAN_SCHOOL
        # The results of an aptitude test take two officers of the school.
        for number in (1, 2) if school.code in tested else (1,):
            yield _officer(school, sector, number, role)


def list_above(school: Unit) -> Iterator[Unit]:
    """The bureaus above a school, from below."""
    unit = school.parent
    while unit is not None:
        yield unit
        unit = unit.parent


def _officer(unit: Unit, sector: Sector, number: int, role: Role) -> Position:
    """The two officers of one unit have different names, because both sign."""
    return Position(username_of(unit, sector, number), f"演示人员{'甲乙'[number - 1]}", role, unit, sector.value)


def open_accounts(schools: list[Unit], report: Callable[[str], None]) -> None:
    """Open every account and bind its key: at the province from the console, below it by officers of the province."""
    positions = list(list_positions(schools))
    at_province = [one for one in positions if one.unit.level == "PROVINCE"]
    province = at_province[0].unit
    for role, username in ((Role.AUDITOR, "auditor"), (Role.OPERATOR, "operator")):
        at_province.append(Position(username, "演示人员甲", role, province, ""))
    for one in at_province:
        bind_key(one.username, accounts.open_first(by=CONSOLE, serial=one.serial, **vars(one)).code)
    for number, one in enumerate((one for one in positions if one not in at_province), 1):
        open_account(one)
        if number % 40 == 0:
            report(f"已开设 {number} 个下级账号")


def open_account(position: Position) -> None:
    """Open an account as an officer of the province; its key is issued, received at the unit, and bound."""
    first, second = province_officers(Sector(position.sector))
    first.sign(accounts.open_staff, **vars(position))
    approve_by_two(first, second, keys.issue, unit=position.unit, serials=[position.serial])
    account = Account.objects.get(username=position.username)
    key = SecurityKey.objects.get(serial=position.serial)
    bind_key(position.username, OfficerClient(position.username).act(keys.receive, key=key, account=account))


def bind_key(username: str, code: str) -> None:
    """Bind the officer's key with its one-time code, as the page /login/key/ does."""
    options = keys.ask_binding(by=GUEST, username=username, code=code)
    assert options is not None, "the code is a moment old"
    keys.bind(by=GUEST, username=username, answer=OfficerClient(username).key.register(options))


def publish_school_list(schools: list[Unit]) -> None:
    """The province publishes the schools of each sector."""
    for sector in Sector:
        listed = [school for school in schools if school.sector == sector]
        approve_by_two(*province_officers(sector), directory.publish_list, year=2024, basis=LIST_2024, schools=listed)
