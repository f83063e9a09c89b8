"""The frozen input of a run as one canonical text: anyone who has it can compute the list again. (R3.04, F-D2)

Tab-separated, without row ids, sorted by code and 报名号, so that equal input gives equal bytes. `input_columns` writes
and reads the applicants of a province as columns; `read_frozen` reads the same row by row:

    yangguang-run  1
    round          year  term  number  kind
    lottery        commitment
    programme      code  cap or "-"  stopped 0/1  sanction cap or "-"
    quota          programme code  code  seats  mode  priority  flows to or "-"  tie
    person         报名号  scores  draw  kinds of seats  locked 0/1  choices "code", "code:barred" or "code+bonus"

A bonus is the points of the programme's aptitude test; where there are none, the text has no sign of them.
"""

import zlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache

from yangguang.gateways.ciphers import sm3
from yangguang.models import AdmissionRun
from yangguang.rules.applicants.aptitude_tests import add_points, parse_choice
from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie
from yangguang.rules.runs.eligibility import DEDICATED
from yangguang.rules.runs.matching_types import Applicant, Choice

VERSION = "1"
NONE = "-"
PIECE = 1 << 22
"""Bytes that are packed at a time, on two cores."""


@dataclass(frozen=True, slots=True)
class FrozenProgramme:
    """One programme as it goes into the text."""

    code: str
    quotas: tuple[Quota, ...]
    cap: int | None
    stopped: bool
    sanction_cap: int | None


@dataclass(slots=True)
class Frozen:
    """The text read back: rows for `rules.runs.matching` and `rules.runs.verification`.

    Programmes are numbered from 1 in the order of their codes; `codes[n - 1]` is the code of programme n.
    """

    commitment: str = ""
    codes: list[str] = field(default_factory=list)
    seats: list[ProgrammeSeats] = field(default_factory=list)
    applicants: list[Applicant] = field(default_factory=list)
    stopped: set[int] = field(default_factory=set)
    capped: dict[int, int] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)
    dedicated: set[str] = field(default_factory=set)

    @property
    def special(self) -> dict[str, set[str]]:
        return {DEDICATED[0]: self.dedicated}


def format_head(round_row: tuple[object, ...], commitment: str, programmes: Iterable[FrozenProgramme]) -> bytes:
    """The text up to the first applicant.

    Args:
        round_row: year, term, number, kind.
    """
    rows = [("yangguang-run", VERSION), ("round", *round_row), ("lottery", commitment)]
    for one in sorted(programmes, key=lambda one: one.code):
        rows.append(("programme", one.code, _or_none(one.cap), int(one.stopped), _or_none(one.sanction_cap)))
        rows += [
            ("quota", one.code, q.code, q.seats, q.mode.value, q.priority, q.flows_to or NONE, q.tie.value)
            for q in sorted(one.quotas, key=lambda quota: quota.priority)
        ]
    return "".join("\t".join(map(str, row)) + "\n" for row in rows).encode()


def pack(plain: bytes | memoryview) -> tuple[bytes, str]:
    """The stored form (zlib, piece after piece) and the SM3 of the text in hex."""
    view = memoryview(plain)
    pieces = [view[at : at + PIECE] for at in range(0, len(view), PIECE)]
    with ThreadPoolExecutor(2) as pool:
        return b"".join(pool.map(lambda piece: zlib.compress(piece, 1), pieces)), sm3(view).hex()


def unpack(run: AdmissionRun) -> bytearray:
    """The bytes of the text of a run.

    Raises:
        ValueError: the run has none, or it is not the text whose hash is stored.
    """
    if run.snapshot is None:
        raise ValueError(f"run {run.pk} has no snapshot")
    plain, packed, opened = bytearray(), memoryview(run.snapshot), zlib.decompressobj()
    for at in range(0, len(packed), PIECE):
        rest = bytes(packed[at : at + PIECE])
        while rest:
            plain += opened.decompress(rest)
            rest = opened.unused_data
            if opened.eof:
                opened = zlib.decompressobj()
    if sm3(plain).hex() != run.input_hash:
        raise ValueError(f"the snapshot of run {run.pk} is not the one that was hashed")
    return plain


def read_frozen(text: str) -> Frozen:
    """The rows of a text; equal values share one object, which halves the memory of a provincial run."""
    frozen, numbers = Frozen(), dict[str, int]()
    quotas: dict[int, list[Quota]] = {}
    caps: dict[int, int | None] = {}
    people: list[list[str]] = []
    for row in text.splitlines():
        kind, *cells = row.split("\t")
        if kind == "person":
            people.append(cells)
        elif kind == "quota":
            quotas[numbers[cells[0]]].append(_quota(cells))
        elif kind == "programme":
            at = numbers[cells[0]] = len(numbers) + 1
            frozen.codes.append(cells[0])
            quotas[at], caps[at] = [], _number(cells[1])
            if cells[2] == "1":
                frozen.stopped.add(at)
            if (most := _number(cells[3])) is not None:
                frozen.capped[at] = most
        elif kind == "lottery":
            frozen.commitment = cells[0]
    frozen.seats = [ProgrammeSeats(at, tuple(rows), caps[at]) for at, rows in quotas.items()]
    _read_people(frozen, people, numbers)
    return frozen


def _read_people(frozen: Frozen, rows: list[list[str]], numbers: dict[str, int]) -> None:
    @cache
    def scores_of(text: str) -> tuple[int, ...]:
        return tuple(map(int, text.split(","))) if text else ()

    @cache
    def kinds_of(text: str) -> tuple[str, ...]:
        return tuple(text.split(","))

    @cache
    def choice_of(text: str) -> tuple[int, str | None, int]:
        code, barred, points = parse_choice(text)
        return numbers[code], barred, points

    for number, scores, drawn, kinds, locked, choices in rows:
        chosen = []
        for choice in choices.split(" "):
            programme, barred, points = choice_of(choice)
            # All choices of an applicant without a bonus share one score.
            score = add_points(scores_of(scores), points) if points else scores_of(scores)
            chosen.append(Choice(programme, score, drawn, kinds_of(kinds), barred))
        frozen.applicants.append(Applicant(number, tuple(chosen)))
        if locked == "1":
            frozen.locked.add(number)
        if kinds == DEDICATED[0]:
            frozen.dedicated.add(number)


def _quota(cells: list[str]) -> Quota:
    _, code, seats, mode, priority, flows, tie = cells
    return Quota(code, int(seats), Mode(mode), int(priority), None if flows == NONE else flows, Tie(tie))


def _number(cell: str) -> int | None:
    return None if cell == NONE else int(cell)


def _or_none(value: int | None) -> str:
    return NONE if value is None else str(value)
