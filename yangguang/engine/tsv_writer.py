"""Columns of cells as tab-separated text: the frozen applicants, the list that is hashed, the rows that are stored."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from yangguang.engine.jit import jit
from yangguang.engine.problem import Ints
from yangguang.engine.tsv_reader import Cells, Text, as_text


def pick_cells(texts: Sequence[str], numbers: npt.NDArray[np.integer], missing: str = "") -> Cells:
    """One cell for each number: the text with that number, `missing` for a number below 0."""
    encoded = [text.encode() for text in (*texts, missing)]
    border = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    numbers = np.where(numbers < 0, len(texts), numbers)
    return Cells(as_text(b"".join(encoded)), border[numbers], border[numbers + 1])


def spell_words(words: npt.NDArray[np.bytes_]) -> Cells:
    """One cell for each word of fixed width."""
    low = np.arange(len(words), dtype=np.int64) * words.itemsize
    return Cells(as_text(words.tobytes()), low, low + np.strings.str_len(words))


def spell_integers(values: npt.NDArray[np.integer], missing: str = "") -> Cells:
    """One cell for each number in decimal digits, `missing` for those below 0."""
    distinct, numbers = np.unique(values, return_inverse=True)
    texts = [missing if value < 0 else str(value) for value in distinct.tolist()]
    return pick_cells(texts, numbers.reshape(-1))


def spell_digests(digests: npt.NDArray[np.uint8]) -> Cells:
    """One cell for each row of bytes in lower-case hexadecimal digits."""
    border = np.arange(len(digests) + 1, dtype=np.int64) * (2 * digests.shape[1])
    return Cells(as_text(digests.tobytes().hex().encode()), border[:-1], border[1:])


def join_cells(parts: Cells, first: Ints, separator: str) -> Cells:
    """One cell a row: the parts first[row] … first[row+1]−1 with the separator between them."""
    text = write_rows([parts], [separator])
    border = np.concatenate([np.zeros(1, np.int64), np.cumsum(parts.high - parts.low + len(separator))])
    low = border[first[:-1]]
    return Cells(text, low, np.maximum(low, border[first[1:]] - len(separator)))


def write_rows(columns: Sequence[Cells], ends: Sequence[str], head: bytes | memoryview = b"") -> Text:
    """`head` and all rows: the cells of the columns, each followed by the ASCII text in `ends` of its column."""
    rows = len(columns[0].low)
    sizes = [cells.high - cells.low for cells in columns]
    lengths = np.stack([size + len(end) for size, end in zip(sizes, ends, strict=True)], axis=1)
    after = len(head) + np.cumsum(lengths).reshape(rows, len(columns))
    out = np.empty(len(head) + int(lengths.sum()), np.uint8)
    out[: len(head)] = np.frombuffer(head, np.uint8)
    for column, (cells, end) in enumerate(zip(columns, ends, strict=True)):
        starts = after[:, column] - lengths[:, column]
        _copy_cells(out, starts, cells)
        for i, byte in enumerate(end.encode()):
            out[starts + sizes[column] + i] = byte
    return out


@jit
def _copy_cells(out: Text, starts: Ints, cells: Cells) -> None:
    for cell in range(len(starts)):
        at, low = starts[cell], cells.low[cell]
        for i in range(cells.high[cell] - low):
            out[at + i] = cells.text[low + i]
