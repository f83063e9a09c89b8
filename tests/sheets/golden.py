"""The printed annexes as transcribed from the notices, and the sheets that must reproduce them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.builders.forms import FORM_C_SHEET, FORM_P_SHEET, FORM_T_SHEET
from yangguang.sheets import FilledSheet, fill_sheet
from yangguang.sheets.target_table import fill_target_table

FOLDER = Path(__file__).resolve().parent.parent / "golden"
NAMES = ("form_c_2024", "form_p_2023", "form_t_2024")


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def target_lines() -> list[list[str]]:
    """Head, total row and the 33 rows of the 2024 table, as texts."""
    return read_csv((FOLDER / "form_t_2024.csv").read_bytes())


def target_rows() -> list[dict[str, Any]]:
    return [{"number": int(no), "unit": unit, "target": int(target)} for no, unit, target in target_lines()[2:]]


def golden(name: str) -> dict[str, Any]:
    """Cells, merged ranges, bordered range and csv lines of one annex."""
    paper: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    if name == "form_t_2024":
        paper["csv"] = target_lines()
        for line, texts in enumerate(target_lines(), start=3):
            for letter, text in zip("ABC", texts, strict=True):
                if text:
                    paper["cells"][f"{letter}{line}"] = int(text) if text.isdigit() else text
    return paper


def filled(name: str) -> FilledSheet:
    """The sheet of that annex, filled with what the transcription says was given."""
    if name == "form_t_2024":
        return fill_target_table(FORM_T_SHEET, target_rows(), parent="郑州市", year=2024, total=67686)
    given = golden(name)["given"]
    sheets = {"form_c_2024": FORM_C_SHEET, "form_p_2023": FORM_P_SHEET}
    return fill_sheet(sheets[name], **given)


def paper(data: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(data)).worksheets[0]
