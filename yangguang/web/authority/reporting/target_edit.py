"""Edit the targets a unit sets below it, in place; nothing is written unless the sum is exact. (F-G1)"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang.actions.reporting import targets as acts
from yangguang.actions.reporting.target_validation import BreakDown, spell_units, validate_break_down
from yangguang.models import Target
from yangguang.queries.reporting.targets import number_of, rows_of, version_of
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.free_text import check_length
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.reporting.targets import TargetRow
from yangguang.sheets.target_table import find_target_sheet
from yangguang.web.authority.base.layout import confirmation, page, unit_of, year_of
from yangguang.web.authority.reporting.completion_map import sector_of
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Effects, confirm, redirect_to, submitted_data
from yangguang.web.kit.displayed import DisplayedForm, read_displayed, whole_form_values

_TEXTS = {"source": "依据文件", "reason": "调整理由", "total": "新的总数"}
NEW_ROWS = 5
"""Empty rows on the page."""
_ROW = "target·"
"""Beginning of the field of a row in force; its label follows, which stays the same when a colleague saves."""


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    """The rows in force and a few empty ones; 保存 leads to the confirmation page."""
    parent, year = unit_of(request, Right.TASK_NUMBER_SET_CHILDREN), year_of(request)
    in_force = rows_of(parent, year, sector_of(request))
    break_down = BreakDown(parent, year, sector_of(request), ())
    if request.method != "POST":
        return _render_form(request, break_down, in_force, None, None)
    data = submitted_data(request)
    try:
        return _confirm(request, break_down, read_rows(data, in_force, _find_headings(year)), data)
    except Refused as refusal:
        return _render_form(request, break_down, in_force, data, refusal)


def _read_texts(data: QueryDict) -> tuple[str, str, int | None]:
    """The document, the reason, and the new total, None where it stays.

    Raises:
        Refused: no document, a text that is too long, or a total that is no number.
    """
    texts = ((data.get(name, "").strip(), label) for name, label in _TEXTS.items())
    source, reason, total = (check_length(text, 200, where=label) for text, label in texts)
    if not source:
        raise Refused("没有写明依据文件", now="请填写下达任务的文件名和文号")
    stated = read_number(total)
    if total and stated is None:
        what = f"新的总数写的是“{total[:20]}”"
        raise Refused(what, now="请填写0或正整数，不改总数就留空", where="新的总数")
    return source, reason, stated


def _confirm(request: Request, empty: BreakDown, rows: list[TargetRow], data: QueryDict) -> HttpResponse:
    """Validate the rows and show the confirmation page, or save them."""
    source, reason, stated = _read_texts(data)
    rows = spell_units(empty.parent, empty.sector, rows)
    break_down = replace(empty, rows=rows, stated=stated, reason=reason)
    what = f"{empty.parent.name}{empty.year}年的任务分解"
    effects = _effects(break_down, what)
    prepared = acts.set_children.prepare(
        by=request.actor,
        year=empty.year,
        parent=empty.parent,
        rows=rows,
        source=source,
        total=stated,
        reason=reason,
        seen=read_displayed(request, data).version,
    )
    back = _back(break_down)
    confirmation_page = confirmation(request, f"保存{what}？", "保存分解", effects, back)
    return confirm(request, prepared, lambda: confirmation_page, redirect_to(back))


def _back(break_down: BreakDown) -> str:
    return f"{reverse('authority:targets')}?year={break_down.year}&unit={break_down.parent.public_id}"


def _effects(break_down: BreakDown, what: str) -> Effects:
    """What saving does; raises as `validate_break_down`."""
    changes = validate_break_down(break_down)
    total, moved = break_down.total, changes.moved
    effects = [(f"{len(break_down.rows)} 行合计 {total:,} 人，成为{what}。", False)]
    if moved:
        change = f"总数由 {total - moved:,} 人改为 {total:,} 人（{moved:+,}）"
        effects.append((f"{change}，理由：{break_down.reason}。", True))
    for unit in changes.reopened:
        effects.append((f"{unit.name}自己的分解与新任务数不再相符，会被撤回，由它重新分解。", True))
    return [*effects, ("任务数是管理目标，不占用也不限制任何名额。", False)]


def read_number(text: str) -> int | None:
    """A number, also in full width and with thousands separators; None when it is not one."""
    digits = unicodedata.normalize("NFKC", text).strip().replace(",", "")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 9 else None


def _find_headings(year: int) -> dict[str, str]:
    """The headings of the target table of the year, by column."""
    return {col.key: col.header for col in find_target_sheet(year).columns}


def read_rows(data: QueryDict, in_force: Sequence[Target], headings: Mapping[str, str]) -> list[TargetRow]:
    """The rows of the page, each with its row number there; a row in force whose number was emptied is dropped.

    Raises:
        BadRows: every number that is none or missing, and every missing name, with its row.
    """
    typed = [(target.label, data.get(_field_of(target), "")) for target in in_force] + _list_new_rows(data)
    rows: list[TargetRow] = []
    faults = []
    for at, (name, text) in enumerate(typed, start=1):
        is_new = at > len(in_force)
        if not text.strip() and not (is_new and name):
            continue
        if not name:
            faults.append(
                Refused("写了任务数，没有写单位名称", now="请补上单位名称，或清空这一行", where=f"第 {at} 行")
            )
        elif (target := read_number(text)) is not None:
            rows.append(TargetRow(len(rows) + 1, name, target, at, (headings["unit"], headings["target"])))
        else:
            where = f"第 {at} 行·{name}"
            faults.append(Refused(f"任务数写的是“{text.strip()[:20]}”", now="请填写0或正整数", where=where))
    if faults:
        raise BadRows(f"有 {len(faults)} 处错误，什么都没有保存", faults, now="请改正后再保存")
    return rows


def _field_of(target: Target) -> str:
    return f"{_ROW}{target.label}"


def _list_new_rows(data: QueryDict) -> list[tuple[str, str]]:
    """Name and number of the rows that were typed as new ones."""
    count = sum(1 for name in data if name.startswith("name"))
    return [(data.get(f"name{n}", "").strip(), data.get(f"new{n}", "")) for n in range(count)]


def _typed_values(data: QueryDict) -> dict[str, str]:
    """What was typed, by label; a row without a number is dropped."""
    rows = [(name.removeprefix(_ROW), str(number)) for name, number in data.items() if name.startswith(_ROW)]
    typed = {name: number.strip() for name, number in [*rows, *_list_new_rows(data)] if name and number.strip()}
    return typed | {"依据文件": data.get("source", "").strip()}


def _stored(in_force: Sequence[Target]) -> DisplayedForm:
    """What the page shows of the break-down in force."""
    values = {target.label: str(target.number) for target in in_force}
    return DisplayedForm(version_of(in_force), values | {"依据文件": in_force[0].source if in_force else ""})


def _pad(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The rows with empty ones below, as many as a form offers."""
    return rows + [("", "")] * (NEW_ROWS - len(rows))


def _describe_table(break_down: BreakDown) -> dict[str, object]:
    return {
        "unit": break_down.parent,
        "year": break_down.year,
        "above": number_of(break_down.parent, break_down.year, break_down.sector),
        "headings": _find_headings(break_down.year),
        "back": _back(break_down),
    }


def _render_form(
    request: Request, break_down: BreakDown, in_force: list[Target], data: QueryDict | None, refusal: Refused | None
) -> HttpResponse:
    stored = {_field_of(target): str(target.number) for target in in_force}
    stored["source"] = in_force[0].source if in_force else ""
    typed: dict[str, str] = stored | {name: str(value) for name, value in (data or {}).items()}
    # A row that a colleague has removed since is offered as a new one.
    gone = [(name.removeprefix(_ROW), typed[name]) for name in typed if name.startswith(_ROW) and name not in stored]
    filled = [*gone, *(row for row in _list_new_rows(data or QueryDict()) if any(row))]
    values: dict[str, object] = _describe_table(break_down) | {
        "sum": sum(target.number for target in in_force),
        "rows": [(target, _field_of(target), typed[_field_of(target)]) for target in in_force],
        "new_rows": [(f"name{n}", f"new{n}", *row) for n, row in enumerate(_pad(filled))],
        "refusal": refusal,
        "again": request.get_full_path(),
        **{name: typed.get(name, "") for name in ("total", "reason", "source")},
    }
    values |= whole_form_values(request, _stored(in_force), data, lambda: _typed_values(data or QueryDict()), refusal)
    return page(request, "reporting/target_edit", values, status=refusal.status if refusal else 200)
