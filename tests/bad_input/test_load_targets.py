"""`load-targets` with every kind of bad file: what, where, what to do, exit code 1, and not one row written."""

import io
import json
import os
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from tests.access.world import changed, contents
from tests.support.personas import SHELL
from yangguang import clock
from yangguang.actions.organisation import directory
from yangguang.models import AuditEntry, PracticeClock, Target
from yangguang.reference import rows
from yangguang.rules.seasons.windows import format_instant

HEAD = ("序号", "单位名称", "招生任务（人）")
TABLE = [tuple(row.values())[:3] for row in rows("zhengzhou_tasks_2024")]
TOTAL = 67686


@pytest.fixture(autouse=True)
def zhengzhou(db: None) -> None:
    directory.load(by=SHELL, units=rows("units"), schools=rows("schools"))


def table(*changes: tuple[int, int, object], total: object = TOTAL) -> list[tuple[object, ...]]:
    """The real table with (row, column, value) changed."""
    lines: list[list[object]] = [list(row) for row in TABLE]
    for row, column, value in changes:
        lines[row - 1][column] = value
    return [HEAD, ("", "郑州市", total), *map(tuple, lines)]


def as_csv(lines: list[tuple[object, ...]], encoding: str = "utf-8") -> bytes:
    return "\n".join(",".join(map(str, line)) for line in lines).encode(encoding)


def as_xlsx(lines: list[tuple[object, ...]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for at, line in enumerate(lines):
        sheet.write_row(at, 0, line)
    book.close()
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO(as_xlsx(table()))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/bomb.bin", bytes(50 * 2**20))
    return out.getvalue()


def loads(path: Path, *more: str, parent: str = "郑州市") -> tuple[int, str, list[str]]:
    """Exit code, what was refused, and the rows it names."""
    out, code = io.StringIO(), 0
    try:
        call_command("load_targets", str(path), "--year", "2024", "--parent", parent, "--json", *more, stdout=out)
    except CommandError as refusal:
        code = refusal.returncode
    said = json.loads(out.getvalue())
    return code, said.get("error", ""), said.get("rows", [])


BAD: dict[str, tuple[str, Callable[[], bytes], str, str]] = {
    "a target in words": ("t.csv", lambda: as_csv(table((3, 2, "四千人"))), "有 1 处错误", "第 5 行"),
    "a negative target": ("t.csv", lambda: as_csv(table((3, 2, "-5"))), "错误", "第 5 行"),
    "half a person": ("t.xlsx", lambda: as_xlsx(table((3, 2, 10.5))), "错误", "第 5 行"),
    "a formula": ("t.csv", lambda: as_csv(table((3, 2, "=1+1"))), "错误", "第 5 行"),
    "a sum one too low": ("t.csv", lambda: as_csv(table(total=TOTAL + 1)), "少 1 人", ""),
    "a sum one too high": ("t.csv", lambda: as_csv(table(total=TOTAL - 1)), "多 1 人", ""),
    "a total in words": ("t.csv", lambda: as_csv(table(total="六万")), "错误", "第 2 行"),
    "an unknown unit": ("t.csv", lambda: as_csv(table((2, 1, "新蜜市"))), "错误", "没有“新蜜市”"),
    "a unit named twice": ("t.csv", lambda: as_csv(table((2, 1, TABLE[0][1]))), "错误", "重复"),
    "a NUL": (
        "t.csv",
        lambda: as_csv(table((2, 1, "新\x00密市"))),
        "错误",
        "第 4 行·单位名称：含有看不见的字符（U+0000）",
    ),
    "a bidi mark": ("t.csv", lambda: as_csv(table((2, 1, "新\u202e密市"))), "", ""),
    "an empty file": ("t.csv", lambda: b"", "空", ""),
    "blank lines": ("t.csv", lambda: b"\n\n\n", "", ""),
    "only the head": ("t.csv", lambda: as_csv([HEAD]), "", ""),
    "another table": ("t.csv", lambda: "姓名,电话\n张三,1\n".encode(), "", ""),
    "no total": ("t.csv", lambda: as_csv([HEAD, *map(tuple, TABLE)]), "合计", ""),
    "a zip bomb": ("t.xlsx", bomb, "拒绝打开", ""),
    "half a workbook": ("t.xlsx", lambda: as_xlsx(table())[:900], "损坏", ""),
    "a picture": ("t.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + os.urandom(400), "", ""),
    "utf-16 without its mark": ("t.csv", lambda: as_csv(table(), "utf-16-le"), "不是 Excel 或 CSV", ""),
}


@pytest.mark.parametrize("case", sorted(BAD))
def test_a_bad_file_is_refused_whole_in_words(tmp_path: Path, case: str) -> None:
    name, make, says, where = BAD[case]
    path = tmp_path / name
    path.write_bytes(make())
    before = contents()
    code, refused, named = loads(path)

    assert (code, changed(before, contents())) == (1, set())
    sentence = " ".join([refused, *named])

    assert says in refused and where in sentence, sentence
    assert "请" in sentence, "it does not say what to do"
    assert "Traceback" not in sentence
    assert "Error" not in sentence


def test_the_same_file_twice_is_said_to_be_the_same(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(as_csv(table()))

    assert loads(path)[0] == 0
    before = contents()
    code, refused, _ = loads(path)

    assert (code, "已经导入过" in refused, changed(before, contents())) == (1, True, set())
    assert (Target.objects.count(), AuditEntry.objects.filter(action="target.load").count()) == (33, 1)


def test_a_gb18030_file_and_a_workbook_are_the_same_table(tmp_path: Path) -> None:
    for name, data in (("a.csv", as_csv(table(), "gb18030")), ("b.xlsx", as_xlsx(table()))):
        (tmp_path / name).write_bytes(data)
        assert loads(tmp_path / name, "--check-only")[0] == 0, name
    assert Target.objects.count() == 0


def test_a_table_of_another_year_is_named_by_its_title(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    lines = [("附件 1",), ("2023 年郑州市中等职业学校招生任务分解表",), *table()]
    file.write_bytes(as_csv(lines))

    with pytest.raises(CommandError, match="表格的标题写的是2023年，这里办理的是2024年"):
        call_command("load_targets", str(file), "--year", "2024", "--parent", "郑州市")

    file.write_bytes(as_csv(lines).replace(b"2023", b"2024"))
    call_command("load_targets", str(file), "--year", "2024", "--parent", "郑州市", "--check-only")


def test_an_unknown_parent_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(as_csv(table()))
    code, refused, _ = loads(path, parent="郑州")

    assert code == 2
    assert "最接近的是“郑州市”" in refused


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((2, 1, "新蜜市"), "第 4 行·单位名称：郑州市下面没有“新蜜市”"),
        ((2, 1, TABLE[0][1]), "第 4 行·单位名称：‘新密市’与第 3 行重复"),
        ((2, 2, 1), "第 4 行·招生任务（人）：“新郑市”原为 10000 人，这次为 1 人"),
    ],
)
def test_every_sentence_names_the_row_of_the_file(tmp_path: Path, change: tuple[int, int, object], says: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(as_csv(table()))

    assert loads(path)[0] == 0
    path.write_bytes(as_csv(table(change, total=TOTAL - 9999 if change[2] == 1 else TOTAL)))
    code, _, named = loads(path)

    assert code == 1 and named[0].startswith(says), named


def test_a_bare_list_is_named_by_its_own_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(as_csv(table()))

    assert loads(path)[0] == 0
    bare = [("no", "unit", "task"), *map(tuple, TABLE)]
    path.write_bytes(as_csv(bare).replace("新郑市".encode(), "新正市".encode()))

    assert loads(path)[2][0].startswith("第 3 行·单位名称：郑州市下面没有“新正市”")


def test_another_total_than_the_one_in_force_is_refused_unless_it_is_said_to_replace_it(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(as_csv(table()))

    assert loads(path)[0] == 0
    # Consistent in itself, and not the number that stands.
    path.write_bytes(as_csv(table((1, 2, 4001), total=TOTAL + 1)))
    before = contents()
    code, refused, named = loads(path)

    assert (code, changed(before, contents())) == (1, set())
    assert "现行的任务数是 67686，这次各行合计 67687，多 1 人" in refused
    assert "--replace-total" in refused
    assert named == ["第 3 行·招生任务（人）：“新密市”原为 4000 人，这次为 4001 人。"]
    assert loads(path, "--replace-total", "市政府调整任务")[0] == 0
    assert sum(Target.objects.values_list("number", flat=True)) == TOTAL + 1
    facts = AuditEntry.objects.filter(action="target.load").latest("id").facts

    assert (facts["total"], facts["difference"], facts["reason"]) == (TOTAL + 1, 1, "市政府调整任务")


def test_replacing_a_total_takes_a_reason_and_a_stated_total(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(as_csv(table()))

    assert loads(path)[0] == 0
    with pytest.raises(CommandError, match="总数为什么调整"):
        call_command("load_targets", str(path), "--year", "2024", "--parent", "郑州市", "--replace-total", " ")
    path.write_bytes(as_csv([("no", "unit", "task"), *map(tuple, TABLE[:-1])]))
    code, refused, _ = loads(path, "--replace-total", "少一所学校")

    assert (code, "没有合计行" in refused, Target.objects.count()) == (1, True, 33)


def test_the_same_file_is_said_with_the_time_it_was_itself_taken_in(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_bytes(as_csv(table()))
    second.write_bytes(as_csv(table((1, 2, 4100), (2, 2, 9900))))

    assert loads(first)[0] == 0
    PracticeClock.objects.create(only=True, shift=timedelta(days=40))

    assert loads(second)[0] == 0
    said = format_instant(AuditEntry.objects.filter(action="target.load").latest("id").at)

    assert f"（{said}写入）" in loads(second)[1]
    assert Target.objects.earliest("recorded_at").recorded_at < clock.now() - timedelta(days=39)


@pytest.mark.parametrize("path", ["/nonexistent/t.csv", "/"])
def test_a_file_that_cannot_be_read_is_a_bad_argument(path: str) -> None:
    with pytest.raises(CommandError, match="读不到文件") as refused:
        call_command("load_targets", path, "--year", "2024", "--parent", "郑州市")
    assert refused.value.returncode == 2


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_both_layouts_are_taken_in_the_encodings_in_use(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "t.csv").write_bytes(as_csv(table(), encoding))
    (tmp_path / "bare.csv").write_bytes(
        as_csv([("no", "unit", "task"), *TABLE[:-1], (33, TABLE[-1][1], "７")], encoding)
    )

    assert loads(tmp_path / "t.csv")[0] == 0
    assert "少" in loads(tmp_path / "bare.csv")[1]


@pytest.mark.parametrize("written", ["新 密市", "新密市\u200b", "\u202d新密市\u202c"])
def test_blanks_and_marks_in_a_name_make_no_other_unit(tmp_path: Path, written: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(as_csv(table((1, 1, written), total=TOTAL)))

    assert loads(path)[0] == 0, loads(path)
    assert Target.objects.get(position=1).label == "新密市"


def test_the_parent_is_named_in_any_width(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(as_csv(table()))

    assert loads(path, parent=" 郑州 市\u200b")[0] == 0


def test_a_column_that_the_plain_list_does_not_have_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(as_csv([("no", "unit", "task", "spring"), *[(*row, 5) for row in TABLE]]))
    code, refused, named = loads(path)

    assert (code, "有 1 处错误" in refused, named) == (1, True, ["t.csv 第 1 行：不认识“spring”一列。请删去这一列。"])
