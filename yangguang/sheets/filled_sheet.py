"""Fill a sheet with rows: sums and rates checked, names masked, blanks filled, ready for any renderer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from yangguang.rules.base.refusals import Refused
from yangguang.rules.reporting.targets import completion_rate, format_rate
from yangguang.sheets.cell_text import group_digest
from yangguang.sheets.sheet import Col, ColKind, Rate, Row, Sheet, Value


class TotalMismatch(Refused):
    """A total is not the sum of its parts, or a rate is not what its parts give; the form is not rendered."""

    code = "does_not_add_up"


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """The input of the renderers.

    Args:
        sheet: with its blanks filled.
        rows: with the keys of the columns, masked unless `fill_sheet` revealed them.
    """

    sheet: Sheet
    rows: list[Row]
    total: Row | None
    remarks: Sequence[str]
    mark: str

    @property
    def body(self) -> list[Row]:
        """All rows in printed order."""
        return self.rows if self.total is None else [self.total, *self.rows]

    @property
    def foot(self) -> list[str]:
        """The lines below the table: the printed notes, then those of the platform."""
        scope = [f"统计口径（平台注）：{self.sheet.scope}"] if self.sheet.scope else []
        mark = [f"校验码：{group_digest(self.mark)}"] if self.mark else []
        return [*self.sheet.notes, *scope, *self.remarks, *mark]


def fill_sheet(
    sheet: Sheet,
    rows: Iterable[object],
    *,
    total: Mapping[str, Value] | None = None,
    remarks: Sequence[str] = (),
    mark: str = "",
    reveal: bool = False,
    **blanks: object,
) -> FilledSheet:
    """Fill `sheet` with rows.

    Args:
        rows: dicts or objects with the columns' keys; computed columns may be left out.
        total: the total row as decided elsewhere (a target set by the level above); it must equal the sum of the
            rows. Left out, it is computed.
        remarks: lines printed after the notes, e.g. the correction of an earlier sealed month.
        mark: watermark or check code, printed below all other lines.
        reveal: leave personal data unmasked; only for an approved export.
        blanks: the value of `{name}` in title, subtitle, annex, seal label and notes.

    Raises:
        TotalMismatch: a sum, a rate or the total row is wrong, with the position and the difference.
    """
    complete = [_read_row(sheet, row, f"第 {number} 行") for number, row in enumerate(rows, start=1)]
    total_row = _add_up(sheet, complete, total, blanks)
    if not reveal:
        complete = [_mask_row(sheet, row) for row in complete]
    # A blank without a value stays empty on paper, to be written in by hand.
    values = defaultdict(lambda: "   ", {key: str(value) for key, value in blanks.items()})
    texts = {
        name: getattr(sheet, name).format_map(values) for name in ("annex", "title", "subtitle", "seal_label", "scope")
    }
    notes = [note.format_map(values) for note in sheet.notes]
    return FilledSheet(replace(sheet, notes=notes, **texts), complete, total_row, remarks, mark)


def complete_row(sheet: Sheet, row: Row, where: str, counted: Mapping[str, int | None] | None = None) -> None:
    """Compute the sums and rates `row` lacks, in place; raise TotalMismatch when one it states is wrong.

    Args:
        where: position of the row, for the sentence.
        counted: the persons in the scope of a rate (`Rate.counted`); None for an upload, which does not have them.
    """
    for col in sheet.columns:
        if col.sum_of:
            _check_sum(sheet, col, row, where)
    for col in sheet.columns:
        if col.rate_of:
            _check_rate(col, col.rate_of, row, where, counted)


def _check_sum(sheet: Sheet, col: Col, row: Row, where: str) -> None:
    numbers = [row.get(key) for key in col.sum_of]
    total, stated = sum(number for number in numbers if isinstance(number, int)), row.get(col.key)
    if stated is None:
        row[col.key] = None if all(number is None for number in numbers) else total
    elif stated != total:
        parts = "＋".join(sheet.column(key).header for key in col.sum_of)
        what = _state_difference(col.header, stated, parts, total)
        raise TotalMismatch(what, now="请核对后再填", where=f"{where}·{col.header}")


def _state_difference(name: str, stated: Value, parts: str, total: int) -> str:
    return f"{name}写的是 {stated}，而{parts}合计 {total}，相差 {abs(int(str(stated)) - total)}"


def _check_rate(col: Col, rate: Rate, row: Row, where: str, counted: Mapping[str, int | None] | None) -> None:
    stated = row.get(col.key)
    if counted is None and stated is not None:
        return  # An upload does not contain the persons its rate was computed from.
    done, whole = (counted or {}).get(rate.counted), row.get(rate.of)
    correct = None if done is None else format_rate(completion_rate(done, whole if isinstance(whole, int) else None))
    if stated is not None and stated != correct:
        what = f"{col.header}写的是 {stated}，按表内数字应为 {correct or '空'}"
        raise TotalMismatch(what, now="完成率由平台计算，可以留空", where=f"{where}·{col.header}")
    row[col.key] = correct


def _read_row(sheet: Sheet, source: object, where: str) -> Row:
    def pick(key: str, *, optional: bool) -> Any:
        if isinstance(source, Mapping):
            return source.get(key) if optional else source[key]
        return getattr(source, key, None) if optional else getattr(source, key)

    row: Row = {}
    for col in sheet.columns:
        value = pick(col.key, optional=col.is_computed)
        if col.kind in (ColKind.TEXT, ColKind.ID) and value is not None:
            value = str(value) or None
        row[col.key] = value
    rates = [col.rate_of for col in sheet.columns if col.rate_of]
    complete_row(sheet, row, where, {rate.counted: pick(rate.counted, optional=True) for rate in rates})
    return row


def _mask_row(sheet: Sheet, row: Row) -> Row:
    return row | {
        col.key: col.masking(str(value)) for col in sheet.columns if col.masking and (value := row[col.key]) is not None
    }


def _add_up(
    sheet: Sheet, rows: list[Row], stated: Mapping[str, Value] | None, blanks: Mapping[str, object]
) -> Row | None:
    rule = sheet.total
    if rule is None:
        if stated is not None:
            raise TypeError(f"{sheet.code} has no total row")
        return None
    out: Row = {col.key: None for col in sheet.columns}
    out[rule.label_key] = str((stated or {}).get(rule.label_key) or blanks.get("total_label") or "合计")
    for key in rule.sums:
        computed = sum(value for row in rows if isinstance(value := row[key], int))
        wanted = (stated or {}).get(key, computed)
        if wanted != computed:
            label, header = out[rule.label_key], sheet.column(key).header
            what = _state_difference(f"{label}的{header}", wanted, f" {len(rows)} 行", computed)
            raise TotalMismatch(what, now="请核对各行与总数", where=f"{label}·{header}")
        out[key] = computed
    return out
