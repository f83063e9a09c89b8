"""How a value reads on paper; the one place where a value becomes text."""

from datetime import date

from yangguang.sheets.sheet import Col, Value


def shown(col: Col, value: Value) -> str:
    """The text of `value` in column `col`; an empty cell is the column's `empty`, never 0."""
    if value is None:
        return col.empty
    if isinstance(value, date):
        return value.strftime(col.format)
    return str(value)


def breadth(text: str) -> int:
    """The width of `text` in half characters: what is not ASCII counts two."""
    return sum(1 if ord(char) < 0x2000 else 2 for char in text)


def lines_needed(text: str, width: float) -> int:
    """How many lines `text` takes in a cell `width` half characters wide."""
    return sum(max(1, -(-breadth(line) // max(1, int(width)))) for line in text.split("\n"))


def spaced(code: str) -> str:
    """A digest in groups of eight, so that it breaks between groups and can be read out; other marks as they are."""
    if len(code) < 32 or not set(code) <= set("0123456789abcdef"):
        return code
    return " ".join(code[at : at + 8] for at in range(0, len(code), 8))
