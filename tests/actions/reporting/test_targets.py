"""Targets add up exactly or nothing is written; the real table of 2024 is 33 rows and 67,686 persons."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

import yangguang.reference
from tests.support.builders.forms import FORM_T_SHEET
from tests.support.personas import SHELL, Personas
from yangguang.actions.organisation import directory
from yangguang.actions.reporting.target_files import read_target_file
from yangguang.actions.reporting.targets import load_table, set_children
from yangguang.models import AuditEntry, Target, TargetEvent, Unit
from yangguang.queries.reporting.targets import target_tree
from yangguang.reference import rows
from yangguang.rules.base.refusals import BadRows, NotFound, Refused
from yangguang.rules.reporting.targets import TargetRow, TotalInForce
from yangguang.sheets import digest, render_csv, render_xlsx
from yangguang.sheets.target_table import fill_target_table

pytestmark = pytest.mark.django_db

REAL = [TargetRow(int(row["no"]), row["unit"], int(row["task"])) for row in rows("zhengzhou_tasks_2024")]
TOTAL = 67686


@pytest.fixture
def zhengzhou(db: None) -> Unit:
    directory.load(by=SHELL, units=rows("units"), schools=rows("schools"))
    return Unit.objects.get(name="郑州市")


def load(parent: Unit, real: list[TargetRow] = REAL, *, name: str = "a", **more: object) -> object:
    arguments = {"year": 2024, "rows": real, "digest": name * 64, "source": "测试", "stated": TOTAL}
    return load_table(by=SHELL, parent=parent, **(arguments | more))


def faults(parent: Unit, real: list[TargetRow], **more: object) -> list[tuple[str, str]]:
    before = Target.objects.count()
    with pytest.raises(BadRows) as refused:
        load(parent, real, name="f", **more)
    assert Target.objects.count() == before
    return [(row.where, row.what) for row in refused.value.rows]


def changed(at: int, **to: object) -> list[TargetRow]:
    """The real table with row number `at` changed."""
    return [replace(row, **to) if row.position == at else row for row in REAL]  # type: ignore[arg-type]


def test_the_real_table_is_33_rows_and_exactly_67686(zhengzhou: Unit) -> None:
    done = load(zhengzhou)

    assert (done.rows, done.total, done.added) == (33, 67686, 33)
    assert sum(Target.objects.values_list("number", flat=True)) == 67686

    areas = Target.objects.filter(unit__level="COUNTY")

    assert (areas.count(), sum(areas.values_list("number", flat=True))) == (6, 35500)
    assert Target.objects.filter(unit=None).get().label == "其他学校"


def test_a_sum_off_by_one_names_the_difference_and_a_row(zhengzhou: Unit) -> None:
    with pytest.raises(BadRows, match="各行合计 67687，多 1 人，没有写入") as refused:
        load(zhengzhou, changed(18, target=4241))

    assert refused.value.rows[0].where == "第 33 行·招生任务（人）"
    assert Target.objects.count() == 0


def test_an_unknown_unit_is_named_with_the_nearest_one(zhengzhou: Unit) -> None:
    assert faults(zhengzhou, changed(1, unit="新蜜市")) == [
        ("第 1 行·单位名称", "郑州市下面没有“新蜜市”，最接近的是“新密市”")
    ]
    # A unit of another city is unknown here.
    assert faults(zhengzhou, changed(1, unit="兰考县"))[0][0] == "第 1 行·单位名称"


def test_the_same_file_is_not_loaded_twice(zhengzhou: Unit) -> None:
    load(zhengzhou)

    with pytest.raises(Refused, match="已经导入过"):
        load(zhengzhou)

    assert Target.objects.filter(version=1).count() == 33


def test_a_new_table_updates_the_rows_and_their_version(zhengzhou: Unit) -> None:
    load(zhengzhou)
    moved = [*changed(1, target=4100)]
    moved[1] = TargetRow(2, "新郑市", 9900)
    done = load(zhengzhou, moved, name="b")

    assert (done.added, done.changed, done.removed) == (0, 2, 0)

    target = Target.objects.get(label="新密市")

    assert (target.number, target.version) == (4100, 2)


def test_the_total_in_force_stays_unless_a_new_one_is_stated_with_its_reason(zhengzhou: Unit) -> None:
    load(zhengzhou)
    more = changed(1, target=4001)
    what = "郑州市现行的任务数是 67686，这次各行合计 67687，多 1 人，没有写入"
    for arguments in ({"stated": TOTAL + 1}, {"stated": None}, {"stated": None, "reason": "上级来文"}):
        with pytest.raises(TotalInForce) as refused:
            load(zhengzhou, more, name="b", **arguments)
        assert refused.value.what == what
        assert [(row.where, row.what) for row in refused.value.rows] == [
            ("第 1 行·招生任务（人）", "“新密市”原为 4000 人，这次为 4001 人")
        ]

    with pytest.raises(BadRows, match="任务数是 67688，各行合计 67687，少 1 人"):
        load(zhengzhou, more, name="b", stated=TOTAL + 2, reason="上级来文")

    done = load(zhengzhou, more, name="b", stated=TOTAL + 1, reason="上级来文")

    assert (done.total, done.moved, done.changed) == (TOTAL + 1, 1, 1)  # type: ignore[attr-defined]

    entry = AuditEntry.objects.filter(action="target.load").latest("id")

    assert (entry.facts["difference"], entry.facts["reason"]) == (1, "上级来文")

    target = Target.objects.get(label="新密市")
    history = TargetEvent.objects.filter(pgh_obj_id=target.pk).order_by("pgh_id")

    assert list(history.values_list("number", flat=True)) == [4000, 4001]


def test_a_removed_row_changes_the_total_and_is_refused(zhengzhou: Unit) -> None:
    load(zhengzhou)

    with pytest.raises(TotalInForce, match="各行合计 63686，少 4000 人") as refused:
        load(zhengzhou, REAL[1:], name="b", stated=TOTAL - 4000)

    assert refused.value.rows[-1].what == "“新密市”原为 4000 人，这次没有了"

    with pytest.raises(Refused, match="没有一行"):
        load(zhengzhou, [], name="b", stated=0, reason="清空")

    assert sum(Target.objects.values_list("number", flat=True)) == TOTAL


def test_a_reason_with_a_phone_number_is_refused(zhengzhou: Unit) -> None:
    load(zhengzhou)

    with pytest.raises(Refused, match="完整的身份证号或手机号"):
        load(zhengzhou, changed(1, target=4001), name="b", stated=TOTAL + 1, reason="问13912345678")


def test_checking_only_writes_nothing(zhengzhou: Unit) -> None:
    done = load(zhengzhou, check_only=True)

    assert (done.total, done.checked_only, Target.objects.count()) == (67686, True, 0)


def test_a_county_breaks_down_exactly_the_target_set_by_the_city(zhengzhou: Unit) -> None:
    load(zhengzhou)
    county = Unit.objects.get(name="新密市")
    school = Unit.objects.get(code="DEMO-S32")
    small = [TargetRow(1, school.name, 3000), TargetRow(2, "其他学校", 999)]

    assert faults(county, small, stated=None) == [
        ("第 2 行·招生任务（人）", "加到最后一行第 2 行（其他学校）时合计 3999，比 4000 少 1 人")
    ]

    with pytest.raises(Refused, match="上级下达给新密市的任务数是4000人"):
        load(county, [TargetRow(1, school.name, 4000)], name="c", stated=3999)

    load(county, [TargetRow(1, school.name, 3000), TargetRow(2, "其他学校", 1000)], name="c", stated=None)
    node = next(child for child in target_tree(zhengzhou, 2024).children if child.label == "新密市")

    assert (node.number, node.broken_down, node.difference) == (4000, 4000, 0)


def test_a_break_down_that_no_longer_adds_up_is_deleted_and_named(zhengzhou: Unit) -> None:
    load(zhengzhou)
    county, school = Unit.objects.get(name="新密市"), Unit.objects.get(code="DEMO-S32")
    load(county, [TargetRow(1, school.name, 4000)], name="c", stated=None)
    moved = changed(1, target=4100)
    moved[1] = TargetRow(2, "新郑市", 9900)

    assert load(zhengzhou, moved, name="d", check_only=True).reopened == ("新密市",)
    assert Target.objects.filter(parent=county).count() == 1
    assert load(zhengzhou, moved, name="d").reopened == ("新密市",)
    assert Target.objects.filter(parent=county).count() == 0


def test_a_school_is_never_counted_in_two_places(zhengzhou: Unit) -> None:
    school = Unit.objects.get(code="DEMO-S32")
    listed = [*changed(33, target=2033), TargetRow(34, school.name, 100)]
    load(zhengzhou, listed)
    county = Unit.objects.get(name="新密市")

    assert faults(county, [TargetRow(1, school.name, 4000)], stated=None) == [
        ("第 1 行·单位名称", f"{school.name}的任务数已由郑州市下达（100人）")
    ]


def test_targets_edited_in_place_add_up_and_are_limited_to_the_officers_area(personas: Personas) -> None:
    one = [TargetRow(1, personas.county.name, 300), TargetRow(2, "其他学校", 20)]
    personas.me.sign(set_children, year=2024, parent=personas.city, rows=one, source="本级分解")

    with pytest.raises(BadRows):
        personas.ce.sign(
            set_children, year=2024, parent=personas.county, rows=[TargetRow(1, personas.school.name, 301)], source=""
        )

    personas.ce.sign(
        set_children, year=2024, parent=personas.county, rows=[TargetRow(1, personas.school.name, 300)], source=""
    )

    with pytest.raises(NotFound):
        personas.ce.sign(set_children, year=2024, parent=personas.other_city, rows=one, source="")

    assert [(t.label, t.number) for t in Target.objects.order_by("parent", "position")] == [
        (personas.county.name, 300),
        ("其他学校", 20),
        (personas.school.name, 300),
    ]


def printed_csv(zhengzhou: Unit, real: list[TargetRow] = REAL, total: int = TOTAL) -> bytes:
    table = [{"number": row.position, "unit": row.unit, "target": row.target} for row in real]
    text = render_csv(fill_target_table(FORM_T_SHEET, table, parent=zhengzhou.name, year=2024))
    data = text if isinstance(text, bytes) else text.encode()
    return data.replace(f"{sum(r.target for r in real)}".encode(), f"{total}".encode())


def command(path: Path, *more: str) -> tuple[int, dict[str, object]]:
    out, code = io.StringIO(), 0
    try:
        call_command("load_targets", str(path), "--year", "2024", "--parent", "郑州市", "--json", *more, stdout=out)
    except CommandError as refusal:
        code = refusal.returncode
    return code, json.loads(out.getvalue())


def test_the_command_reads_the_printed_form_as_workbook_and_as_text(zhengzhou: Unit, tmp_path: Path) -> None:
    table = [{"number": row.position, "unit": row.unit, "target": row.target} for row in REAL]
    book = tmp_path / "t.xlsx"
    book.write_bytes(render_xlsx(fill_target_table(FORM_T_SHEET, table, parent="郑州市", year=2024)))
    code, answer = command(book, "--check-only")

    assert (code, answer["rows"], answer["total"], Target.objects.count()) == (0, 33, 67686, 0)

    text = tmp_path / "t.csv"
    text.write_bytes(printed_csv(zhengzhou))

    assert command(text)[0] == 0
    assert sum(Target.objects.values_list("number", flat=True)) == 67686
    assert set(Target.objects.values_list("file_digest", flat=True)) == {digest(text.read_bytes())}

    code, answer = command(text)

    assert (code, "已经导入过" in str(answer["error"])) == (1, True)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda data: data.replace(b"67686", b"67687"), "少 1 人"),
        (lambda data: data.replace(b",4240", ",四千".encode()), "错误"),
        (lambda data: data.replace("新密市".encode(), "新蜜市".encode()), "错误"),
        (lambda data: b"", ""),
        (lambda data: b"PK\x03\x04broken", ""),
    ],
)
def test_a_faulty_file_is_refused_as_a_whole(zhengzhou: Unit, tmp_path: Path, spoil: object, sentence: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(spoil(printed_csv(zhengzhou)))  # type: ignore[operator]
    code, answer = command(path)

    assert (code, Target.objects.count()) == (1, 0)
    assert sentence in str(answer["error"])
    assert str(answer["error"])


def test_a_plain_list_is_checked_against_the_total_in_force(zhengzhou: Unit) -> None:
    data = Path(yangguang.reference.__file__).with_name("zhengzhou_tasks_2024.csv").read_bytes()

    with pytest.raises(BadRows, match="没有合计行"):
        read_target_file(data, "a.csv", zhengzhou, 2024)

    load(zhengzhou)

    assert read_target_file(data, "a.csv", zhengzhou, 2024) == (REAL, TOTAL)

    off = data.replace(b",4240,", b",4241,")

    with pytest.raises(BadRows, match="多 1 人") as refused:
        read_target_file(off, "a.csv", zhengzhou, 2024)

    assert "原为 4240 人，本次为 4241 人" in refused.value.rows[0].what
    assert [row["unit"] for row in csv.DictReader(io.StringIO(data.decode()))][:1] == ["新密市"]


def test_the_digest_and_numbers_of_a_loaded_table_are_in_the_log(zhengzhou: Unit) -> None:
    load(zhengzhou)
    entry = AuditEntry.objects.get(action="target.load")

    assert (entry.facts["rows"], entry.facts["total"], entry.facts["digest"]) == (33, 67686, "a" * 64)
