"""Written files are read back unchanged; any other bytes give rows or a refusal."""

import io
import zipfile
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sheets.test_upload import GOOD, HEAD, SHEET, workbook
from yangguang.rules.base.folding import is_mark
from yangguang.rules.base.refusals import Refused
from yangguang.sheets import Col, ColKind, Sheet, fill_sheet, read_upload, render_csv, render_xlsx

WIDE = Sheet(
    "wide",
    "往返表",
    [
        Col("编号", "number", ColKind.ID, required=True),
        Col("名称", "name", group="甲"),
        Col("合计", "total", ColKind.INT, sum_of=("a", "b"), group="甲"),
        Col("甲", "a", ColKind.INT),
        Col("乙", "b", ColKind.INT),
        Col("日期", "day", ColKind.DATE),
    ],
)
TEXT = (
    st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=30)
    .map(str.strip)
    .filter(lambda text: text and not any(map(is_mark, text)))
)
COUNT = st.none() | st.integers(0, 10**8)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "number": st.from_regex(r"[A-Z][0-9A-Z]{0,18}", fullmatch=True).filter(lambda text: "E" not in text),
            "name": st.none() | TEXT,
            "a": COUNT,
            "b": COUNT,
            "day": st.none() | st.dates(date(1900, 3, 1), date(2100, 1, 1)),
        }
    ),
    min_size=1,
    max_size=6,
)
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(ROWS)
def test_a_workbook_reads_back_as_it_was_written(rows: list[dict[str, Any]]) -> None:
    filled = fill_sheet(WIDE, rows)

    assert list(read_upload(render_xlsx(filled), "x.xlsx", WIDE)) == list(filled.rows)


@settings(max_examples=300)
@given(ROWS)
def test_a_csv_reads_back_as_it_was_written(rows: list[dict[str, Any]]) -> None:
    filled = fill_sheet(WIDE, rows)

    assert list(read_upload(render_csv(filled), "x.csv", WIDE)) == list(filled.rows)


def check_answer(data: bytes, filename: str) -> None:
    """Rows with the keys of the sheet, or a refusal; anything else fails the test."""
    try:
        rows = read_upload(data, filename, SHEET)
    except Refused as refusal:
        assert str(refusal)
    else:
        assert all(set(row) == {col.key for col in SHEET.columns} for row in rows)


@settings(max_examples=500)
@given(st.binary(max_size=400), st.sampled_from(["x.csv", "x.xlsx", "x", ""]))
def test_random_bytes_give_rows_or_a_refusal(data: bytes, filename: str) -> None:
    check_answer(data, filename)


@settings(max_examples=500)
@given(st.text(max_size=200))
def test_random_text_below_a_correct_header_gives_rows_or_a_refusal(text: str) -> None:
    check_answer((",".join(HEAD) + "\n" + text).encode("utf-8", "surrogatepass"), "x.csv")


@SLOW
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_workbook_with_changed_bytes_gives_rows_or_a_refusal(changes: list[tuple[float, int]]) -> None:
    data = bytearray(workbook([HEAD, GOOD]))
    for at, byte in changes:
        data[int(at * len(data))] = byte
    check_answer(bytes(data), "x.xlsx")


@SLOW
@given(
    st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=6)), min_size=1, max_size=4),
)
def test_a_workbook_with_broken_xml_gives_rows_or_a_refusal(part: str, changes: list[tuple[float, bytes]]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([HEAD, GOOD]))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = bytearray(old.read(name))
            for at, piece in changes if name == part else []:
                start = int(at * len(body))
                body[start : start + len(piece)] = piece
            new.writestr(name, bytes(body))

    check_answer(out.getvalue(), "x.xlsx")
