"""Tab-separated text as columns of cells, without one Python object a cell."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from yangguang.engine.jit import jit
from yangguang.engine.problem import Ints, Shorts

Text = npt.NDArray[np.uint8]
TAB, LINE_END = ord("\t"), ord("\n")


class Cells(NamedTuple):
    """Cells of one column: cell i is text[low[i]:high[i]]; `low` and `high` are int64[cells]."""

    text: Text
    low: Ints
    high: Ints

    def take(self, rows: npt.NDArray[np.generic]) -> "Cells":
        """The cells of these rows, given as a mask or as numbers."""
        return Cells(self.text, self.low[rows], self.high[rows])


def as_text(data: bytes | bytearray) -> Text:
    """Bytes as an array; a bytearray is not copied."""
    return np.frombuffer(bytearray(data) if isinstance(data, bytes) else data, np.uint8)


def find_cells(text: Text, columns: int) -> list[Cells]:
    """The columns of tab-separated rows; every row ends with a line end.

    Raises:
        ValueError: a row with another number of cells, or a last row without its end.
    """
    rows = int(np.count_nonzero(text == LINE_END))
    low, high = np.empty((columns, rows), np.int64), np.empty((columns, rows), np.int64)
    if (text[-1:] != LINE_END).any() or not _find_cells(text, low, high):
        raise ValueError(f"a row that does not have {columns} cells")
    return [Cells(text, low[column], high[column]) for column in range(columns)]


@jit
def _find_cells(text: Text, low: npt.NDArray[np.int64], high: npt.NDArray[np.int64]) -> bool:
    columns = len(low)
    row, column, start = 0, 0, 0
    for at in range(len(text)):
        byte = text[at]
        if byte in (TAB, LINE_END):
            if column == columns or (byte == LINE_END) != (column == columns - 1):
                return False
            low[column, row] = start
            high[column, row] = at
            start = at + 1
            column += 1
            if byte == LINE_END:
                row += 1
                column = 0
    return True


def split_cells(cells: Cells, separator: str) -> tuple[Ints, Cells]:
    """The parts of cells that hold lists; an empty cell has none.

    Returns:
        first, int64[cells + 1], and the parts: those of cell i are first[i] … first[i+1]−1.
    """
    first = np.zeros(len(cells.low) + 1, np.int64)
    _count_parts(cells, ord(separator), first)
    low, high = np.empty(first[-1], np.int64), np.empty(first[-1], np.int64)
    _split_cells(cells, ord(separator), low, high)
    return first, Cells(cells.text, low, high)


@jit
def _count_parts(cells: Cells, separator: int, first: Ints) -> None:
    for row in range(len(cells.low)):
        count = 1 if cells.low[row] < cells.high[row] else 0
        for at in range(cells.low[row], cells.high[row]):
            count += cells.text[at] == separator
        first[row + 1] = first[row] + count


@jit
def _split_cells(cells: Cells, separator: int, low: Ints, high: Ints) -> None:
    part = 0
    for row in range(len(cells.low)):
        if cells.low[row] == cells.high[row]:
            continue
        low[part] = cells.low[row]
        for at in range(cells.low[row], cells.high[row]):
            if cells.text[at] == separator:
                high[part] = at
                part += 1
                low[part] = at + 1
        high[part] = cells.high[row]
        part += 1


def read_integers(cells: Cells, missing: int = -1) -> Ints:
    """int64[cells]; digits as numbers from 0, `missing` where a cell is empty or COPY's NULL.

    Raises:
        ValueError: anything else.
    """
    values = np.empty(len(cells.low), np.int64)
    if not _read_integers(cells, missing, values):
        raise ValueError("a cell that is not a number")
    return values


@jit
def _read_integers(cells: Cells, missing: int, values: Ints) -> bool:
    text = cells.text
    for cell in range(len(cells.low)):
        start, end = cells.low[cell], cells.high[cell]
        if start == end or (end - start == 2 and text[start] == 92 and text[start + 1] == 78):
            values[cell] = missing
            continue
        if end - start > 18:
            return False
        value = np.int64(0)
        for at in range(start, end):
            digit = np.int64(text[at]) - 48
            if digit < 0 or digit > 9:
                return False
            value = value * 10 + digit
        values[cell] = value
    return True


def read_words(cells: Cells) -> npt.NDArray[np.bytes_]:
    """Cells as words of fixed width that numpy can sort and search, S… as wide as the widest."""
    width = max(1, int((cells.high - cells.low).max(initial=1)))
    words = np.zeros((len(cells.low), width), np.uint8)
    _read_words(cells, words)
    return words.view(f"S{width}").reshape(-1)


@jit
def _read_words(cells: Cells, words: npt.NDArray[np.uint8]) -> None:
    for cell in range(len(cells.low)):
        for i in range(cells.high[cell] - cells.low[cell]):
            words[cell, i] = cells.text[cells.low[cell] + i]


def number_distinct(cells: Cells) -> tuple[Shorts, list[str]]:
    """Number the different cells in the order in which they first occur.

    Returns:
        int32[cells], and the text of each number.
    """
    numbers = np.empty(len(cells.low), np.int32)
    table = np.empty(1 << 12, np.int32)
    while (count := _number_distinct(cells, numbers, table)) < 0:
        table = np.empty(4 * len(table), np.int32)
    # A new number is one more than all before it: there the running maximum rises.
    rises = np.flatnonzero(np.diff(np.maximum.accumulate(numbers), prepend=-1) > 0) if count else ()
    return numbers, [bytes(cells.text[cells.low[at] : cells.high[at]]).decode() for at in rises]


@jit
def _number_distinct(cells: Cells, numbers: Shorts, table: Shorts) -> int:
    """A hash table with open addressing; returns −1 when it is more than half full."""
    text, low, high = cells.text, cells.low, cells.high
    table[:] = -1
    mask = len(table) - 1
    count = 0
    for cell in range(len(low)):
        size = high[cell] - low[cell]
        mark = np.uint64(14695981039346656037)
        for at in range(low[cell], high[cell]):
            mark = (mark ^ np.uint64(text[at])) * np.uint64(1099511628211)
        place = np.int64((mark ^ (mark >> np.uint64(29))) & np.uint64(mask))
        while True:
            other = table[place]
            if other < 0:
                if 2 * count > mask:
                    return -1
                table[place] = cell
                numbers[cell] = count
                count += 1
                break
            same = high[other] - low[other] == size
            i = 0
            while same and i < size:
                same = text[low[other] + i] == text[low[cell] + i]
                i += 1
            if same:
                numbers[cell] = numbers[other]
                break
            place = (place + 1) & mask
    return count


def read_digests(cells: Cells) -> npt.NDArray[np.uint8]:
    """uint8[cells, 32]; cells of 64 lower-case hexadecimal digits as bytes, which sort as the texts do.

    Raises:
        ValueError: anything else.
    """
    digits = read_words(cells).tobytes()
    digests = bytes.fromhex(digits.decode("ascii", "replace"))
    if (cells.high - cells.low != 64).any() or digests.hex().encode() != digits:
        raise ValueError("a cell that is not 64 hexadecimal digits")
    return np.frombuffer(bytearray(digests), np.uint8).reshape(-1, 32)
