"""A sheet filled with rows: sums and rates checked, names masked, blanks filled, ready for any renderer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yangguang.rules.base.refusals import Refused
from yangguang.rules.reporting.targets import completion_rate, say_rate
from yangguang.sheets.cell_text import spaced
from yangguang.sheets.sheet import Col, Kind, Rate, Row, Sheet, Value


class DoesNotAddUp(Refused):
    """A total is not the sum of its parts, or a rate does not recompute; such a form never leaves."""

    code = "does_not_add_up"


@dataclass(frozen=True, slots=True)
class Filled:
    """What the renderers draw: rows with the keys of the columns, masked unless `fill` revealed them."""

    sheet: Sheet
    rows: tuple[Row, ...]
    total: Row | None
    annex: str
    title: str
    subtitle: str
    seal_line: str
    notes: tuple[str, ...]
    remarks: tuple[str, ...]
    mark: str

    @property
    def body(self) -> list[Row]:
        """All rows in printed order, the total row in its place."""
        if self.total is None or self.sheet.total is None:
            return list(self.rows)
        return [self.total, *self.rows] if self.sheet.total.first else [*self.rows, self.total]

    @property
    def foot(self) -> list[str]:
        """The lines below the table: the printed notes, then what is ours and says so."""
        ours = [f"统计口径（平台注）：{self.sheet.scope}"] if self.sheet.scope else []
        return [*self.notes, *ours, *self.remarks, *([f"校验码：{spaced(self.mark)}"] if self.mark else [])]


class _Blanks(dict[str, object]):
    """A blank nobody filled stays open on paper, to be written in by hand."""

    def __missing__(self, key: str) -> str:
        return "   "


def fill(
    sheet: Sheet,
    rows: Iterable[object],
    *,
    total: Mapping[str, Value] | None = None,
    remarks: Sequence[str] = (),
    mark: str = "",
    reveal: bool = False,
    **blanks: object,
) -> Filled:
    """Fill `sheet` with rows.

    Args:
        rows: dicts or objects with the columns' keys; computed columns may be left out.
        total: the total row as decided elsewhere (a target handed down from above); it must equal the rows.
            Left out, it is computed.
        remarks: lines printed after the notes, e.g. the correction of an earlier sealed month.
        mark: watermark or check code printed in the last line.
        reveal: leave personal data unmasked; only actions that hold an approval may ask for it.
        blanks: what stands for `{name}` in title, subtitle, annex, seal line and notes.

    Raises:
        DoesNotAddUp: a sum, a rate or the total row is wrong; the sentence says where and by how much.
    """
    done = [_row(sheet, row, f"第 {number} 行") for number, row in enumerate(rows, start=1)]
    top = _total(sheet, done, total, blanks)
    if not reveal:
        done = [_masked(sheet, row) for row in done]
    words = _Blanks(blanks)
    return Filled(
        sheet=sheet,
        rows=tuple(done),
        total=top,
        annex=sheet.annex.format_map(words),
        title=sheet.title.format_map(words),
        subtitle=sheet.subtitle.format_map(words),
        seal_line=sheet.seal_line.format_map(words),
        notes=tuple(note.format_map(words) for note in sheet.notes),
        remarks=tuple(remarks),
        mark=mark,
    )


def check_row(sheet: Sheet, row: Row, where: str, counted: Mapping[str, int | None] | None = None) -> None:
    """Fill in what `row` leaves to be computed; raise DoesNotAddUp when what it states is wrong."""
    for col in sheet.columns:
        if col.sum_of:
            _check_sum(sheet, col, row, where)
    for col in sheet.columns:
        if col.rate_of:
            _check_rate(col, col.rate_of, row, where, counted)


def _check_sum(sheet: Sheet, col: Col, row: Row, where: str) -> None:
    parts = [row.get(key) for key in col.sum_of]
    if all(part is None for part in parts) and row.get(col.key) is None:
        row[col.key] = None
        return
    found, stated = sum(part for part in parts if isinstance(part, int)), row.get(col.key, None)
    if stated is None:
        row[col.key] = found
    elif stated != found:
        names = "＋".join(sheet.column(key).header for key in col.sum_of)
        raise DoesNotAddUp(
            f"{col.header}写的是 {stated}，而{names}合计 {found}，相差 {abs(int(str(stated)) - found)}",
            now="请核对后再填",
            where=f"{where}·{col.header}",
        )


def _check_rate(col: Col, rate: Rate, row: Row, where: str, counted: Mapping[str, int | None] | None) -> None:
    stated = row.get(col.key)
    if rate.counted and stated is not None and counted is None:
        return  # An upload does not bring what its own rate was counted from; the sender answers for it.
    parts = [row.get(key) for key in rate.parts]
    if rate.counted and counted and counted.get(rate.counted) is not None:
        parts = [counted[rate.counted]]
    whole = row.get(rate.of)
    right = None
    if any(part is not None for part in parts):
        done = sum(part for part in parts if isinstance(part, int))
        right = say_rate(completion_rate(done, whole if isinstance(whole, int) else None))
    if stated is not None and stated != right:
        raise DoesNotAddUp(
            f"{col.header}写的是 {stated}，按表内数字应为 {right or '空'}",
            now="完成率由平台计算，可以留空",
            where=f"{where}·{col.header}",
        )
    row[col.key] = right


def _row(sheet: Sheet, source: object, where: str) -> Row:
    def pick(key: str, *, optional: bool) -> Any:
        if isinstance(source, Mapping):
            return source.get(key) if optional else source[key]
        return getattr(source, key, None) if optional else getattr(source, key)

    row: Row = {}
    for col in sheet.columns:
        value = pick(col.key, optional=col.is_computed)
        if col.kind in (Kind.TEXT, Kind.ID) and value is not None:
            value = str(value) or None
        row[col.key] = value
    rates = [col.rate_of for col in sheet.columns if col.rate_of and col.rate_of.counted]
    check_row(sheet, row, where, {rate.counted: pick(rate.counted, optional=True) for rate in rates})
    return row


def _masked(sheet: Sheet, row: Row) -> Row:
    out = dict(row)
    for col in sheet.columns:
        value = out[col.key]
        if col.masking and value is not None:
            out[col.key] = col.masking(str(value))
    return out


def _total(
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
        found = sum(value for row in rows if isinstance(value := row[key], int))
        wanted = (stated or {}).get(key, found)
        if wanted != found:
            raise DoesNotAddUp(
                f"{out[rule.label_key]}的{sheet.column(key).header}写的是 {wanted}，"
                f"而 {len(rows)} 行合计 {found}，相差 {abs(int(str(wanted)) - found)}",
                now="请核对各行与总数",
                where=f"{out[rule.label_key]}·{sheet.column(key).header}",
            )
        out[key] = found
    return out
