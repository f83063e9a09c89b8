"""A file of an exam board is read by its profile: headers by their aliases, values by their texts, faults by cell."""

import io

import openpyxl
import pytest

from yangguang.queries.admissions.exam_board_results import ImportedRow
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.import_profiles import BLANK_ROWS, empty_workbook, limit_types, load_profiles, read_results

BOARD = load_profiles()["board"]
HEAD = "考生号,证件号码,考生姓名,录取学校,录取专业,对接院校,学制类型,总分"


def read(*lines: str, head: str = HEAD, name: str = "结果.csv", encoding: str = "utf-8") -> list[ImportedRow]:
    return read_results("\n".join([head, *lines]).encode(encoding), name, BOARD)


def faults(*lines: str, **more: str) -> list[tuple[str, str]]:
    with pytest.raises(BadRows) as refused:
        read(*lines, **more)
    return [(row.where, row.what) for row in refused.value.rows]


def test_every_profile_says_where_it_comes_from_and_has_the_columns_a_result_needs() -> None:
    for profile in load_profiles().values():
        keys = {col.key for col in profile.columns if col.required}
        assert keys == {"id_number", "name", "school", "major"}
        assert profile.label


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_by_its_heads_and_in_its_own_words(encoding: str) -> None:
    rows = read(
        "01,410101200903050013,某甲,某职校,护理,某大学,三二分段,400",
        "02,41010120090305002x,某乙,某职校,学前,,五年制,300",
        encoding=encoding,
    )

    assert rows == [
        ImportedRow(2, "410101200903050013", "某甲", "某职校", "护理", "某大学", "3+2"),
        ImportedRow(3, "41010120090305002X", "某乙", "某职校", "学前", "", "五年一贯制"),
    ]


def test_a_text_the_profile_does_not_know_is_a_fault_of_its_cell() -> None:
    assert faults("01,410101200903050012,某甲,某职校,护理,,七年制,400") == [
        ("第 2 行·培养类型", "‘七年制’不在可填的范围内")
    ]


def test_missing_and_unknown_columns_and_empty_cells_are_named() -> None:
    assert faults("某甲,某职校,护理,1", head="姓名,录取学校,录取专业,家庭住址") == [
        ("第 1 行·身份证号", "缺少“身份证号”一列"),
        ("第 1 行", "不认识“家庭住址”一列"),
    ]
    assert faults("01,410101200903050012,,某职校,护理,,,") == [("第 2 行·姓名", "没有填写")]
    assert faults("01,4.10101E+17,某甲,某职校,护理,,,")[0][0] == "第 2 行·身份证号"


def test_a_head_in_which_nothing_is_known_names_every_column_that_is_missing() -> None:
    assert faults("1,2,3", head="号码,名字,家庭住址") == [
        (f"表头·{header}", f"缺少“{header}”一列") for header in ("身份证号", "姓名", "录取学校", "录取专业")
    ]


def test_the_template_of_every_profile_is_read_back_by_it_once_it_is_filled_in() -> None:
    for profile in load_profiles().values():
        book = openpyxl.load_workbook(io.BytesIO(empty_workbook(profile)))
        paper = book.active
        rows = {cell.value: cell for row in paper.iter_rows() for cell in row}
        assert any("必须填写：身份证号、姓名" in str(text) for text in rows)
        head = rows["身份证号"]
        below = [paper.cell(head.row + n, head.column) for n in range(1, BLANK_ROWS + 1)]
        assert {cell.number_format for cell in below} == {"@"}
        filled = {"身份证号": "410101200903050013", "姓名": "某甲", "录取学校": "某职校", "录取专业": "护理"}
        for header, text in filled.items():
            paper.cell(head.row + 1, rows[header].column).value = text
        out = io.BytesIO()
        book.save(out)
        assert read_results(out.getvalue(), "结果.xlsx", profile) == [
            ImportedRow(head.row + 1, "410101200903050013", "某甲", "某职校", "护理")
        ]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "a.csv", "文件是空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.xls", "旧版"),
        (b"%PDF-1.7", "a.csv", "不是 Excel 或 CSV"),
        (b"PK\x03\x04broken", "a.xlsx", ""),
        (b"a,b\n1,2", "a.csv", "没有找到表头"),
        (HEAD.encode(), "a.csv", "没有数据"),
        (HEAD.encode(), "a.exe", "只收"),
        (b"\xff\xfe\x00\x00", "a.csv", ""),
    ],
)
def test_a_file_that_is_none_gets_a_sentence(data: bytes, name: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence or ".") as refused:
        read_results(data, name, BOARD)

    assert refused.value.what
    assert refused.value.now


def test_all_faults_of_a_row_come_at_once_also_a_number_that_is_no_persons() -> None:
    assert faults("01,410101200903050013,,某职校,护理,,七年制,", ",410101200903050014,某甲,,护理,,,") == [
        ("第 2 行·姓名", "没有填写"),
        ("第 2 行·培养类型", "‘七年制’不在可填的范围内"),
        ("第 2 行·身份证号", "证件号码有一位或几位写错了"),
        ("第 3 行·录取学校", "没有填写"),
        ("第 3 行·身份证号", "证件号码有一位或几位写错了"),
    ]


def test_the_codes_of_schools_are_a_column_that_may_be_left_out() -> None:
    [row] = read("410101200903050013,某甲,某职校,S1,护理", head="身份证号,姓名,录取学校,学校代码,录取专业")

    assert row.school_code == "S1"


def test_the_types_of_a_year_are_the_texts_that_may_be_filled_in() -> None:
    pathways = limit_types(BOARD, ["专科贯通", "本科贯通"])

    assert pathways.allowed_texts == "培养类型填专科贯通或本科贯通"
    assert (pathways.translate("programme_type", "本科贯通"), pathways.translate("programme_type", "三二分段")) == (
        "本科贯通",
        "",
    )
    assert limit_types(BOARD, ["3+2", "五年一贯制"]).translate("programme_type", "三二分段") == "3+2"
