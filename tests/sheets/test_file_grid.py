"""Hostile files are refused in time; the parser runs without our memory, files or secrets."""

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable

import pytest

from tests.sheets.test_upload import GOOD, HEAD, SHEET, workbook
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets import file_grid, read_upload, sandboxed_reader


def refusal(data: bytes, filename: str = "x.xlsx") -> str:
    with pytest.raises(Refused) as refused:
        read_upload(data, filename, SHEET)
    assert not isinstance(refused.value, BadRows)
    return refused.value.what


def rebuilt(change: Callable[[str, bytes], bytes | None], **more: bytes) -> bytes:
    """A correct workbook with each part passed through `change` (None drops it) and the parts `more` added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([HEAD, GOOD]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if (part := change(name, old.read(name))) is not None:
                new.writestr(name, part)
        for name, part in more.items():
            new.writestr(name, part)
    return out.getvalue()


def same(name: str, part: bytes) -> bytes:
    return part


def test_a_rebuilt_workbook_is_read() -> None:
    assert len(read_upload(rebuilt(same), "x.xlsx", SHEET)) == 1


def test_a_zip_bomb_is_refused_without_unpacking() -> None:
    assert (
        refusal(rebuilt(same, **{"xl/media/bomb.bin": bytes(50 * 2**20)}))
        == "文件压缩得不正常（展开后会大很多倍），拒绝打开"
    )


def test_many_small_zip_bombs_are_refused_by_their_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yangguang.sheets.zip_safety.MAX_UNPACKED", 2**20)
    data = rebuilt(same, **{f"xl/media/{n}.bin": os.urandom(2**18) for n in range(8)})

    assert refusal(data) == "文件展开后超过 1 MB，拒绝打开"


def test_thousands_of_parts_are_refused() -> None:
    assert refusal(rebuilt(same, **{f"xl/{n}.xml": b"" for n in range(600)})).startswith("文件内部有 6")


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("xl/vbaProject.bin", "文件里带有宏，拒绝打开"),
        ("xl/externalLinks/externalLink1.xml", "文件链接到了别的工作簿，拒绝打开"),
        ("xl/embeddings/oleObject1.bin", "文件里嵌入了别的文件，拒绝打开"),
        ("../../etc/passwd", "文件内部的路径不正常，拒绝打开"),
        ("XL/WORKBOOK.XML", "文件内部有同名部件，已损坏或被改动过"),
    ],
)
def test_macros_links_embedded_files_and_odd_paths_are_refused(part: str, sentence: str) -> None:
    assert refusal(rebuilt(same, **{part: b"x"})) == sentence


def test_an_encrypted_part_is_refused() -> None:
    data = bytearray(workbook([HEAD, GOOD]))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1

    assert refusal(bytes(data)) == "文件加了密码"


def test_an_old_and_an_encrypted_excel_file_are_refused_with_different_sentences() -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000)

    assert refusal(ole, "x.xls") == "这是旧版 Excel 文件（.xls）"
    assert refusal(ole + "EncryptedPackage".encode("utf-16-le")) == "文件加了密码"


@pytest.mark.parametrize("data", [b"%PDF-1.7 \n", b"\x89PNG\r\n", b"a\0b"])
def test_other_formats_are_refused_whatever_the_file_name(data: bytes) -> None:
    assert refusal(data, "x.csv") == "这不是 Excel 或 CSV 表格"


def test_a_text_under_another_name_is_refused() -> None:
    assert refusal("姓名".encode(), "x.docx") == "只收 Excel 工作簿（.xlsx）和 CSV 文件（.csv）"


def test_a_zip_that_is_not_a_workbook_is_refused() -> None:
    assert refusal(rebuilt(lambda name, part: None, **{"a.txt": b"x"})) == "这不是 Excel 工作簿（.xlsx）"


def test_a_truncated_file_is_refused() -> None:
    data = workbook([HEAD, GOOD])

    assert refusal(data[: len(data) // 2]) == "文件已损坏，打不开"


def test_a_file_over_the_size_limit_is_refused() -> None:
    assert refusal(b"a," * (11 * 2**20), "x.csv") == "文件超过 20 MB"


def test_an_unclosed_quote_is_refused_with_its_row() -> None:
    data = (",".join(HEAD) + '\r\nA1,"张三,3,2024-09-01,男\r\n').encode()

    assert refusal(data, "x.csv") == "第 2 行的引号或分隔符不对，读不下去"


def far_cell(reference: bytes) -> Callable[[str, bytes], bytes]:
    def change(name: str, part: bytes) -> bytes:
        last = b'<row r="1048576"><c r="' + reference + b'"><v>1</v></c></row></sheetData>'
        return part.replace(b"</sheetData>", last) if name == "xl/worksheets/sheet1.xml" else part

    return change


def test_one_cell_in_the_last_corner_does_not_allocate_seventeen_billion_cells() -> None:
    started = time.monotonic()

    assert refusal(rebuilt(far_cell(b"XFD1048576"))) in {"文件已损坏，或内容超出了读取限制", "表格超过 300 列"}
    assert time.monotonic() - started < 20


def test_an_xml_entity_that_names_a_file_is_not_resolved() -> None:
    def change(name: str, part: bytes) -> bytes:
        if name != "xl/sharedStrings.xml":
            return part
        doctype = b'<!DOCTYPE x [<!ENTITY leak SYSTEM "file:///etc/passwd">]><sst'
        return part.replace(b"<sst", doctype, 1).replace("张三".encode(), b"&leak;")

    try:
        answer = str(read_upload(rebuilt(change), "x.xlsx", SHEET))
    except Refused as refusal:
        answer = str(refusal)

    assert ("张三" in answer, "root:" in answer) == (False, False)


def test_a_parser_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_grid, "TIMEOUT", 0.001)

    assert refusal(workbook([HEAD, GOOD])) == "文件太复杂，0.001 秒内没有读完"


def test_the_parser_has_limited_memory_writes_no_files_and_sees_no_environment() -> None:
    probe = (
        "import os, resource, runpy, json;"
        f"limit = runpy.run_path({str(file_grid._READER)!r}, run_name='probe')['limit_resources']; limit();"
        "print(json.dumps([[resource.getrlimit(r)[0] for r in (resource.RLIMIT_AS, resource.RLIMIT_CPU,"
        " resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)], sorted(k for k in os.environ if k != 'LC_CTYPE')]))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", probe], capture_output=True, check=True, env={}, timeout=30)
    expected = [[sandboxed_reader.MEMORY, sandboxed_reader.CPU_SECONDS, 0, 0], []]

    assert json.loads(done.stdout) == expected


def test_the_limited_process_cannot_allocate_more_memory() -> None:
    probe = (
        f"import runpy; runpy.run_path({str(file_grid._READER)!r}, run_name='probe')['limit_resources']();"
        "bytearray(2 * 2**30)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", probe], capture_output=True, env={}, timeout=30, check=False)

    assert (done.returncode, b"MemoryError" in done.stderr) == (1, True)
