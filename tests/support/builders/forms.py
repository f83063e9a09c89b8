"""The forms that the platform ships, without a database."""

import json

from yangguang.reference import rows
from yangguang.rules.reporting.forms import read_report_form, read_target_form
from yangguang.sheets import Sheet
from yangguang.sheets.forms import build_report_sheet, build_target_sheet


def shipped_form(key: str, applies_to: str = "") -> dict[str, object]:
    """The value of the newest row of this key and scope."""
    values = [row["value"] for row in rows("policy_rules") if (row["key"], row["applies_to"]) == (key, applies_to)]
    form: dict[str, object] = json.loads(values[-1])
    return form


FORM_C, FORM_P = shipped_form("report.form", "层级=市级"), shipped_form("report.form", "层级=省级")
FORM_T = shipped_form("report.target_form")
FORM_C_SHEET: Sheet = build_report_sheet("form_c", read_report_form(FORM_C), "")
FORM_P_SHEET: Sheet = build_report_sheet("form_p", read_report_form(FORM_P), "")
FORM_T_SHEET: Sheet = build_target_sheet(read_target_form(FORM_T), "")
