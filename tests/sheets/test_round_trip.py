"""Whatever is written is read back the same; whatever is thrown at the reader, it answers with rows or a refusal."""

import io
import zipfile
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sheets.test_upload import GOOD, HEAD, SHEET, workbook
from yangguang.rules.base.refusals import Refused
from yangguang.sheets import Col, Kind, Sheet, fill, read_upload, render_csv, render_xlsx

WIDE = Sheet(
    "wide",
    "往返表",
    [
        Col("编号", "number", Kind.ID, required=True),
        Col("名称", "name", group="甲"),
        Col("合计", "total", Kind.INT, sum_of=("a", "b"), group="甲"),
        Col("甲", "a", Kind.INT),
        Col("乙", "b", Kind.INT),
        Col("日期", "day", Kind.DATE),
    ],
)
TEXT = (
    st.text(
        st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=30
    )
    .map(str.strip)
    .filter(bool)
)
COUNT = st.none() | st.integers(0, 10**8)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "number": st.from_regex(r"[A-Z][0-9A-Z]{0,18}", fullmatch=True).filter(
                lambda text: "E" not in text
            ),
            "name": st.none() | TEXT,
            "a": COUNT,
            "b": COUNT,
            "day": st.none() | st.dates(date(1900, 3, 1), date(2100, 1, 1)),
        }
    ),
    min_size=1,
    max_size=6,
)
SLOWLY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOWLY
@given(ROWS)
def test_a_workbook_reads_back_as_it_was_written(rows: list[dict[str, Any]]) -> None:
    filled = fill(WIDE, rows)
    assert list(read_upload(render_xlsx(filled), "x.xlsx", WIDE)) == list(filled.rows)


@settings(max_examples=300, deadline=None)
@given(ROWS)
def test_a_csv_reads_back_as_it_was_written(rows: list[dict[str, Any]]) -> None:
    filled = fill(WIDE, rows)
    assert list(read_upload(render_csv(filled), "x.csv", WIDE)) == list(filled.rows)


def answers(data: bytes, filename: str) -> None:
    """Rows with the keys of the sheet, or a refusal; anything else fails the test."""
    try:
        rows = read_upload(data, filename, SHEET)
    except Refused as refused:
        assert str(refused)
    else:
        assert all(set(row) == {col.key for col in SHEET.columns} for row in rows)


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["x.csv", "x.xlsx", "x", ""]))
def test_random_bytes_are_answered(data: bytes, filename: str) -> None:
    answers(data, filename)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=200))
def test_random_text_under_a_good_head_is_answered(text: str) -> None:
    answers((",".join(HEAD) + "\n" + text).encode("utf-8", "surrogatepass"), "x.csv")


@SLOWLY
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_workbook_with_bytes_changed_anywhere_is_answered(changes: list[tuple[float, int]]) -> None:
    data = bytearray(workbook([HEAD, GOOD]))
    for at, byte in changes:
        data[int(at * len(data))] = byte
    answers(bytes(data), "x.xlsx")


@SLOWLY
@given(
    st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=6)), min_size=1, max_size=4),
)
def test_a_workbook_with_broken_xml_in_a_good_zip_is_answered(
    part: str, changes: list[tuple[float, bytes]]
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([HEAD, GOOD]))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = bytearray(old.read(name))
            for at, piece in changes if name == part else []:
                start = int(at * len(body))
                body[start : start + len(piece)] = piece
            new.writestr(name, bytes(body))
    answers(out.getvalue(), "x.xlsx")
