"""Rows of text as arrays: a province's input goes from bytes to columns without one object for each cell."""

from typing import Any

import numpy as np
import numpy.typing as npt

from yangguang.engine.jit import jit
from yangguang.engine.problem import Ints, Shorts

Text = npt.NDArray[np.uint8]
"""Bytes, as `np.frombuffer` gives them; cells are stretches of it, from `low` up to but not including `high`."""
TAB, LINE_END = 9, 10


def as_text(data: bytes | bytearray) -> Text:
    """Bytes as an array that the loops take, without a copy where it can be avoided."""
    return np.frombuffer(bytearray(data) if isinstance(data, bytes) else data, np.uint8)


def find_cells(text: Text, columns: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where the cells of tab-separated rows begin and end; every row ends with a line end.

    Returns:
        low and high, int64[columns, rows].
    Raises:
        ValueError: a row with another number of cells, or a last row without its end.
    """
    rows = _count(text, LINE_END)
    low, high = np.empty((columns, rows), np.int64), np.empty((columns, rows), np.int64)
    if (text[-1:] != LINE_END).any() or not _cells(text, low, high):
        raise ValueError(f"a row that does not have {columns} cells")
    return low, high


@jit
def _count(text: Text, byte: int) -> int:
    found = 0
    for at in range(len(text)):
        found += text[at] == byte
    return found


@jit
def _cells(text: Text, low: npt.NDArray[np.int64], high: npt.NDArray[np.int64]) -> bool:
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


def split_cells(text: Text, low: Ints, high: Ints, by: str) -> tuple[Ints, Ints, Ints]:
    """The parts of cells that hold lists; an empty cell has none.

    Returns:
        first: int64[rows + 1], parts of row i are first[i] … first[i+1]−1; and where the parts begin and end.
    """
    first = np.zeros(len(low) + 1, np.int64)
    _parts(text, low, high, ord(by), first)
    part_low, part_high = np.empty(first[-1], np.int64), np.empty(first[-1], np.int64)
    _split(text, low, high, ord(by), part_low, part_high)
    return first, part_low, part_high


@jit
def _parts(text: Text, low: Ints, high: Ints, by: int, first: Ints) -> None:
    for row in range(len(low)):
        count = 1 if low[row] < high[row] else 0
        for at in range(low[row], high[row]):
            count += text[at] == by
        first[row + 1] = first[row] + count


@jit
def _split(text: Text, low: Ints, high: Ints, by: int, part_low: Ints, part_high: Ints) -> None:
    part = 0
    for row in range(len(low)):
        if low[row] == high[row]:
            continue
        part_low[part] = low[row]
        for at in range(low[row], high[row]):
            if text[at] == by:
                part_high[part] = at
                part += 1
                part_low[part] = at + 1
        part_high[part] = high[row]
        part += 1


def read_integers(text: Text, low: Ints, high: Ints, missing: int = -1) -> Ints:
    """Numbers from 0 written in digits; `missing` where a cell is empty or COPY's NULL.

    Raises:
        ValueError: something else.
    """
    found = np.empty(len(low), np.int64)
    if not _integers(text, low, high, missing, found):
        raise ValueError("a cell that is not a number")
    return found


@jit
def _integers(text: Text, low: Ints, high: Ints, missing: int, found: Ints) -> bool:
    for cell in range(len(low)):
        start, end = low[cell], high[cell]
        if start == end or (end - start == 2 and text[start] == 92 and text[start + 1] == 78):
            found[cell] = missing
            continue
        if end - start > 18:
            return False
        value = np.int64(0)
        for at in range(start, end):
            digit = np.int64(text[at]) - 48
            if digit < 0 or digit > 9:
                return False
            value = value * 10 + digit
        found[cell] = value
    return True


def read_words(text: Text, low: Ints, high: Ints, width: int = 0) -> npt.NDArray[np.bytes_]:
    """Cells as fixed-width words that numpy can sort and search, S`width` or as wide as the widest."""
    width = max(1, width or int((high - low).max(initial=1)))
    found = np.zeros((len(low), width), np.uint8)
    _words(text, low, high, found)
    return found.view(f"S{width}").reshape(-1)


@jit
def _words(text: Text, low: Ints, high: Ints, found: npt.NDArray[np.uint8]) -> None:
    for cell in range(len(low)):
        for i in range(min(high[cell] - low[cell], found.shape[1])):
            found[cell, i] = text[low[cell] + i]


def number_distinct(text: Text, low: Ints, high: Ints) -> tuple[Shorts, list[str]]:
    """Number the different cells.

    Returns:
        int32[cells], and the text of each number; in the order in which they first occur.
    """
    numbers = np.empty(len(low), np.int32)
    known = np.empty(1 << 12, np.int32)
    while (count := _distinct(text, low, high, numbers, known)) < 0:
        known = np.empty(4 * len(known), np.int32)
    # A fresh number is one more than all before it: there, the running maximum rises.
    rises = np.flatnonzero(np.diff(np.maximum.accumulate(numbers), prepend=-1) > 0) if count else ()
    return numbers, [bytes(text[low[at] : high[at]]).decode() for at in rises]


@jit
def _distinct(text: Text, low: Ints, high: Ints, numbers: Shorts, known: Shorts) -> int:
    """A hash table of cells with open places; −1 when it is more than half full."""
    known[:] = -1
    mask = len(known) - 1
    count = 0
    for cell in range(len(low)):
        size = high[cell] - low[cell]
        mark = np.uint64(14695981039346656037)
        for at in range(low[cell], high[cell]):
            mark = (mark ^ np.uint64(text[at])) * np.uint64(1099511628211)
        place = np.int64((mark ^ (mark >> np.uint64(29))) & np.uint64(mask))
        while True:
            other = known[place]
            if other < 0:
                if 2 * count > mask:
                    return -1
                known[place] = cell
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


def read_digests(text: Text, low: Ints, high: Ints) -> npt.NDArray[np.uint8]:
    """Cells of 64 hexadecimal digits as bytes, uint8[cells, 32].

    Raises:
        ValueError: something else; then the order of the bytes would not be the order of the texts.
    """
    found = np.empty((len(low), 32), np.uint8)
    if not _digests(text, low, high, found):
        raise ValueError("a cell that is not 64 hexadecimal digits")
    return found


@jit
def _digests(text: Text, low: Ints, high: Ints, found: npt.NDArray[np.uint8]) -> bool:
    for cell in range(len(low)):
        if high[cell] - low[cell] != 64:
            return False
        for i in range(64):
            byte = np.int64(text[low[cell] + i])
            if 48 <= byte <= 57:
                digit = byte - 48
            elif 97 <= byte <= 102:
                digit = byte - 87
            else:
                return False
            if i % 2 == 0:
                found[cell, i // 2] = 16 * digit
            else:
                found[cell, i // 2] += digit
    return True


def join_texts(parts: list[str]) -> tuple[Text, Ints]:
    """Short texts in one buffer; part i is at border[i] … border[i+1]−1."""
    spelled: list[bytes] = [part.encode() for part in parts]
    border: npt.NDArray[Any] = np.concatenate([[0], np.cumsum([len(part) for part in spelled])])
    return as_text(b"".join(spelled)), border.astype(np.int64)
