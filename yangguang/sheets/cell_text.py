"""How a value reads on paper and in sentences; the one place where a value becomes text."""

from yangguang.sheets.sheet import Cell, Col, Value


def format_value(col: Col, value: Value) -> str:
    """The text of `value` in column `col`; an empty cell is the column's `empty`, never 0."""
    return col.empty if value is None else str(value)


def quote_cell(cell: Cell) -> str:
    """An uploaded cell for a sentence: 3.0 as 3, a boolean as 是 or 否, a text cut after 40 characters."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e16:
        return str(int(cell))
    text = str(cell)
    return text if len(text) <= 40 else text[:40] + "…"


def text_width(text: str) -> int:
    """The width of `text` in half characters: a character outside ASCII counts two."""
    return sum(1 if ord(char) < 0x2000 else 2 for char in text)


def count_lines(text: str, width: float) -> int:
    """How many lines `text` takes in a cell `width` half characters wide."""
    return sum(max(1, -(-text_width(part) // max(1, int(width)))) for part in text.split("\n"))


def group_digest(code: str) -> str:
    """A digest in groups of eight, so that it wraps between groups and can be read aloud; other text unchanged."""
    if len(code) < 32 or not set(code) <= set("0123456789abcdef"):
        return code
    return " ".join(code[at : at + 8] for at in range(0, len(code), 8))
