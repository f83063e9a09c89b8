"""From a folder of CSV files to the rows of `directory.load`; every faulty cell is named by file, row and column."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from yangguang.models import Season, Unit
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.base.days import read_day
from yangguang.rules.base.folding import fold_label, fold_number
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.policy_rows import find_clashes, find_faults
from yangguang.rules.seasons.windows import WindowKind
from yangguang.sheets.operator_table import ROW, read_operator_table

Row = Mapping[str, str]
Check = Callable[[str], str]
"""What is wrong with a cell, "" when nothing is."""
_MOST_LISTED = 200
_FOLDED = {"code", "reports_to", "region_code", "year", "position", "number", "round"}
_DAYS = {"valid_from", "valid_to", "opens_on", "closes_on", "opened_on"}
_OPTIONAL = ("opened_on", "is_demo", "is_new", "profile", "sure", "note", "name", "source")
"""Columns that a file may have besides those that it must have: flags, the day a unit opened, and remarks."""


def _text(most: int, *, empty: bool = False) -> Check:
    return lambda cell: "不能为空" if not cell and not empty else f"超过{most}个字" if len(cell) > most else ""


def _among(values: Iterable[str], *, many: bool = False, empty: bool = False) -> Check:
    known = sorted(values)

    def check(cell: str) -> str:
        given = [part for part in cell.split(";") if part] if many else [cell]
        unknown = [part for part in given if part not in known and (cell or not empty)]
        return f"“{'、'.join(unknown)}”不认识，应是{'、'.join(known)}" if unknown else ""

    return check


def _whole(least: int, most: int, *, empty: bool = False) -> Check:
    def check(cell: str) -> str:
        fits = cell.isascii() and cell.isdigit() and least <= int(cell[:9]) <= most and len(cell) < 10
        return "" if fits or (empty and not cell) else f"应是{least}到{most}的整数"

    return check


def _day(*, empty: bool = False) -> Check:
    def check(cell: str) -> str:
        try:
            is_day = read_day(cell).isoformat() == cell
        except Refused:
            is_day = empty and not cell
        return "" if is_day else "日期应写成 2024-03-20 的样子" + ("，待定的留空" if empty else "")

    return check


_YEAR, _TERM = _whole(2000, 2099), _among(Season.Term.values)
_BUREAU = _among([Unit.Level.PROVINCE, Unit.Level.CITY, Unit.Level.COUNTY])
_FLAG = _among(["0", "1"], empty=True)
_SEASON: dict[str, Check] = {"year": _YEAR, "term": _TERM}
_OPENED: dict[str, Check] = {"opened_on": _day(empty=True)}
_PLACE: dict[str, Check] = {"code": _text(16), "name": _text(60), "kind": _text(20), "source": _text(200)}
FILES: dict[str, tuple[str, tuple[str, ...], dict[str, Check]]] = {
    "units": (
        "units",
        ("code",),
        _PLACE | {"level": _BUREAU, "region_code": _text(6, empty=True), "reports_to": _text(16, empty=True)},
    ),
    "schools": (
        "schools",
        ("code",),
        _PLACE | {"sector": _among(Sector), "owner": _text(10), "governed_by": _BUREAU, "reports_to": _text(16)},
    ),
    "rules": (
        "policy_rules",
        ("key", "applies_to", "valid_from"),
        {
            "key": _text(60),
            "value": _text(2000),
            "applies_to": _text(200, empty=True),
            "valid_from": _day(),
            "valid_to": _day(empty=True),
            "source": _text(200),
            "clause": _text(100, empty=True),
            "sure": _text(20),
        },
    ),
    "violations": (
        "prohibitions*",
        ("year", "position"),
        {"year": _YEAR, "position": _whole(1, 99), "text": _text(200), "source": _text(200), "clause": _text(100)},
    ),
    "seasons": ("seasons", ("year", "term"), _SEASON | {"source": _text(200)}),
    "rounds": (
        "rounds",
        ("year", "term", "number"),
        _SEASON
        | {
            "number": _whole(1, 99),
            "name": _text(40),
            "kind": _among(RoundKind),
            "programme_types": _among(ProgrammeType, many=True),
            "origins": _among(Origin, many=True),
            "keeps_waiting_list": _FLAG,
        },
    ),
    "windows": (
        "windows",
        ("year", "term", "round", "kind"),
        _SEASON
        | {
            "round": _whole(1, 99, empty=True),
            "kind": _among(WindowKind),
            "opens_on": _day(empty=True),
            "closes_on": _day(empty=True),
            "source": _text(200),
        },
    ),
}
"""Argument of `directory.load` → file name (may hold a star), columns that make a row unique, checked columns."""


def read_directory(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of every file that is there; a file that is missing gives none.

    Raises:
        BadRows: cells that cannot be taken, all of them at once.
        Refused: no file of these names in the folder, or one that is no table with a head row.
    """
    tables: dict[str, list[dict[str, str]]] = {}
    faults: list[Refused] = []
    for kind, (pattern, unique, checks) in FILES.items():
        tables[kind] = []
        seen: set[tuple[str, ...]] = set()
        for path in sorted(folder.glob(f"{pattern}.csv")):
            for row in _rows(path, checks):
                at = row[ROW]
                tables[kind].append(row)
                faults += [
                    Refused(wrong, where=f"{path.name} 第 {at} 行·{column}")
                    for column, check in (checks | _OPENED).items()
                    if column in row and (wrong := check(row[column]))
                ]
                key = tuple(row[column] for column in unique)
                if key in seen:
                    faults.append(Refused("与前面的行重复", where=f"{path.name} 第 {at} 行·{'、'.join(unique)}"))
                seen.add(key)
    if not any(tables.values()):
        names = "、".join(f"{name}.csv" for name, _, _ in FILES.values())
        raise Refused(f"{folder} 里没有可载入的文件", now=f"文件名应是 {names}，缺的可以不放")
    faults += _across(tables)
    if faults:
        raise BadRows(f"有 {len(faults)} 处错误，没有写入任何数据", faults[:_MOST_LISTED], now="请改正后重新载入")
    return tables


def _rows(path: Path, checks: Mapping[str, Check]) -> list[dict[str, str]]:
    rows = read_operator_table(path.read_bytes(), path.name, checks, _OPTIONAL)
    return [{column: _to_one_form(column, cell) for column, cell in row.items()} for row in rows]


def _to_one_form(column: str, cell: str) -> str:
    """Codes and numbers as `fold_number`, days as 2024-03-20; what cannot be read stays for its check to refuse."""
    if column in _FOLDED:
        return fold_number(cell)
    if column in _DAYS:
        try:
            return read_day(cell).isoformat()
        except Refused:
            return cell
    return cell


def _across(tables: Mapping[str, list[dict[str, str]]]) -> Iterator[Refused]:
    """What no single cell shows: units in a circle, two of one name under one superior, windows that never open."""
    places = {row["code"]: row for kind in ("units", "schools") for row in tables[kind]}
    if len(places) < len(tables["units"]) + len(tables["schools"]):
        yield Refused("同一代码既是单位又是学校，或出现两次", where="units.csv、schools.csv·code")
    siblings: set[tuple[str, str]] = set()
    for code, row in places.items():
        if (pair := (row["reports_to"], fold_label(row["name"]))) in siblings:
            yield Refused("同一上级下有同名单位", where=f"{code} {row['name']}")
        siblings.add(pair)
        above, steps = row["reports_to"], 0
        while above in places and steps <= len(Unit.Level):
            above, steps = places[above]["reports_to"], steps + 1
        if steps > len(Unit.Level):
            yield Refused("上级单位互相循环，或层级太多", where=f"{code} {row['name']}")
    yield from _rule_faults(tables["rules"])
    for row in tables["windows"]:
        if row["opens_on"] and row["closes_on"] and row["closes_on"] < row["opens_on"]:
            yield Refused("截止在开始之前", where=f"windows.csv 第 {row[ROW]} 行·closes_on")


def _rule_faults(rows: list[dict[str, str]]) -> Iterator[Refused]:
    """Rule rows of an unknown key, with a value of another kind, or for the same case on the same day."""
    where = "policy_rules.csv 第 {} 行·{}".format
    faulty = [Refused(sentence, where=where(row[ROW], column)) for row in rows for column, sentence in find_faults(row)]
    yield from faulty
    for one, other in () if faulty else find_clashes(rows):
        yield Refused(f"与第 {rows[one][ROW]} 行在同一天适用于同一情形", where=where(rows[other][ROW], "applies_to"))
