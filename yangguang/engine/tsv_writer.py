"""Columns as rows of text: the frozen people, the list that is hashed, and the rows that are stored.

Each loop writes into one buffer that is long enough (checked at every byte), and gives how far it came; the forms
are those that `queries.runs.input_format` and `actions.runs.phases` document.
"""

import numpy as np

from yangguang.engine.jit import jit_bounds_checked
from yangguang.engine.problem import Bits, Ints, Shorts
from yangguang.engine.tsv_reader import LINE_END, TAB, Text

COMMA, SPACE, DASH = ord(","), ord(" "), ord("-")
OPENED, CLOSED = ord("{"), ord("}")


@jit_bounds_checked
def put(out: Text, at: int, text: Text, low: int, high: int) -> int:
    for i in range(low, high):
        out[at] = text[i]
        at += 1
    return at


@jit_bounds_checked
def put_number(out: Text, at: int, value: int) -> int:
    size, rest = 1, value // 10
    while rest > 0:
        size += 1
        rest //= 10
    for i in range(size):
        out[at + size - 1 - i] = 48 + value % 10
        value //= 10
    return at + size


@jit_bounds_checked
def put_null(out: Text, at: int) -> int:
    out[at] = 92
    out[at + 1] = 78
    return at + 2


@jit_bounds_checked
def put_digest(out: Text, at: int, digest: Text) -> int:
    for i in range(len(digest)):
        high, low = np.int64(digest[i]) >> 4, np.int64(digest[i]) & 15
        out[at] = high + (48 if high < 10 else 87)
        out[at + 1] = low + (48 if low < 10 else 87)
        at += 2
    return at


@jit_bounds_checked
def write_applicants(
    out: Text,
    head: Text,
    text: Text,
    number_low: Ints,
    number_high: Ints,
    scores_low: Ints,
    scores_high: Ints,
    draws: Text,
    kinds: Shorts,
    locked: Bits,
    first: Ints,
    choice: Shorts,
    words: Text,
    border: Ints,
) -> int:
    """Rows "person  报名号  scores  draw  kinds  locked  choices"; a person whose choices all fell away has none.

    Args:
        head: "person".
        text: holds the numbers, and the scores as "{600,110}".
        draws: uint8[N, 32].
        kinds, choice: numbers of words; a choice below 0 falls away.
    """
    at = 0
    for i in range(len(number_low)):
        start, named = at, 0
        at = put(out, at, head, 0, len(head))
        out[at] = TAB
        at = put(out, at + 1, text, number_low[i], number_high[i])
        out[at] = TAB
        at = put(out, at + 1, text, scores_low[i] + 1, scores_high[i] - 1)
        out[at] = TAB
        at = put_digest(out, at + 1, draws[i])
        out[at] = TAB
        at = put(out, at + 1, words, border[kinds[i]], border[kinds[i] + 1])
        out[at] = TAB
        out[at + 1] = 49 if locked[i] else 48
        out[at + 2] = TAB
        at += 3
        for slot in range(first[i], first[i + 1]):
            if choice[slot] >= 0:
                if named > 0:
                    out[at] = SPACE
                    at += 1
                at = put(out, at, words, border[choice[slot]], border[choice[slot] + 1])
                named += 1
        if named == 0:
            at = start
        else:
            out[at] = LINE_END
            at += 1
    return at


@jit_bounds_checked
def write_result_list(
    out: Text,
    numbers: Text,
    choice: Shorts,
    quota: Shorts,
    first: Ints,
    line: Shorts,
    reason: Shorts,
    lines: Text,
    line_border: Ints,
    quotas: Text,
    quota_border: Ints,
    words: Text,
    border: Ints,
) -> int:
    """Rows "报名号  rank  line  quota  reason,reason": what the output hash is of.

    Args:
        numbers: uint8[N, width], filled up with zeros.
        lines, quotas, words: the spelling of each line, quota and reason.
    """
    at = 0
    for i in range(len(choice)):
        for byte in numbers[i]:
            if byte != 0:
                out[at] = byte
                at += 1
        out[at] = TAB
        at += 1
        if choice[i] < 0:
            for mark in (DASH, TAB, DASH, TAB, DASH):
                out[at] = mark
                at += 1
        else:
            at = put_number(out, at, choice[i] + 1)
            out[at] = TAB
            own = line[first[i] + choice[i]]
            at = put(out, at + 1, lines, line_border[own], line_border[own + 1])
            out[at] = TAB
            at = put(out, at + 1, quotas, quota_border[quota[i]], quota_border[quota[i] + 1])
        for slot in range(first[i], first[i + 1]):
            out[at] = TAB if slot == first[i] else COMMA
            at = put(out, at + 1, words, border[reason[slot]], border[reason[slot] + 1])
        out[at] = LINE_END
        at += 1
    return at


@jit_bounds_checked
def write_placements(
    out: Text,
    run: int,
    order: Ints,
    application: Ints,
    choice: Shorts,
    quota: Shorts,
    first: Ints,
    line: Shorts,
    reason: Shorts,
    place: Ints,
    line_id: Ints,
    quota_id: Ints,
    words: Text,
    border: Ints,
) -> int:
    """Rows for COPY in this order of persons: run, application, rank, line, quota, {lines}, {reasons}, {places}."""
    at = 0
    for i in order:
        at = put_number(out, at, run)
        out[at] = TAB
        at = put_number(out, at + 1, application[i])
        out[at] = TAB
        at += 1
        if choice[i] < 0:
            at = put_null(out, at)
            out[at] = TAB
            at = put_null(out, at + 1)
            out[at] = TAB
            at = put_null(out, at + 1)
        else:
            at = put_number(out, at, choice[i] + 1)
            out[at] = TAB
            at = put_number(out, at + 1, line_id[line[first[i] + choice[i]]])
            out[at] = TAB
            at = put_number(out, at + 1, quota_id[quota[i]])
        out[at] = TAB
        out[at + 1] = OPENED
        at += 2
        for slot in range(first[i], first[i + 1]):
            at = put_number(out, at, line_id[line[slot]])
            out[at] = COMMA
            at += 1
        out[at - 1] = CLOSED
        out[at] = TAB
        out[at + 1] = OPENED
        at += 2
        for slot in range(first[i], first[i + 1]):
            at = put(out, at, words, border[reason[slot]], border[reason[slot] + 1])
            out[at] = COMMA
            at += 1
        out[at - 1] = CLOSED
        out[at] = TAB
        out[at + 1] = OPENED
        at += 2
        for slot in range(first[i], first[i + 1]):
            if place[slot] > 0:
                at = put_number(out, at, place[slot])
            else:
                for mark in (78, 85, 76, 76):
                    out[at] = mark
                    at += 1
            out[at] = COMMA
            at += 1
        out[at - 1] = CLOSED
        out[at] = LINE_END
        at += 1
    return at


def allocate_text(rows: int, each: int, parts: int, longest: int, head: bytes = b"") -> Text:
    """A buffer for `head`, rows of at most `each` bytes and parts of at most `longest`; memory is taken as it fills."""
    out = np.empty(len(head) + rows * each + parts * longest, np.uint8)
    out[: len(head)] = np.frombuffer(head, np.uint8)
    return out
