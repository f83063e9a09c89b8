"""From a folder of CSV files to the rows of `directory.load`; every faulty cell is named by file, row and column."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from yangguang.models import Season, Unit
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.seasons.policy_rows import find_clashes, find_faults
from yangguang.rules.seasons.rounds import RoundKind, WindowKind

Row = Mapping[str, str]
Check = Callable[[str], str]
"""What is wrong with a cell, "" when nothing is."""
LARGEST = 16 * 2**20
_MOST_SHOWN = 200


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
            is_day = date.fromisoformat(cell).isoformat() == cell
        except ValueError:
            is_day = empty and not cell
        return "" if is_day else "日期应写成 2024-03-20 的样子" + ("，待定的留空" if empty else "")

    return check


_YEAR, _TERM = _whole(2000, 2099), _among(Season.Term.values)
_BUREAU = _among([Unit.Level.PROVINCE, Unit.Level.CITY, Unit.Level.COUNTY])
_FLAG = _among(["0", "1"], empty=True)
_SEASON: dict[str, Check] = {"year": _YEAR, "term": _TERM}
_PLACE: dict[str, Check] = {"code": _text(16), "name": _text(60), "kind": _text(20), "source": _text(1000)}
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
    "seasons": ("seasons", ("year", "term"), _SEASON | {"source": _text(1000)}),
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
            "source": _text(1000),
        },
    ),
}
"""Argument of `directory.load` → file name (may hold a star), columns that make a row unique, checked columns."""


def read_directory(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of every file that is there; a file that is missing gives none.

    Raises:
        BadRows: cells that cannot be taken, all of them at once.
        Refused: no file of these names in the folder, or one that is no UTF-8 table with a head row.
    """
    tables: dict[str, list[dict[str, str]]] = {}
    faults: list[Refused] = []
    for kind, (pattern, unique, checks) in FILES.items():
        tables[kind] = []
        seen: set[tuple[str, ...]] = set()
        for path in sorted(folder.glob(f"{pattern}.csv")):
            for at, row in enumerate(_rows(path, checks), 2):
                tables[kind].append(row)
                faults += [
                    Refused(wrong, where=f"{path.name} 第 {at} 行·{column}")
                    for column, check in checks.items()
                    if (wrong := check(row[column]))
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
        raise BadRows(f"有 {len(faults)} 处错误，没有写入任何数据", faults[:_MOST_SHOWN], now="请改正后重新载入")
    return tables


def _rows(path: Path, checks: Mapping[str, Check]) -> list[dict[str, str]]:
    if path.stat().st_size > LARGEST:
        raise Refused(f"{path.name} 超过 {LARGEST // 2**20} MB", now="请核对文件")
    try:
        text = path.read_bytes().decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        missing = [column for column in checks if column not in (reader.fieldnames or ())]
        if missing or "\x00" in text:
            raise Refused(f"{path.name} 缺少列：{'、'.join(missing) or '（含不可见字符）'}", now="请对照自带的同名文件")
        return [{str(name): (cell or "").strip() for name, cell in row.items() if name} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(
            f"{path.name} 读不出来", why="不是 UTF-8 编码的 CSV", now="请另存为“CSV UTF-8（逗号分隔）”"
        ) from error


def _across(tables: Mapping[str, list[dict[str, str]]]) -> Iterator[Refused]:
    """What no single cell shows: units in a circle, two of one name under one superior, windows that never open."""
    places = {row["code"]: row for kind in ("units", "schools") for row in tables[kind]}
    if len(places) < len(tables["units"]) + len(tables["schools"]):
        yield Refused("同一代码既是单位又是学校，或出现两次", where="units.csv、schools.csv·code")
    siblings: set[tuple[str, str]] = set()
    for code, row in places.items():
        if (pair := (row["reports_to"], row["name"])) in siblings:
            yield Refused("同一上级下有同名单位", where=f"{code} {row['name']}")
        siblings.add(pair)
        above, steps = row["reports_to"], 0
        while above in places and steps <= len(Unit.Level):
            above, steps = places[above]["reports_to"], steps + 1
        if steps > len(Unit.Level):
            yield Refused("上级单位互相循环，或层级太多", where=f"{code} {row['name']}")
    yield from _rule_faults(tables["rules"])
    for at, row in enumerate(tables["windows"], 2):
        if row["opens_on"] and row["closes_on"] and row["closes_on"] < row["opens_on"]:
            yield Refused("截止在开始之前", where=f"windows.csv 第 {at} 行·closes_on")


def _rule_faults(rows: list[dict[str, str]]) -> Iterator[Refused]:
    """Rule rows of an unknown key, with a value of another kind, or for the same case on the same day."""
    where = "policy_rules.csv 第 {} 行·{}".format
    faulty = [
        Refused(sentence, where=where(at, column))
        for at, row in enumerate(rows, 2)
        for column, sentence in find_faults(row)
    ]
    yield from faulty
    for one, other in () if faulty else find_clashes(rows):
        yield Refused(f"与第 {one + 2} 行在同一天适用于同一情形", where=where(other + 2, "applies_to"))
